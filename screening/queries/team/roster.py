"""The team as its lead sees it: who screens how, what they have in hand, and when they were last active.

How somebody decided is not part of it. The number of queries is the same for any number of people and records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count, Max
from django.utils import timezone

from audit.models.event import Event
from screening.enums import Assignment, Origin, Role, Stage
from screening.models.decision import Decision
from screening.models.pilot import PilotRound
from screening.models.reviewer import Reviewer
from screening.models.stage import Reservation, StageRule
from screening.queries.team.team import members

# Records still to be screened that are given to somebody who has not spoken.
GIVEN = """
SELECT person, s.stage, count(*) FROM screening_stagestate s, unnest(s.assigned) person
 WHERE s.review_id = %(review)s AND s.status IN ('unscreened', 'partial') AND NOT person = ANY(s.voters)
 GROUP BY person, s.stage
"""


@dataclass(frozen=True, slots=True)
class Person:
    """`given` is records that are theirs to screen, by stage, where they are given out by shares or in a pilot round.

    `screens`: has the role of reviewer, suspended or not. `why` is the reason of the suspension. `rounds` are the open
    pilot rounds that wait for them.
    """

    user: User
    roles: tuple[str, ...]
    settings: Reviewer
    in_hand: int
    given: Mapping[str, int]
    last: datetime | None
    why: str
    rounds: tuple[PilotRound, ...]

    @property
    def name(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    @property
    def role_labels(self) -> list[str]:
        return [Role(role).label for role in self.roles]

    @property
    def screens(self) -> bool:
        return Role.REVIEWER in self.roles

    @property
    def records(self) -> int:
        return sum(self.given.values())


def roster(review_id: int) -> list[Person]:
    """Everybody in the team, by user name. Seven queries."""
    settings = {row.user_id: row for row in Reviewer.objects.filter(review_id=review_id)}
    in_hand, last = _in_hand(review_id), _last(review_id)
    given, why = _given(review_id), _reasons(review_id)
    rounds = list(PilotRound.objects.filter(review_id=review_id, closed_at=None))
    return [
        Person(
            member.user,
            tuple(member.roles),
            settings.get(member.user.pk) or Reviewer(review_id=review_id, user=member.user),
            in_hand.get(member.user.pk, 0),
            given.get(member.user.pk, {}),
            last.get(member.user.pk),
            why.get(member.user.get_username(), ""),
            tuple(one for one in rounds if member.user.pk in one.reviewers),
        )
        for member in members(review_id)
    ]


def stages_by_share(review_id: int) -> list[str]:
    """The names of the stages where records are given out by shares."""
    rules = StageRule.objects.filter(review_id=review_id, assignment=Assignment.SHARES)
    return [Stage(stage).label.lower() for stage in rules.values_list("stage", flat=True)]


def _in_hand(review_id: int) -> dict[int, int]:
    held = Reservation.objects.filter(state__review_id=review_id, expires_at__gt=timezone.now())
    return dict(held.values_list("reviewer_id").annotate(n=Count("id")))


def _last(review_id: int) -> dict[int, datetime]:
    spoken = Decision.objects.filter(review_id=review_id).exclude(origin=Origin.IMPORTED).order_by()
    return dict(spoken.values_list("author_id").annotate(last=Max("created_at")))


def _given(review_id: int) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, {"review": review_id})
        for person, stage, n in cursor.fetchall():
            found.setdefault(person, {})[stage] = n
    return found


def _reasons(review_id: int) -> dict[str, str]:
    """User name -> why they were suspended the last time."""
    told: dict[str, Any] = {}
    events = Event.objects.filter(review_id=review_id, type="reviewer.suspended").order_by("id")
    for data, reason in events.values_list("data", "reason"):
        told[data["person"]] = reason
    return told
