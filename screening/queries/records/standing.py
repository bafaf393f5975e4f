"""Records by where they stand at a stage, and with whom: the part of a list's filter that is about people."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from screening.enums import Stage, StageStatus, Verdict
from screening.models.review import Review
from screening.models.stage import StageState
from screening.queries.stages import imported
from screening.visibility import UNSETTLED, elsewhere_over

if TYPE_CHECKING:
    from screening.queries.records.records import Eyes, Wanted

ASKED_OF_A_STAGE = (
    "status", "screened_by", "waits_for", "mine", "waived", "since", "changed_from", "in_hand", "pilot",
    "elsewhere",
)  # fmt: skip
QUEUED = (StageStatus.UNSCREENED, StageStatus.PARTIAL)
WAITS = {
    "me": "me",
    "anybody": "anybody: a second opinion that is nobody's",
    "second": "a second opinion",
    "senior": "a senior reviewer",
}
MINE = {
    "open": "Waits for my decision",
    "decided": "Decided by me",
    Verdict.INCLUDE.value: "Included by me",
    Verdict.MAYBE.value: "Marked as maybe by me",
    Verdict.EXCLUDE.value: "Excluded by me",
}
AGES = {
    "day": "less than a day",
    "3days": "one to three days",
    "week": "three to seven days",
    "older": "more than seven days",
}
_DAYS = {"day": (0, 1), "3days": (1, 3), "week": (3, 7), "older": (7, None)}


def places(review: Review, wanted: Wanted, eyes: Eyes) -> QuerySet[StageState] | None:
    """Where the records asked for stand; None where the filter asks nothing of a stage."""
    if not wanted.stage and not any(getattr(wanted, name) for name in ASKED_OF_A_STAGE):
        return None
    user_id = eyes.user_id
    stage = wanted.stage or Stage.TITLE_ABSTRACT
    at = StageState.objects.filter(review=review, stage=stage).exclude(status=StageStatus.INACTIVE)
    if wanted.status:
        at = at.filter(status=wanted.status)
    if wanted.screened_by is not None:
        at = at.filter(voters__contains=[wanted.screened_by])
    if wanted.waits_for:
        at = at.filter(_waiting(wanted.waits_for, user_id))
    if wanted.mine:
        at = at.filter(_mine(review, stage, wanted.mine, user_id))
    if wanted.waived:
        at = at.filter(waived=True)
    if wanted.since:
        at = at.filter(_since(wanted.since))
    if wanted.changed_from is not None:
        at = at.filter(changed_at__date__gte=wanted.changed_from)
    return _just_now(at, wanted, eyes)


def _just_now(at: QuerySet[StageState], wanted: Wanted, eyes: Eyes) -> QuerySet[StageState]:
    """By who has a record in hand, and by whether it was decided on here or elsewhere."""
    if wanted.elsewhere:
        at = at.filter(imported.asked(wanted.elsewhere), status__in=elsewhere_over(eyes.roles))
    if wanted.in_hand:
        at = at.filter(reservations__expires_at__gt=timezone.now())
    return at.filter(pilot__isnull=False, pilot__closed_at__isnull=True) if wanted.pilot == "open" else at


def _waiting(whom: str, user_id: int) -> Q:
    """Records that somebody is to give an opinion on; who has given one is not waited for."""
    if whom == "anybody":
        return Q(status=StageStatus.PARTIAL, assigned=[])
    if whom == "second":
        in_round = Q(pilot__isnull=False, pilot__closed_at__isnull=True)
        return Q(status=StageStatus.PARTIAL, senior_missing=False) & ~in_round
    if whom == "senior":
        return Q(status__in=QUEUED, senior_missing=True)
    person = user_id if whom == "me" else int(whom)
    theirs = Q(assigned__contains=[person]) | (Q(assigned=[]) if whom == "me" else Q())
    return Q(status__in=QUEUED) & ~Q(voters__contains=[person]) & theirs


def _mine(review: Review, stage: str, asked: str, user_id: int) -> Q:
    voted = Q(voters__contains=[user_id])
    if asked == "open":
        return Q(status__in=UNSETTLED) & ~voted
    if asked == "decided":
        return voted
    return voted & Q(record__in=RawSQL(SAID, [review.pk, stage, user_id, asked]))  # noqa: S611 (a constant)


# Roots on which this person's last word as a reviewer is a verdict; words on what was merged into a record are of it.
SAID = """
SELECT root FROM (
    SELECT DISTINCT ON (root) COALESCE(r.merged_into_id, r.id) AS root, d.verdict
      FROM screening_decision d JOIN screening_record r ON r.id = d.record_id
     WHERE d.review_id = %s AND d.stage = %s AND d.author_id = %s AND d.origin NOT IN ('adjudication', 'imported')
     ORDER BY root, d.id DESC) AS last
 WHERE verdict = %s
"""


def _since(age: str) -> Q:
    least, most = _DAYS[age]
    now = timezone.now()
    asked = Q(status=StageStatus.CONFLICT, changed_at__lte=now - timedelta(days=least))
    return asked & Q(changed_at__gt=now - timedelta(days=most)) if most is not None else asked
