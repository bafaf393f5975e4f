"""Stages at which nothing waits for anybody, over all reviews or in one."""

from django.db.models import Exists, OuterRef

from screening.enums import Stage, StageStatus
from screening.models.stage import StageRule, StageState

OPEN = (StageStatus.UNSCREENED, StageStatus.PARTIAL, StageStatus.CONFLICT)
SETTLED = (StageStatus.INCLUDED, StageStatus.EXCLUDED)


def finished_stages(review_id: int | None = None) -> set[tuple[int, str]]:
    """(review id, stage), of all reviews or of one. One query, however many records there are (it reads an index).

    Full text is not finished while title and abstract may still send records there.
    """
    here = StageState.objects.filter(review=OuterRef("review"), stage=OuterRef("stage"))
    rules = StageRule.objects.filter(Exists(here.filter(status__in=SETTLED)), ~Exists(here.filter(status__in=OPEN)))
    if review_id is not None:
        rules = rules.filter(review=review_id)
    done = set(rules.values_list("review_id", "stage"))
    return _in_turn(done)


def finished_at(review_id: int) -> set[str]:
    """The stages of a review that are finished. One query."""
    return {stage for _, stage in finished_stages(review_id)}


def _in_turn(done: set[tuple[int, str]]) -> set[tuple[int, str]]:
    return {key for key in done if key[1] == Stage.TITLE_ABSTRACT or (key[0], str(Stage.TITLE_ABSTRACT)) in done}
