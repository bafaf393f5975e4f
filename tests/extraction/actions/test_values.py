"""What people say of cells is stored once, checked against the form, and never overwritten."""

from uuid import uuid4

import pytest

from audit.models.event import Event
from extraction.actions import assignments, proposals, values
from extraction.models.proposal import Rejection
from extraction.models.value import Value
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [
    {"key": "country", "label": "Country", "kind": "text"},
    {"key": "dose", "label": "Dose", "kind": "number", "unit": "mg", "units": ["g"]},
    {"key": "events", "label": "Events", "kind": "number", "tier": "outcome", "whole": True},
    {
        "key": "share", "label": "Share", "kind": "number", "tier": "derived", "formula": "percent",
        "inputs": {"events": "events", "n": "dose"},
    },
]  # fmt: skip
SCHEMA = {
    "title": "Data",
    "purpose": "data",
    "groups": [
        {"key": "g", "label": "G", "fields": FIELDS},
        {"key": "a", "label": "A", "repeats": "arm", "fields": [{"key": "n", "label": "N", "kind": "number"}]},
    ],
}


@pytest.fixture
def desk():
    """A study with one extractor at work."""
    review = builders.review(ai_enabled=True)
    extracting.rule(review, 2)
    version = extracting.form_version(review, SCHEMA)
    person = extracting.extractor(review)
    study = extracting.study(review)
    assignments.begin(study=study, form=version.form, by=person)
    return study, version, person


def enter(desk, field, raw=None, **fields):
    study, version, person = desk
    given = {"by": person, "idempotency_key": uuid4(), **fields}
    return values.record(study=study, form=version.form, field_key=field, raw=raw, **given)


def test_a_second_word_supersedes_the_first_and_both_are_kept(desk):
    first = enter(desk, "dose", "5").value
    second = enter(desk, "dose", "6 g").value
    assert (second.supersedes, second.value, second.unit) == (first, "6", "g")
    assert Value.objects.count() == 2


def test_the_same_key_or_the_same_words_store_nothing_new(desk):
    key = uuid4()
    first = enter(desk, "dose", "5", idempotency_key=key)
    assert first.created
    assert not enter(desk, "dose", "7", idempotency_key=key).created
    assert not enter(desk, "dose", "5.0 mg").created or Value.objects.filter(superseded_by=None).count() == 1
    with pytest.raises(values.ValueRefusedError, match="used for another cell"):
        enter(desk, "country", "Peru", idempotency_key=key)


