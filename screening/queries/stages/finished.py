"""Stages at which nothing waits for anybody, over all reviews."""

from django.db.models import Exists, OuterRef

from screening.enums import Stage, StageStatus
from screening.models.stage import StageRule, StageState

OPEN = (StageStatus.UNSCREENED, StageStatus.PARTIAL, StageStatus.CONFLICT)
SETTLED = (StageStatus.INCLUDED, StageStatus.EXCLUDED)


def finished_stages() -> set[tuple[int, str]]:
    """(review id, stage). One query, answered from the index of statuses however many records there are.

    Full text is not finished while title and abstract may still send records there.
    """
    here = StageState.objects.filter(review=OuterRef("review"), stage=OuterRef("stage"))
    rules = StageRule.objects.filter(Exists(here.filter(status__in=SETTLED)), ~Exists(here.filter(status__in=OPEN)))
    done = set(rules.values_list("review_id", "stage"))
    return {key for key in done if key[1] == Stage.TITLE_ABSTRACT or (key[0], str(Stage.TITLE_ABSTRACT)) in done}
