"""What people do with proposals besides taking one: refuse it, or take all that can be checked by machine (AI-11)."""

from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from extraction.actions.asking import ValueRefusedError, read
from extraction.actions.values import Stored, accept, may_write
from extraction.enums import OverrideReason, ProposalMode, Tier
from extraction.fields import FieldSpec
from extraction.models.form import Form
from extraction.models.proposal import Proposal, Rejection
from extraction.models.value import Value
from extraction.prompts import flags
from extraction.queries.grid import Cell, cells, structure_of
from extraction.queries.proposals import offered, stands
from extraction.queries.rules import modes_of, rule_of
from extraction.queries.sheets import schema_of
from extraction.visibility import sees_proposal
from screening.enums import Role
from screening.models.study import Study


@transaction.atomic
def reject(*, proposal: Proposal, by: User, reason: str, note: str = "") -> Rejection:
    """Say that a proposal is not taken, and why. Said again it changes nothing: the first stands.

    Raises ValueRefusedError for an unknown reason, and where it is not shown before an own entry.
    """
    if reason not in OverrideReason.values:
        raise ValueRefusedError("Choose a reason from the list.")
    study, form = proposal.study, proposal.form_version.form
    may_write(study, form, by)
    tier = next((cell.spec.tier for cell in _cells(study, form) if cell.key == proposal.cell), Tier.DESCRIPTIVE)
    spoken = Value.objects.filter(study=study, form_version__form=form, cell=proposal.cell, author=by).exists()
    mode = modes_of(study.review, rule_of(study.review))[tier]
    if not sees_proposal(mode=mode, roles=[Role.EXTRACTOR], spoken=spoken):
        raise ValueRefusedError("A proposal that is not shown before your own entry can't be rejected.")
    rejection, made = Rejection.objects.get_or_create(
        proposal=proposal, author=by, defaults={"reason": reason, "note": note[:5_000]}
    )
    if made:
        events.record(
            "proposal.rejected",
            subject=rejection,
            by=by,
            review_id=study.review_id,
            reason=note,
            field=proposal.field_key,
            study=study.label,
            why=OverrideReason(reason).label,
        )
    return rejection


@transaction.atomic
def accept_many(*, study: Study, form: Form, by: User) -> list[Stored]:
    """Accept, one by one, every proposal whose quote and number were found, for cells that are still empty.

    Descriptive fields in the mode `assist` only; never one that is rejected or flagged, or that says "not reported":
    that needs a person's own look (EXT-04, EXT-05).
    """
    may_write(study, form, by)
    mode = modes_of(study.review, rule_of(study.review))[Tier.DESCRIPTIVE]
    if mode != ProposalMode.ASSIST:
        raise ValueRefusedError("In this review nothing is proposed before an own entry.")
    spoken = Value.objects.filter(study=study, form_version__form=form, author=by).values_list("cell", flat=True)
    refused = Rejection.objects.filter(proposal__study=study, author=by).values_list("proposal_id", flat=True)
    specs = {cell.key: cell.spec for cell in _cells(study, form)}
    return [
        accept(proposal=proposal, form=form, by=by, idempotency_key=uuid4())
        for cell, proposal in offered(study, form).items()
        if cell in specs
        and specs[cell].tier == Tier.DESCRIPTIVE
        and cell not in set(spoken)
        and proposal.pk not in set(refused)
        and acceptable_in_bulk(proposal, specs[cell])
    ]


def acceptable_in_bulk(proposal: Proposal, spec: FieldSpec) -> bool:
    """Whether nothing about it asks for a person's look, and the field, as it is by now, takes it.

    `flags.acceptable_in_bulk` says what the first means.
    """
    unasked = flags.acceptable_in_bulk(
        proposal.state,
        quote_found=proposal.quote_found,
        number_found=proposal.number_found and stands(proposal),
        flags=proposal.flags,
    )
    return unasked and _taken_by(spec, proposal)


def _taken_by(spec: FieldSpec, proposal: Proposal) -> bool:
    try:
        read(spec, proposal.value, proposal.unit, proposal.state, None)
    except ValueRefusedError:
        return False
    return True


def _cells(study: Study, form: Form) -> list[Cell]:
    return list(cells(schema_of(form), *structure_of(study)))
