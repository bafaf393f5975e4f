"""What a value owes to a proposal: which one may be cited, and whether it was taken as it stands (EXT-05, AI-11)."""

from extraction.actions.asking import Asked, ValueRefusedError, read
from extraction.enums import Capacity, Manner, OverrideReason, ProposalMode, ValueState
from extraction.fields import FieldSpec, Parsed
from extraction.models.proposal import Proposal
from extraction.models.value import Value
from extraction.policies import parsed, same_for
from extraction.queries.proposals import stands
from extraction.queries.rules import modes_of, rule_of
from extraction.visibility import sees_proposal
from screening.enums import Role
from screening.models.study import Study


class NeedsConfirmingError(ValueRefusedError):
    """The proposal can be accepted, but only with a second look (EXT-04); the message says at what."""


def cited(citing_id: int | None, study: Study, asked: Asked, *, spoken: bool, capacity: str) -> Proposal | None:
    """The proposal that is cited. Raises ValueRefusedError for one that its author may not have seen.

    In blind-first cells nothing is seen before an own word. Who settles a cell sees what is proposed for it, and what
    the extractors' words rest on, whatever the mode has become since.
    """
    if citing_id is None:
        return None
    if not _may_be_seen(citing_id, study, asked, spoken=spoken, capacity=capacity):
        raise ValueRefusedError(
            "A proposal that is not shown before your own entry can't be cited. Nothing was stored."
        )
    of_form = Proposal.objects.filter(form_version__form__versions=asked.version_id)
    proposal = of_form.filter(pk=citing_id, study=study, cell=asked.cell).first()
    if proposal is None:
        raise ValueRefusedError("The proposal that was cited is not one for this cell.")
    return proposal


def manner_of(spec: FieldSpec, said: Parsed | None, proposal: Proposal | None) -> str:
    """How a value came about: the same as was proposed is an acceptance, another one an edit."""
    if proposal is None or said is None:
        return Manner.TYPED
    return Manner.ACCEPTED if as_offered(spec, said, proposal) else Manner.EDITED


def why_edited(manner: str, override: str) -> str:
    """The reason of an edit, "other" where none of the list was given; nothing else has one."""
    if manner != Manner.EDITED:
        return ""
    return override if override in OverrideReason.values else OverrideReason.OTHER


def as_offered(spec: FieldSpec, said: Parsed, proposal: Proposal) -> bool:
    """Whether this is what was proposed, read as the field reads it: a missing unit is the field's first."""
    try:
        offered = read(spec, proposal.value, proposal.unit, proposal.state, None)
    except ValueRefusedError:
        offered = parsed(proposal.state, proposal.value, proposal.unit)
    return offered is not None and same_for(spec)(said, offered)


def look_twice(proposal: Proposal) -> None:
    """Raise NeedsConfirmingError for a proposal that no machine can check."""
    if proposal.state != ValueState.REPORTED:
        told = ValueState(proposal.state).label.lower()
        raise NeedsConfirmingError(f"The assistant did not find it. Confirm that you looked, and that it is {told}.")
    if not proposal.quote_found:
        raise NeedsConfirmingError("The quote was not found in the document. Confirm that you checked the value.")
    if not stands(proposal):
        raise NeedsConfirmingError("The number does not stand in its quote. Confirm that you checked it in the report.")


def mode_in_force(study: Study, spec: FieldSpec) -> str:
    """When proposals for this field are shown to those who extract the study."""
    return modes_of(study.review, rule_of(study.review)).get(spec.tier, ProposalMode.OFF)


def _may_be_seen(citing_id: int, study: Study, asked: Asked, *, spoken: bool, capacity: str) -> bool:
    role = Role.EXTRACTOR if capacity == Capacity.EXTRACTION else Role.ADJUDICATOR
    if sees_proposal(mode=mode_in_force(study, asked.spec), roles=[role], spoken=spoken):
        return True
    resting = Value.objects.filter(study=study, cell=asked.cell, citing=citing_id, superseded_by=None)
    return capacity == Capacity.CONSENSUS and resting.exists()
