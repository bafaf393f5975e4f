"""What the clock tells: computed from the rows as they stand, so that no decision waits for it (law 3).

Each part compares what is so now with what each person's latest row `told` of; only the difference is news. Rung twice,
or killed half-way, nothing is told twice. Compared are names of things, never times: no clock that jumps hides any.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from screening.actions import notices
from screening.enums import NotificationKind, Role, Stage, StageStatus
from screening.models.notification import Notification
from screening.models.review import Membership
from screening.models.stage import StageRule, StageState
from screening.queries.stages.conflicts import why_barred
from screening.queries.stages.finished import finished_stages
from screening.queries.telling.alerts import Alert, alerts
from screening.queries.telling.recipients import teams
from screening.running.claims import LOCKS

ONE_AT_A_TIME = f"SELECT pg_try_advisory_xact_lock({LOCKS - 2})"
Key = tuple[int, int, str]  # user, review, stage


def look() -> dict[str, int]:
    """What is cheap enough for every minute; how many people were told of each kind."""
    return {"conflict": conflicts(), "finished": finished()}


@transaction.atomic
def conflicts() -> int:
    """Adjudicators are told how many conflicts wait for them; not on which records, and not who said what."""
    if not _alone():
        return 0
    waiting = _conflicts_of_adjudicators()
    return _compare(NotificationKind.CONFLICT, {key: (states, [{}]) for key, states in waiting.items()})


@transaction.atomic
def finished() -> int:
    """Leads are told that nothing at a stage waits for anybody."""
    if not _alone():
        return 0
    stages = finished_stages()
    people = teams({review_id for review_id, _ in stages})
    now: dict[Key, tuple[Collection[str], list[dict[str, Any]]]] = {
        (user_id, review_id, stage): ({"finished"}, [{}])
        for review_id, stage in stages
        for user_id, roles in people[review_id].items()
        if Role.LEAD in roles
    }
    return _compare(NotificationKind.FINISHED, now)


@transaction.atomic
def warn() -> int:
    """Leads are told of what they must act on: runs that failed, and the warnings of the progress page."""
    if not _alone():
        return 0
    found = alerts()
    people = teams(found.keys())
    now: dict[Key, tuple[Collection[str], list[dict[str, Any]]]] = {
        (user_id, review_id, ""): ({alert.name for alert in here}, _facts(here))
        for review_id, here in found.items()
        for user_id, roles in people[review_id].items()
        if Role.LEAD in roles
    }
    return _compare(NotificationKind.ALERT, now)


def _facts(found: Iterable[Alert]) -> list[dict[str, Any]]:
    return [{"sentence": alert.sentence, "url": alert.url} for alert in found]


def _conflicts_of_adjudicators() -> dict[Key, set[str]]:
    """For each adjudicator, the places in conflict that they may settle. Review and stage are named for the index."""
    judged = set(Membership.objects.filter(role=Role.ADJUDICATOR).values_list("review_id", flat=True))
    rows = StageState.objects.filter(review__in=judged, stage__in=Stage.values, status=StageStatus.CONFLICT)
    states = list(rows.values_list("id", "review_id", "stage", "voters"))
    reviews = {review_id for _, review_id, _, _ in states}
    people = teams(reviews)
    rules = {(rule.review_id, rule.stage): rule for rule in StageRule.objects.filter(review__in=reviews)}
    waiting: dict[Key, set[str]] = defaultdict(set)
    for state_id, review_id, stage, voters in states:
        for user_id, roles in people[review_id].items():
            may = Role.ADJUDICATOR in roles
            if may and not why_barred(rules[review_id, stage], user_id, voted=user_id in voters):
                waiting[user_id, review_id, stage].add(str(state_id))
    return waiting


def _compare(kind: NotificationKind, now: dict[Key, tuple[Collection[str], list[dict[str, Any]]]]) -> int:
    """Tell of what is not told of yet; keep unread rows true; close those of which nothing is left."""
    latest = _latest(kind)
    told = 0
    for key, (names, facts) in now.items():
        row = latest.pop(key, None)
        if set(names) - set(row.told if row else ()):
            user_id, review_id, stage = key
            told += notices.tell(
                review_id=review_id,
                user_ids=[user_id],
                kind=kind,
                stage=stage,
                facts=facts,
                count=len(names),
                told=names,
            )
        elif row and (len(names) != len(row.told) or (row.read_at is None and _facts_of(row) != facts)):
            _keep_true(row, names, facts)
    for row in latest.values():
        _nothing_left(row)
    return told


def _latest(kind: NotificationKind) -> dict[Key, Notification]:
    """The latest row of each person, review and stage that still says anything."""
    rows = Notification.objects.filter(kind=kind).order_by("user_id", "review_id", "stage", "-id")
    found = rows.distinct("user_id", "review_id", "stage")
    return {(row.user_id, row.review_id, row.stage): row for row in found if row.told or not row.read_at}


def _keep_true(row: Notification, names: Collection[str], facts: list[dict[str, Any]]) -> None:
    """Less is left than was told: no news, so nothing gets fresh; what comes back later is news."""
    row.told = sorted(names)
    if row.read_at is None:
        row.count, row.data = len(names), {"facts": facts}
    row.save(update_fields=["told", "count", "data"])


def _facts_of(row: Notification) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = row.data["facts"]
    return facts


def _nothing_left(row: Notification) -> None:
    """It was so when it was told, and a person who looks at it later is told that it no longer is."""
    if row.read_at is None:
        row.read_at, row.data = timezone.now(), row.data | {"over": True}
    row.told = []
    row.save(update_fields=["told", "read_at", "data"])


def _alone() -> bool:
    """Whether nobody else computes just now: two would each see the other's news as theirs."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        return bool(cursor.fetchone()[0])