@pytest.mark.parametrize(
    ("field", "raw", "says"),
    [
        ("dose", "much", "number"),
        ("dose", "5 mL", "not a unit"),
        ("events", "1.5", "whole"),
        ("share", "3", "computed"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence_and_nothing_is_stored(desk, field, raw, says):
    with pytest.raises(values.ValueRefusedError, match=says):
        enter(desk, field, raw)
    assert not Value.objects.exists()


def test_a_unit_chosen_beside_the_number_counts(desk):
    assert enter(desk, "dose", "5", unit="g").value.unit == "g"
    assert enter(desk, "dose", "6 mg", unit="g").value.unit == "mg"


@pytest.mark.parametrize("state", ["not_reported", "not_applicable", "unclear"])
def test_the_three_answers_that_are_no_value_are_values_of_their_own(desk, state):
    stored = enter(desk, "dose", state=state).value
    assert (stored.state, stored.value) == (state, None)


def test_a_word_that_is_taken_back_supersedes_and_can_be_taken_back_once(desk):
    enter(desk, "dose", "5")
    assert enter(desk, "dose", state="withdrawn").value.state == "withdrawn"
    with pytest.raises(values.ValueRefusedError, match="no value of yours"):
        enter(desk, "dose", state="withdrawn")


def test_an_arm_of_another_study_or_none_is_refused(desk):
    other = extracting.arm(extracting.study(desk[0].review))
    for arm_id in (other.pk, None):
        with pytest.raises(values.ValueRefusedError, match="no such arm"):
            enter(desk, "n", "5", arm_id=arm_id)
    own = extracting.arm(desk[0])
    assert enter(desk, "n", "5", arm_id=own.pk).value.cell == f"n@{own.pk}@0"


def test_whoever_has_no_place_or_is_done_enters_nothing(desk):
    study, _, person = desk
    with pytest.raises(values.ValueRefusedError, match="no place"):
        enter(desk, "dose", "5", by=extracting.extractor(study.review))
    assignments.done(assignment=study.assignments.get(extractor=person), by=person)
    with pytest.raises(values.ValueRefusedError, match="Open it again"):
        enter(desk, "dose", "5")


def test_an_equal_value_that_cites_is_an_acceptance_and_another_an_edit_with_its_reason(desk):
    study, version, _ = desk
    proposal = extracting.proposal(study, version, "dose", "5", unit="mg", quote="a dose of 5 mg")
    taken = enter(desk, "dose", "5.0", citing_id=proposal.pk).value
    assert (taken.manner, taken.override, taken.quote) == ("accepted", "", "a dose of 5 mg")
    edited = enter(desk, "dose", "7", citing_id=proposal.pk, override="imprecise").value
    assert (edited.manner, edited.override, edited.quote) == ("edited", "imprecise", "")


def test_in_a_blind_first_field_nothing_is_cited_before_an_own_word(desk):
    study, version, person = desk
    proposal = extracting.proposal(study, version, "events", "12", quote="12 events")
    with pytest.raises(values.ValueRefusedError, match="not shown before"):
        values.accept(proposal=proposal, form=version.form, by=person, idempotency_key=uuid4())
    with pytest.raises(values.ValueRefusedError, match="not shown before"):
        proposals.reject(proposal=proposal, by=person, reason="incorrect")
    enter(desk, "events", "13")
    changed = values.accept(proposal=proposal, form=version.form, by=person, idempotency_key=uuid4()).value
    assert (changed.value, changed.manner, changed.mode) == ("12", "accepted", "blind_first")
    assert [value.value for value in Value.objects.order_by("id")] == ["13", "12"]


@pytest.mark.parametrize(
    ("doubtful", "says"),
    [
        ({"number_found": False}, "does not stand in its quote"),
        ({"quote_found": False}, "quote was not found"),
        ({"state": "not_reported", "value": None, "quote": ""}, "did not find it"),
    ],
)
def test_what_can_not_be_checked_needs_a_second_look_and_is_never_taken_in_bulk(desk, doubtful, says):
    study, version, person = desk
    said = doubtful.pop("value", "5")
    proposal = extracting.proposal(study, version, "dose", said, **doubtful)
    asked = {"proposal": proposal, "form": version.form, "by": person, "idempotency_key": uuid4()}
    with pytest.raises(values.NeedsConfirmingError, match=says):
        values.accept(**asked)
    assert proposals.accept_many(study=study, form=version.form, by=person) == []
    assert values.accept(**asked, confirmed=True).value.manner == "accepted"


def test_in_bulk_only_checked_descriptive_and_untouched_cells_are_taken_one_by_one(desk):
    study, version, person = desk
    extracting.proposal(study, version, "events", "12")
    extracting.proposal(study, version, "dose", "5", unit="mg")
    refused = extracting.proposal(study, version, "country", "Peru")
    proposals.reject(proposal=refused, by=person, reason="wrong_context", note="that is the funder's")
    taken = proposals.accept_many(study=study, form=version.form, by=person)
    assert [stored.value.field_key for stored in taken] == ["dose"]
    assert Event.objects.filter(type="value.recorded").count() == 1


def test_a_rejection_keeps_its_reason_and_is_said_once(desk):
    study, version, person = desk
    proposal = extracting.proposal(study, version, "country", "Peru")
    for reason in ("incorrect", "other"):
        proposals.reject(proposal=proposal, by=person, reason=reason)
    assert Rejection.objects.get().reason == "incorrect"
    with pytest.raises(values.ValueRefusedError, match="from the list"):
        proposals.reject(proposal=proposal, by=person, reason="dunno")


def test_the_ledger_does_not_say_what_was_entered(desk):
    enter(desk, "country", "Peru")
    assert "Peru" not in str(Event.objects.get(type="value.recorded").data)


def test_there_is_nothing_to_settle_before_all_are_done(desk):
    with pytest.raises(values.ValueRefusedError, match="Not all"):
        enter(desk, "dose", "5", capacity="consensus", by=desk[0].review.created_by)


@pytest.mark.parametrize(("raw", "unit"), [("5", "stone"), (5, "stone"), ("5", "mg mg")])
def test_a_unit_that_the_field_does_not_take_is_never_replaced_by_another(desk, raw, unit):
    with pytest.raises(values.ValueRefusedError, match="is not a unit of this field"):
        enter(desk, "dose", raw, unit=unit)
    assert not Value.objects.exists()


def test_a_proposal_in_a_unit_that_the_field_does_not_take_is_not_accepted_in_another(desk):
    study, version, person = desk
    proposal = extracting.proposal(study, version, "dose", "5", unit="stone", flags=["unit_unknown"])
    with pytest.raises(values.ValueRefusedError, match="stone"):
        values.accept(proposal=proposal, form=version.form, by=person, idempotency_key=uuid4(), confirmed=True)


def test_a_unit_that_a_new_version_dropped_is_refused_from_an_old_tab(desk):
    version = desk[1]
    narrower = [{**FIELDS[1], "units": []}, *(field for field in FIELDS if field["key"] == "events")]
    extracting.next_version(version, {**SCHEMA, "groups": [{"key": "g", "label": "G", "fields": narrower}]})
    with pytest.raises(values.ValueRefusedError, match="It takes mg"):
        enter(desk, "dose", "5", unit="g")


def test_a_null_byte_in_a_note_is_left_out(desk):
    assert enter(desk, "dose", "5", note="from\x00table 2").value.note == "from table 2"


def test_one_proposal_that_does_not_fit_the_form_any_more_does_not_hold_up_the_others(desk):
    study, version, person = desk
    extracting.proposal(study, version, "country", "Peru")
    extracting.proposal(study, version, "dose", "twelve spoons", unit="mg")
    taken = proposals.accept_many(study=study, form=version.form, by=person)
    assert [stored.value.field_key for stored in taken] == ["country"]


def test_who_has_no_place_takes_nothing_in_bulk_and_rejects_nothing(desk):
    study, version, _ = desk
    proposal = extracting.proposal(study, version, "country", "Peru")
    stranger = extracting.extractor(study.review)
    with pytest.raises(values.ValueRefusedError, match="no place"):
        proposals.accept_many(study=study, form=version.form, by=stranger)
    with pytest.raises(values.ValueRefusedError, match="no place"):
        proposals.reject(proposal=proposal, by=stranger, reason="incorrect")


def test_a_list_that_has_an_answer_called_unclear_is_answered_by_it_however_it_is_said(desk):
    version = desk[1]
    options = [{"key": key, "label": key.title()} for key in ("yes", "no", "unclear")]
    field = {"key": "q", "label": "Q", "kind": "choice", "options": options}
    extracting.next_version(version, {**SCHEMA, "groups": [{"key": "g", "label": "G", "fields": [field]}]})
    for said in ({"raw": "unclear"}, {"state": "unclear"}):
        stored = enter(desk, "q", **said).value
        assert (stored.state, stored.value) == ("reported", "unclear")
    assert enter(desk, "q", state="not_reported").value.state == "not_reported"


def test_a_proposal_for_the_cell_of_that_name_in_another_form_is_not_cited(desk):
    study = desk[0]
    other = extracting.form_version(study.review, SCHEMA)
    proposal = extracting.proposal(study, other, "dose", "5", unit="mg")
    with pytest.raises(values.ValueRefusedError, match="not one for this cell"):
        enter(desk, "dose", "5", citing_id=proposal.pk)
