"""What assistants propose for the cells of a study. Who may see it, and when, is `visibility`'s to say (EXT-05)."""

from collections.abc import Collection, Iterable

from extraction.models.form import Form
from extraction.models.proposal import Proposal
from screening.models.study import Study


def offered(study: Study, form: Form) -> dict[str, Proposal]:
    """Cell key -> the proposal that is offered for it, of any version of the form. One query.

    The newest whose quote stands in the document and whose number stands in the quote; where there is none such, the
    newest. What named an arm or outcome that the study doesn't have has no cell and is never among them.
    """
    return {cell: proposal for (_, cell), proposal in offered_for([study.pk], form.pk).items()}


def offered_for(study_ids: Collection[int], form_id: int) -> dict[tuple[int, str], Proposal]:
    """(study, cell key) -> the proposal that is offered, for many studies at once. One query."""
    of_form = Proposal.objects.filter(study_id__in=study_ids, form_version__form_id=form_id).exclude(cell="")
    chosen: dict[tuple[int, str], Proposal] = {}
    for proposal in _best_first(of_form.select_related("assistant", "document").order_by("-id")):
        chosen.setdefault((proposal.study_id, proposal.cell), proposal)
    return chosen


def beside(study: Study, form: Form) -> list[Proposal]:
    """Proposals of a study that belong to no cell: an arm, outcome or field that isn't there, or said twice."""
    return list(
        Proposal.objects.filter(study=study, form_version__form=form, cell="")
        .select_related("assistant", "document")
        .order_by("-id")
    )


def stands(proposal: Proposal) -> bool:
    """Whether its quote is in the document, its number is in its quote, and the field could read it."""
    if proposal.state != "reported":
        return True
    return proposal.quote_found and proposal.number_found and "not_readable" not in proposal.flags


def _best_first(newest_first: Iterable[Proposal]) -> list[Proposal]:
    return sorted(newest_first, key=stands, reverse=True)  # a stable sort: newest first among equals
