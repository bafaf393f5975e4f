"""Storing what a person says of a cell: immutable, exactly once, superseding the same person's last word (EXT-05)."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from extraction.actions.asking import Asked, ValueRefusedError, at_place, read, reading_of
from extraction.enums import AssignmentStatus, Capacity, Manner, OverrideReason, ProposalMode, ValueState
from extraction.fields import FieldSpec, Parsed
from extraction.models.assignment import Assignment
from extraction.models.form import Form
from extraction.models.proposal import Proposal
from extraction.models.value import Value
from extraction.policies import parsed, same_for
from extraction.queries.papers import place_of
from extraction.queries.proposals import stands
from extraction.queries.rules import modes_of, rule_of
from extraction.queries.settled import teams_of
from extraction.visibility import sees_proposal
from screening.enums import Role
from screening.fulltext.locate import holds_number
from screening.models.study import Study

__all__ = ["NeedsConfirmingError", "Stored", "ValueRefusedError", "accept", "record"]
LONGEST_QUOTE = 5_000


class NeedsConfirmingError(ValueRefusedError):
    """The proposal can be accepted, but only with a second look (EXT-04); the message says at what."""


@dataclass(frozen=True, slots=True)
class Stored:
    """`created` is false where this key was stored before, or nothing has changed: that value stands."""

    value: Value
    created: bool


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Where a value stands in the report."""

    quote: str = ""
    document_id: int | None = None
    page: int | None = None
    places: tuple[tuple[int, int, int], ...] = ()

    @property
    def as_row(self) -> dict[str, object]:
        places = [list(part) for part in self.places]
        return {"quote": self.quote, "document_id": self.document_id, "page": self.page, "places": places}


@transaction.atomic
def record(
    *,
    study: Study,
    form: Form,
    field_key: str,
    by: User,
    idempotency_key: UUID,
    arm_id: int | None = None,
    measure_id: int | None = None,
    raw: object = None,
    unit: str = "",
    state: str = ValueState.REPORTED,
    citing_id: int | None = None,
    override: str = "",
    note: str = "",
    quote: str = "",
    document_id: int | None = None,
    capacity: str = Capacity.EXTRACTION,
    confirmed: bool = False,
) -> Stored:
    """Store one value of `by`. Raises ValueRefusedError with a sentence; a repeated key changes nothing.

    `raw` is as typed, or an option key, or a list of them; `state` other than "reported" needs none, and "withdrawn"
    takes back the last word. `citing_id` is the proposal that the author had seen: the same value is an acceptance,
    another one an edit with its reason in `override`. `quote` is text of the document; its place is looked up here.
    `confirmed`: the author has looked twice at a proposal that can't be checked (NeedsConfirmingError says which).
    """
    Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
    asked = at_place(study, form, field_key, arm_id, measure_id)
    before = Value.objects.filter(author=by, idempotency_key=idempotency_key).first()
    if before is not None:
        return Stored(_same_key(before, study, asked), created=False)
    _may_write(study, form, by, capacity)
    words = Value.objects.filter(study=study, form_version__form=form, cell=asked.cell, author=by, capacity=capacity)
    last = words.order_by("-id").first()
    said = read(asked.spec, raw, unit, state, last)
    proposal = _cited(citing_id, study, asked, spoken=last is not None, capacity=capacity)
    manner = _manner(asked.spec, said, proposal)
    if proposal is not None and manner == Manner.ACCEPTED and not confirmed:
        _look_twice(proposal)
    if manner == Manner.EDITED:
        override = override if override in OverrideReason.values else OverrideReason.OTHER
    found = _evidence(study, asked.spec, said, proposal, quote, document_id)
    if last is not None and _unchanged(last, said, manner, citing_id, override, found, note):
        return Stored(last, created=False)
    value = Value.objects.create(
        study=study,
        form_version_id=asked.version_id,
        cell=asked.cell,
        field_key=field_key,
        arm_id=arm_id,
        measure_id=measure_id,
        author=by,
        capacity=capacity,
        state=said.state if said else ValueState.WITHDRAWN,
        value=_stored_value(said),
        unit=said.unit if said else "",
        manner=manner,
        citing=proposal,
        override=override if manner == Manner.EDITED else "",
        mode=_mode(study, asked.spec),
        note=note[:5_000],
        supersedes=last,
        idempotency_key=idempotency_key,
        **found.as_row,
    )
    _write_event(value, asked, study, by)
    return Stored(value, created=True)


def accept(
    *, proposal: Proposal, form: Form, by: User, idempotency_key: UUID, confirmed: bool = False, note: str = ""
) -> Stored:
    """Take a proposal as one's own value, as it stands. Raises NeedsConfirmingError, ValueRefusedError."""
    if not proposal.cell:
        raise ValueRefusedError("This proposal belongs to no cell of the study; enter the value where it belongs.")
    if "not_readable" in proposal.flags:
        raise ValueRefusedError("This proposal does not fit the field as it is written. Type the value instead.")
    return record(
        study=proposal.study,
        form=form,
        field_key=proposal.field_key,
        arm_id=proposal.arm_id,
        measure_id=proposal.measure_id,
        raw=proposal.value,
        unit=proposal.unit,
        state=proposal.state,
        citing_id=proposal.pk,
        by=by,
        idempotency_key=idempotency_key,
        confirmed=confirmed,
        note=note,
    )


