"""Settling what two extractors entered differently (EXT-06): a value of its own, in the capacity of consensus."""

from uuid import UUID

from django.contrib.auth.models import User

from extraction.actions.values import Stored, ValueRefusedError, accept, record
from extraction.enums import Capacity, ValueState
from extraction.models.form import Form
from extraction.models.proposal import Proposal
from extraction.models.value import Value
from screening.models.study import Study


def take(*, study: Study, form: Form, value_id: int, by: User, idempotency_key: UUID, note: str = "") -> Stored:
    """Let one extractor's value stand, with its quote and what it cites. Raises ValueRefusedError."""
    value = Value.objects.filter(
        pk=value_id, study=study, form_version__form=form, superseded_by=None, capacity=Capacity.EXTRACTION
    ).first()
    if value is None or value.state == ValueState.WITHDRAWN:
        raise ValueRefusedError("This value does not stand any more. Load the page again.")
    return record(
        study=study,
        form=form,
        field_key=value.field_key,
        arm_id=value.arm_id,
        measure_id=value.measure_id,
        raw=value.value,
        unit=value.unit,
        state=value.state,
        quote=value.quote,
        document_id=value.document_id,
        citing_id=value.citing_id,
        override=value.override,
        confirmed=True,  # its author has looked at the proposal that it rests on
        note=note,
        by=by,
        idempotency_key=idempotency_key,
        capacity=Capacity.CONSENSUS,
    )


def take_proposal(
    *,
    study: Study,
    form: Form,
    proposal_id: int,
    by: User,
    idempotency_key: UUID,
    confirmed: bool = False,
    note: str = "",
) -> Stored:
    """Let what an assistant proposed stand, cited with its quote. Raises NeedsConfirmingError, ValueRefusedError."""
    proposal = Proposal.objects.filter(pk=proposal_id, study=study, form_version__form=form).first()
    if proposal is None:
        raise ValueRefusedError("There is no such proposal for this study. Load the page again.")
    return accept(
        proposal=proposal,
        form=form,
        by=by,
        idempotency_key=idempotency_key,
        confirmed=confirmed,
        note=note,
        capacity=Capacity.CONSENSUS,
    )
