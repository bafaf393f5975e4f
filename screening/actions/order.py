"""The order of the queue. Scores order it only where the mode allows that; elsewhere it stays random (AI-02)."""

from django.contrib.auth.models import User
from django.db import connection, transaction

from audit import events
from audit.actors import Actor
from screening.actions.stages import random_rank, rule_for
from screening.enums import Oversight, Stage
from screening.models.review import Review
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.visibility import mode_in_force

ORDERING = frozenset({Oversight.PRIORITISE, Oversight.ASSIST})
STORE = """
UPDATE screening_stagestate s SET rank = new.rank
  FROM unnest(%(ids)s::bigint[], %(ranks)s::float8[]) AS new(id, rank)
 WHERE s.id = new.id AND s.rank IS DISTINCT FROM new.rank
"""
PAGE = 5_000


@transaction.atomic
def order_by_suggestions(*, review: Review, stage: str, by: User | Actor) -> int:
    """Put likelier includes first in the modes `prioritise` and `assist`, else back into random order; ranks changed.

    A record without a score keeps its random place, so that what failed is met by people as early as anything.
    """
    mode = mode_in_force(rule_for(review, stage).oversight, ai_enabled=review.ai_enabled)
    scores = _scores(review, stage) if mode in ORDERING else {}
    changed = 0
    rows = StageState.objects.select_for_update(no_key=True).filter(review=review, stage=stage)
    places = list(rows.order_by("id").values_list("id", "record_id"))  # locked in the order of a recount: no deadlock
    for start in range(0, len(places), PAGE):
        page = places[start : start + PAGE]
        ranks = [_rank(review.pk, record_id, scores.get(record_id)) for _, record_id in page]
        with connection.cursor() as cursor:
            cursor.execute(STORE, {"ids": [pk for pk, _ in page], "ranks": ranks})
            changed += cursor.rowcount
    if changed:
        events.record(
            "queue.ordered", subject=review, by=by, review_id=review.pk, stage=stage, mode=str(mode), records=changed
        )
    return changed


def follow_mode(*, review: Review, by: User | Actor) -> None:
    """After a mode changed or AI was switched: give every stage the order that belongs to its mode."""
    for stage in Stage:
        order_by_suggestions(review=review, stage=stage, by=by)


def _scores(review: Review, stage: str) -> dict[int, float]:
    latest = Suggestion.objects.filter(review=review, stage=stage, score__isnull=False)
    latest = latest.order_by("record_id", "-id").distinct("record_id")
    return {pk: score for pk, score in latest.values_list("record_id", "score") if score is not None}


def _rank(review_id: int, record_id: int, score: float | None) -> float:
    """Lower comes first; equal scores stay in random order."""
    chance = random_rank(review_id, record_id)
    return chance if score is None else (1 - score) * 0.999_99 + chance * 0.000_01