def _same_key(before: Value, study: Study, asked: Asked) -> Value:
    if (before.study_id, before.cell) != (study.pk, asked.cell):
        raise ValueRefusedError("This idempotency key was used for another cell. Send a new key.")
    return before


def _may_write(study: Study, form: Form, by: User, capacity: str) -> None:
    if capacity == Capacity.CONSENSUS:
        if not teams_of(form, [study.pk])[study.pk].all_done:
            raise ValueRefusedError("Not all who extract this study are done. There is nothing to settle yet.")
        return
    held = Assignment.objects.filter(study=study, form=form, extractor=by).values_list("status", flat=True).first()
    if held == AssignmentStatus.DONE:
        raise ValueRefusedError("You said that you are done with this study. Open it again to change a value.")
    if held != AssignmentStatus.WORKING:
        raise ValueRefusedError("You have no place at this study. Begin with it, or ask a lead to assign you.")


def _cited(citing_id: int | None, study: Study, asked: Asked, *, spoken: bool, capacity: str) -> Proposal | None:
    """Cited is what may have been seen: in blind-first cells nothing before an own word."""
    if citing_id is None:
        return None
    mode = _mode(study, asked.spec)
    role = Role.EXTRACTOR if capacity == Capacity.EXTRACTION else Role.ADJUDICATOR
    if not sees_proposal(mode=mode, roles=[role], spoken=spoken):
        raise ValueRefusedError(
            "A proposal that is not shown before your own entry can't be cited. Nothing was stored."
        )
    proposal = Proposal.objects.filter(pk=citing_id, study=study, cell=asked.cell).first()
    if proposal is None:
        raise ValueRefusedError("The proposal that was cited is not one for this cell.")
    return proposal


def _mode(study: Study, spec: FieldSpec) -> str:
    return modes_of(study.review, rule_of(study.review)).get(spec.tier, ProposalMode.OFF)


def _manner(spec: FieldSpec, said: Parsed | None, proposal: Proposal | None) -> str:
    if proposal is None or said is None:
        return Manner.TYPED
    return Manner.ACCEPTED if _as_offered(spec, said, proposal) else Manner.EDITED


def _as_offered(spec: FieldSpec, said: Parsed, proposal: Proposal) -> bool:
    """Whether this is what was proposed, read as the field reads it: a missing unit is the field's first."""
    try:
        offered = read(spec, proposal.value, proposal.unit, proposal.state, None)
    except ValueRefusedError:
        offered = parsed(proposal.state, proposal.value, proposal.unit)
    return offered is not None and same_for(spec)(said, offered)


def _look_twice(proposal: Proposal) -> None:
    if proposal.state != ValueState.REPORTED:
        told = ValueState(proposal.state).label.lower()
        raise NeedsConfirmingError(f"The assistant did not find it. Confirm that you looked, and that it is {told}.")
    if not proposal.quote_found:
        raise NeedsConfirmingError("The quote was not found in the document. Confirm that you checked the value.")
    if not stands(proposal):
        raise NeedsConfirmingError("The number does not stand in its quote. Confirm that you checked it in the report.")


def _evidence(
    study: Study, spec: FieldSpec, said: Parsed | None, proposal: Proposal | None, quote: str, document_id: int | None
) -> _Evidence:
    """The author's own quote, else that of the proposal where it still bears the value out."""
    quote = quote.replace("\x00", " ").strip()[:LONGEST_QUOTE]
    if said is None:
        return _Evidence()
    if proposal is not None and quote in ("", proposal.quote.strip()):
        places = tuple((int(page), int(start), int(end)) for page, start, end in proposal.places)
        found = _Evidence(proposal.quote, proposal.document_id, proposal.page, places)
        return found if _bears_out(spec, said, proposal) else _Evidence()
    if not quote:
        return _Evidence()
    document, place = place_of(study, quote, document_id)
    if document is None or place is None:
        return _Evidence(quote)
    return _Evidence(quote, document.pk, place.page, place.parts)


def _bears_out(spec: FieldSpec, said: Parsed, proposal: Proposal) -> bool:
    if _as_offered(spec, said, proposal) or spec.kind != "number" or not said.reported:
        return said.reported
    try:
        return holds_number(proposal.quote, Decimal(str(said.value)))
    except InvalidOperation:
        return False


def _unchanged(
    last: Value, said: Parsed | None, manner: str, citing: int | None, override: str, found: _Evidence, note: str
) -> bool:
    same = reading_of(last) == said and last.note == note and last.quote == found.quote
    edited = manner != Manner.EDITED or last.override == override
    return same and last.citing_id == citing and edited


def _stored_value(said: Parsed | None) -> object:
    return said.as_json()["value"] if said else None


def _write_event(value: Value, asked: Asked, study: Study, by: User) -> None:
    """What was entered stays out of the ledger's sentence: an extractor may read it before an own entry."""
    verb = "value.settled" if value.capacity == Capacity.CONSENSUS else "value.recorded"
    if value.state == ValueState.WITHDRAWN:
        verb = "value.withdrawn"
    events.record(
        verb,
        subject=value,
        by=by,
        review_id=study.review_id,
        reason=value.note,
        field=asked.label,
        study=study.label,
        manner=value.manner,
        citing=value.citing_id,
        override=value.override,
        mode=value.mode,
    )
