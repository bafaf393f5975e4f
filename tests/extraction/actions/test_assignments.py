"""Places at a study: as many as the rule has, kept through every change of it."""

from uuid import uuid4

import pytest

from extraction.actions import assignments, structure, values
from extraction.actions.rule import set_rule
from extraction.enums import AssignmentStatus
from extraction.models.value import Value
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [{"key": "n", "label": "N", "kind": "number", "required": True}]
SCHEMA = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "G", "repeats": "arm", "fields": FIELDS}]}


@pytest.fixture
def study():
    return extracting.study(builders.review())


@pytest.fixture
def form(study):
    return extracting.form_version(study.review, SCHEMA).form


def test_two_places_are_taken_and_a_third_person_is_told(study, form):
    people = [extracting.extractor(study.review) for _ in range(3)]
    for person in people[:2]:
        assignments.begin(study=study, form=form, by=person)
    with pytest.raises(assignments.AssignmentRefusedError, match="Two people extract"):
        assignments.begin(study=study, form=form, by=people[2])
    assert assignments.begin(study=study, form=form, by=people[0]).status == AssignmentStatus.WORKING


def test_who_is_taken_off_leaves_the_place_and_keeps_what_was_entered(study, form):
    one, two = (extracting.extractor(study.review) for _ in range(2))
    set_rule(review=study.review, by=one, extractors_per_study=1, descriptive_mode="off", outcome_mode="off")
    held = assignments.begin(study=study, form=form, by=one)
    arm = structure.add_arm(study=study, name="Placebo", by=one)
    said = {"study": study, "form": form, "field_key": "n", "arm_id": arm.pk, "raw": "5"}
    values.record(**said, by=one, idempotency_key=uuid4())
    assignments.release(assignment=held, by=study.review.created_by, reason="on leave")
    assignments.begin(study=study, form=form, by=two)
    assert Value.objects.filter(author=one, superseded_by=None).count() == 1
    with pytest.raises(assignments.AssignmentRefusedError, match="One person extracts"):
        assignments.begin(study=study, form=form, by=one)


def test_a_lead_assigns_extractors_only(study, form):
    lead = study.review.created_by
    person = extracting.extractor(study.review)
    assert assignments.assign(study=study, form=form, extractor=person, by=lead).extractor == person
    with pytest.raises(assignments.AssignmentRefusedError, match="no extractor"):
        assignments.assign(study=study, form=form, extractor=lead, by=lead)


def test_done_names_the_required_cells_that_are_empty(study, form):
    person = extracting.extractor(study.review)
    held = assignments.begin(study=study, form=form, by=person)
    arms = [structure.add_arm(study=study, name=name, by=person) for name in ("Placebo", "Drug")]
    said = {"study": study, "form": form, "field_key": "n", "by": person}
    values.record(**said, arm_id=arms[0].pk, state="not_reported", idempotency_key=uuid4())
    with pytest.raises(assignments.NotDoneError, match=r"N \(Drug\)") as refused:
        assignments.done(assignment=held, by=person)
    assert [cell.place.arm for cell in refused.value.missing] == [arms[1]]
    structure.retire_arm(arm=arms[1], by=person)
    assert assignments.done(assignment=held, by=person).done_at


def test_with_another_s_values_in_sight_only_a_lead_opens_it_again(study, form):
    people = [extracting.extractor(study.review) for _ in range(2)]
    held = [assignments.begin(study=study, form=form, by=person) for person in people]
    assignments.done(assignment=held[0], by=people[0])
    assignments.reopen(assignment=held[0], by=people[0])
    for assignment, person in zip(held, people, strict=True):
        assignments.done(assignment=assignment, by=person)
    with pytest.raises(assignments.AssignmentRefusedError, match="Ask a lead"):
        assignments.reopen(assignment=held[0], by=people[0])
    opened = assignments.reopen(assignment=held[0], by=study.review.created_by, as_lead=True)
    assert (opened.status, opened.done_at) == (AssignmentStatus.WORKING, None)


def test_leaving_and_coming_back_is_no_way_to_open_it_again(study, form):
    people = [extracting.extractor(study.review) for _ in range(2)]
    held = [assignments.begin(study=study, form=form, by=person) for person in people]
    for assignment, person in zip(held, people, strict=True):
        assignments.done(assignment=assignment, by=person)
    with pytest.raises(assignments.AssignmentRefusedError, match="Ask a lead"):
        assignments.release(assignment=held[0], by=people[0])
    taken_off = assignments.release(assignment=held[0], by=study.review.created_by)
    assert taken_off.status == AssignmentStatus.RELEASED
    with pytest.raises(assignments.AssignmentRefusedError, match="Ask a lead"):
        assignments.begin(study=study, form=form, by=people[0])
    lead = study.review.created_by
    again = assignments.assign(study=study, form=form, extractor=people[0], by=lead)
    assert again.status == AssignmentStatus.WORKING


def test_an_arm_has_one_name_and_a_retired_one_comes_back_with_its_values(study):
    by = study.review.created_by
    arm = structure.add_arm(study=study, name=" Placebo  group ", by=by)
    assert arm.name == "Placebo group"
    with pytest.raises(structure.StructureRefusedError, match="already"):
        structure.add_arm(study=study, name="placebo group", by=by)
    structure.retire_arm(arm=arm, by=by)
    assert structure.add_arm(study=study, name="placebo group", by=by).pk == arm.pk
    with pytest.raises(structure.StructureRefusedError, match="at most 120"):
        structure.rename_arm(arm=arm, name="x" * 121, by=by)


def test_an_outcome_is_told_apart_by_its_time_point(study):
    by = study.review.created_by
    early = structure.add_measure(study=study, outcome="HbA1c", time_point="12 weeks", by=by)
    late = structure.add_measure(study=study, outcome="HbA1c", time_point="24 weeks", by=by)
    assert (early.position, late.position) == (1, 2)
    with pytest.raises(structure.StructureRefusedError, match="already"):
        structure.rename_measure(measure=late, outcome="HbA1c", time_point="12 weeks", by=by)
