"""The order of the queue (SCR-10). Scores order it only where the mode allows that; else it stays random (AI-02)."""

from django.contrib.auth.models import User
from django.db import connection, transaction

from audit import events
from audit.actors import Actor
from screening.actions.ranks import rank
from screening.actions.rulebook import in_open_round
from screening.actions.stages import rule_for
from screening.enums import Oversight, QueueOrder, Stage
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
    """Give every place the rank of the stage's order; ranks changed. Open pilot rounds come first.

    Likelier includes come first where the order is by relevance and the mode is `prioritise` or `assist`.
    """
    rule = rule_for(review, stage)
    mode = mode_in_force(rule.oversight, ai_enabled=review.ai_enabled)
    scores = _scores(review, stage) if mode in ORDERING and rule.queue_order == QueueOrder.RELEVANCE else {}
    changed = 0
    rows = StageState.objects.select_for_update(no_key=True, of=("self",)).filter(review=review, stage=stage)
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


def follow_mode(*, review: Review, by: User | Actor) -> None:
    """After a mode changed or AI was switched: give every stage the order that belongs to its mode."""
    for stage in Stage:
        order_by_suggestions(review=review, stage=stage, by=by)


def _scores(review: Review, stage: str) -> dict[int, float]:
    latest = Suggestion.objects.filter(review=review, stage=stage, score__isnull=False)
    latest = latest.order_by("record_id", "-id").distinct("record_id")
    return {pk: score for pk, score in latest.values_list("record_id", "score") if score is not None}
