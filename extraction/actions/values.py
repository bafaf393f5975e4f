"""Storing what a person says of a cell: immutable, exactly once, superseding the same person's last word (EXT-05)."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from extraction.actions.asking import Asked, ValueRefusedError, at_place, read, reading_of
from extraction.actions.citing import NeedsConfirmingError, cited, look_twice, manner_of, mode_in_force, why_edited
from extraction.actions.evidence import LONGEST_QUOTE, Evidence, evidence
from extraction.enums import AssignmentStatus, Capacity, Manner, ValueState
from extraction.fields import Parsed
from extraction.models.assignment import Assignment
from extraction.models.form import Form
from extraction.models.proposal import Proposal
from extraction.models.value import Value
from extraction.queries.fingerprints import value_sha256
from extraction.queries.settled import teams_of
from screening.models.study import Study

__all__ = ["LONGEST_QUOTE", "NeedsConfirmingError", "Stored", "ValueRefusedError", "accept", "may_write", "record"]
LONGEST_NOTE = 5_000


@dataclass(frozen=True, slots=True)
class Stored:
    """`created` is false where this key was stored before, or nothing has changed: that value stands."""

    value: Value
    created: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """All that is said of a cell: what a new row is made of, and what it is compared by with the last one."""

    said: Parsed | None
    proposal: Proposal | None
    manner: str
    override: str
    note: str
    found: Evidence

    def repeats(self, last: Value) -> bool:
        """Whether it says nothing that the last word did not."""
        same = reading_of(last) == self.said and last.note == self.note and last.quote == self.found.quote
        edited = self.manner != Manner.EDITED or last.override == self.override
        return same and edited and last.citing_id == (self.proposal.pk if self.proposal else None)

    @property
    def as_row(self) -> dict[str, object]:
        said = self.said.as_json() if self.said else {"state": ValueState.WITHDRAWN, "value": None, "unit": ""}
        how = {"manner": self.manner, "citing": self.proposal, "override": self.override, "note": self.note}
        return {**said, **how, **self.found.as_row}


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
    may_write(study, form, by, capacity)
    last = _last_word(study, form, asked, by, capacity)
    said = read(asked.spec, raw, unit, state, last)
    proposal = cited(citing_id, study, asked, spoken=last is not None, capacity=capacity)
    manner = manner_of(asked.spec, said, proposal)
    if proposal is not None and manner == Manner.ACCEPTED and not confirmed:
        look_twice(proposal)
    found = evidence(study, asked.spec, said, proposal, quote, document_id)
    word = _Word(said, proposal, manner, why_edited(manner, override), _kept_note(note), found)
    if last is not None and word.repeats(last) and _stands(last, form):
        return Stored(last, created=False)
    key = {"author": by, "capacity": capacity, "supersedes": last, "idempotency_key": idempotency_key}
    return Stored(_store(study, asked, word, by, arm_id=arm_id, measure_id=measure_id, **key), created=True)


def accept(
    *,
    proposal: Proposal,
    form: Form,
    by: User,
    idempotency_key: UUID,
    confirmed: bool = False,
    note: str = "",
    capacity: str = Capacity.EXTRACTION,
) -> Stored:
    """Take a proposal as one's own value, as it stands. Raises NeedsConfirmingError, ValueRefusedError."""
    if not proposal.cell:
        raise ValueRefusedError("This proposal belongs to no cell of the study; enter the value where it belongs.")
    if "not_readable" in proposal.flags:
        raise ValueRefusedError("This proposal does not fit the field as it is written. Type the value instead.")
    if proposal.flags and not confirmed:
        raise NeedsConfirmingError(f"{' '.join(proposal.doubts)} Confirm that you checked it in the report.")
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
        capacity=capacity,
    )


def may_write(study: Study, form: Form, by: User, capacity: str = Capacity.EXTRACTION) -> None:
    """Raise ValueRefusedError unless this person may say something of the study now, in that capacity."""
    if capacity == Capacity.CONSENSUS:
        if not teams_of(form, [study.pk])[study.pk].all_done:
            raise ValueRefusedError("Not all who extract this study are done. There is nothing to settle yet.")
        return
    held = Assignment.objects.filter(study=study, form=form, extractor=by).values_list("status", flat=True).first()
    if held == AssignmentStatus.DONE:
        raise ValueRefusedError("You said that you are done with this study. Open it again to change a value.")
    if held != AssignmentStatus.WORKING:
        raise ValueRefusedError("You have no place at this study. Begin with it, or ask a lead to assign you.")


def _same_key(before: Value, study: Study, asked: Asked) -> Value:
    if (before.study_id, before.cell) != (study.pk, asked.cell):
        raise ValueRefusedError("This idempotency key was used for another cell. Send a new key.")
    return before


def _last_word(study: Study, form: Form, asked: Asked, by: User, capacity: str) -> Value | None:
    words = Value.objects.filter(study=study, form_version__form=form, cell=asked.cell, author=by, capacity=capacity)
    return words.order_by("-id").first()


def _stands(last: Value, form: Form) -> bool:
    """Whether nobody has spoken after this last word; who settles a cell again answers to what was said since."""
    if last.capacity != Capacity.CONSENSUS:
        return True
    of_cell = Value.objects.filter(study=last.study_id, form_version__form=form, cell=last.cell)
    return not of_cell.filter(pk__gt=last.pk, superseded_by=None).exists()


def _store(study: Study, asked: Asked, word: _Word, by: User, **given: object) -> Value:
    value = Value.objects.create(
        study=study,
        form_version_id=asked.version_id,
        cell=asked.cell,
        field_key=asked.spec.key,
        mode=mode_in_force(study, asked.spec),
        **word.as_row,
        **given,
    )
    _write_event(value, asked, study, by)
    return value


def _kept_note(note: str) -> str:
    return note.replace("\x00", " ")[:LONGEST_NOTE]


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
        sha256=value_sha256(value),
    )
