"""What somebody said of a record before an amendment under which it is screened anew (SCR-09)."""

from typing import Any

from django.db.models import Q

from screening.enums import Origin, Verdict
from screening.models.decision import Decision
from screening.models.stage import StageState


def earlier_word(state: StageState, *, author_id: int) -> dict[str, Any] | None:
    """The author's last word as a reviewer that doesn't count any more: {verdict, reason, version}; None without one.

    `version` is 0 for a word from before the first version was written. Words on merged records are theirs too.
    """
    here = Q(record=state.record_id) | Q(record__merged_into=state.record_id)
    older = Q(protocol__isnull=True) | Q(protocol__number__lt=state.counts_from)
    said = Decision.objects.filter(here, older, stage=state.stage, author=author_id)
    said = said.exclude(origin__in=(Origin.ADJUDICATION, Origin.IMPORTED))
    word = said.select_related("protocol", "reason").order_by("-id").first()
    if word is None or word.verdict == Verdict.WITHDRAWN:
        return None
    return {
        "verdict": word.verdict,
        "reason": word.reason.text if word.reason else "",
        "version": word.protocol.number if word.protocol else 0,
    }
