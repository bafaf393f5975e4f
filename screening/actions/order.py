"""The order of the queue (SCR-10). Scores order it only where the mode allows that; else it stays random (AI-02)."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import connection, transaction

from audit import events
from audit.actors import Actor
from reviewapp.deadlocks import begun_again
from screening.actions.ranks import rank
from screening.actions.rulebook import in_open_round
from screening.actions.stages import rule_for
from screening.enums import Oversight, QueueOrder
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.models.suggestion import Suggestion
from screening.visibility import mode_in_force

ORDERING = frozenset({Oversight.PRIORITISE, Oversight.ASSIST})
STORE = """
UPDATE screening_stagestate s SET rank = new.rank
  FROM unnest(%(ids)s::bigint[], %(ranks)s::float8[]) AS new(id, rank)
 WHERE s.id = new.id AND s.rank IS DISTINCT FROM new.rank
"""
PAGE = 5_000


@begun_again
@transaction.atomic
def order_by_suggestions(*, review: Review, stage: str, by: User | Actor) -> int:
    """Give every place the rank of the stage's order; ranks changed. Open pilot rounds come first.

    Likelier includes come first where the order is by relevance and the mode is `prioritise` or `assist`.
    """
    rule = rule_for(review, stage)
    mode = mode_in_force(rule.oversight, ai_enabled=review.ai_enabled)
    changed = put_in_order(rule, mode)
    if changed:
        events.record(
            "queue.ordered",
            subject=review,
            by=by,
            review_id=review.pk,
            stage=stage,
            mode=str(mode),
            order=rule.queue_order,
            records=changed,
        )
    return changed


def put_in_order(rule: StageRule, mode: str, record_ids: Collection[int] | None = None) -> int:
    """Give every place of a stage, or those of these records, the rank of the rule; ranks changed."""
    by_score = mode in ORDERING and rule.queue_order == QueueOrder.RELEVANCE
    scores, changed = _scores(rule, record_ids) if by_score else {}, 0
    rows = StageState.objects.select_for_update(no_key=True, of=("self",))
    rows = rows.filter(review=rule.review_id, stage=rule.stage)
    if record_ids is not None:
        rows = rows.filter(record__in=record_ids)
    rows = rows.select_related("record", "pilot").only(
        "record__review_id", "record__year", "record__title", "pilot__closed_at"
    )
    places = list(rows.order_by("id"))  # locked in the order of a recount: no deadlock
    for start in range(0, len(places), PAGE):
        page = places[start : start + PAGE]
        ranks = [
            rank(rule.queue_order, place.record, score=scores.get(place.record_id), piloted=in_open_round(place))
            for place in page
        ]
        with connection.cursor() as cursor:
            cursor.execute(STORE, {"ids": [place.pk for place in page], "ranks": ranks})
            changed += cursor.rowcount
    return changed


def _scores(rule: StageRule, record_ids: Collection[int] | None) -> dict[int, float]:
    latest = Suggestion.objects.standing().filter(review=rule.review_id, stage=rule.stage, score__isnull=False)
    if record_ids is not None:
        latest = latest.filter(record__in=record_ids)
    latest = latest.order_by("record_id", "-id").distinct("record_id")
    return {pk: score for pk, score in latest.values_list("record_id", "score") if score is not None}
