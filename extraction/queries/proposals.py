"""What assistants propose for the cells of a study. Who may see it, and when, is `visibility`'s to say (EXT-05)."""

from collections.abc import Collection, Iterable, Mapping

from extraction.models.form import Form
from extraction.models.proposal import Proposal
from extraction.visibility import sees_proposal
from screening.models.study import Study

MOST_BESIDE = 50  # a model that answers for groups that aren't there does so for many


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


def beside_seen(study: Study, form: Form, *, modes: Mapping[str, str], roles: Collection[str]) -> list[Proposal]:
    """Those of `beside` that these roles may see without an own entry, newest first, MOST_BESIDE at most. One query.

    `modes`: by field, when its proposals are shown. Of a field that the form doesn't have, the strictest counts. No own
    entry opens them: nobody can say which cell they would be of.
    """
    strictest = all(sees_proposal(mode=mode, roles=roles, spoken=False) for mode in modes.values())
    open_ = {key: sees_proposal(mode=mode, roles=roles, spoken=False) for key, mode in modes.items()}
    if not any(open_.values()):
        return []
    found = Proposal.objects.filter(study=study, form_version__form=form, cell="")
    rows = found.select_related("assistant").order_by("-id")
    return [one for one in rows[: 4 * MOST_BESIDE] if open_.get(one.field_key, strictest)][:MOST_BESIDE]


def stands(proposal: Proposal) -> bool:
    """Whether its quote is in the document, its number is in its quote, and the field could read it."""
    if proposal.state != "reported":
        return True
    return proposal.quote_found and proposal.number_found and "not_readable" not in proposal.flags


def _best_first(newest_first: Iterable[Proposal]) -> list[Proposal]:
    return sorted(newest_first, key=stands, reverse=True)  # a stable sort: newest first among equals
