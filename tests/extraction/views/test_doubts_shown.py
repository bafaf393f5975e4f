"""What is doubtful about a proposal is said in one wording wherever it stands, with what its assistant had read."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.html import escape

from extraction.actions import assignments, values
from extraction.models.value import Value
from extraction.page import warning
from extraction.prompts.flags import FLAGS
from tests import assisting, builders, extracting
from tests.extraction.views.test_sheet import SCHEMA, address

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    review = builders.review(ai_enabled=True)
    version = extracting.form_version(review, SCHEMA)
    person = extracting.extractor(review, "erin")
    study = extracting.study(review, label="Okafor 2021")
    assignments.begin(study=study, form=version.form, by=person)
    client.force_login(person)
    return study, version, person


def sheet(client, desk):
    return client.get(address(*desk[:2])).content.decode()


def provenance(client, desk, cell="country@0@0"):
    study, version, _ = desk
    lead = study.review.created_by
    client.force_login(lead)
    place = [study.review_id, study.pk, version.form_id, cell]
    return client.get(reverse("extraction:cell", args=place)).content.decode()


@pytest.mark.parametrize("flag", sorted(FLAGS))
def test_each_flag_has_its_sentence_on_the_screen_and_in_the_provenance(client, desk, flag):
    extracting.proposal(*desk[:2], "country", "Peru", flags=[flag])
    assert escape(FLAGS[flag]) in sheet(client, desk)
    assert escape(FLAGS[flag]) in provenance(client, desk)


def test_orders_in_the_text_come_first_and_hide_no_other_doubt(desk):
    proposal = extracting.proposal(*desk[:2], "country", "Peru", flags=["unit_differs", "text_gives_instructions"])
    assert warning(proposal) == f"{FLAGS['text_gives_instructions']} {FLAGS['unit_differs']}"


@pytest.mark.parametrize("flag", ["text_gives_instructions", "unit_differs", "of_a_part"])
def test_what_is_flagged_is_not_accepted_before_a_person_says_that_they_looked(desk, flag):
    study, version, person = desk
    proposal = extracting.proposal(study, version, "country", "Peru", flags=[flag])
    asked = {"proposal": proposal, "form": version.form, "by": person, "idempotency_key": uuid4()}
    with pytest.raises(values.NeedsConfirmingError) as refused:
        values.accept(**asked)
    assert FLAGS[flag] in str(refused.value)
    assert not Value.objects.exists()
    values.accept(**asked, confirmed=True)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ([[1]], "Read as a whole."),
        ([[1], [2]], "2 documents, each read as a whole."),
        ([[1, 1, 0, 9], [1, 3, 0, 9], [1, 4, 0, 9]], "Read only in part: 3 passages, on pages 1, 3–4."),
        ([[1, 1, 0, 9], [2, 3, 0, 9]], "Read only in part: 2 passages of 2 documents."),
    ],
)
def test_what_an_assistant_had_read_is_said_beside_its_proposal(client, desk, seen, said):
    extracting.proposal(*desk[:2], "country", "Peru", seen=seen)
    assert said in sheet(client, desk)
    assert said in provenance(client, desk)


def test_the_offline_engine_says_on_the_screen_that_it_is_no_llm(client, desk):
    study, version, _ = desk
    offline = assisting.local(study.review)
    extracting.proposal(study, version, "country", "Peru")
    assert f"{offline}, not an LLM" in sheet(client, desk)
    assert "not a language model" in provenance(client, desk)


def test_a_long_name_of_the_offline_engine_never_hides_that_it_is_no_llm(client, desk):
    study, version, _ = desk
    offline = assisting.local(study.review, name="Offline engine of the update of 2026: extraction of outcomes")
    extracting.proposal(study, version, "country", "Peru")
    assert f"{offline}, not an LLM" in sheet(client, desk)


def out_of_place(desk, field, said):
    return extracting.proposal(*desk[:2], field, said, cell="", flags=["arm_unknown"])


def test_what_was_said_of_an_arm_that_is_not_there_is_shown_apart_with_its_reason(client, desk):
    out_of_place(desk, "n", "4711")
    page = sheet(client, desk)
    assert "What AI said that is of no cell of this study (1)" in page
    assert "4711" in page
    assert FLAGS["arm_unknown"] in page


@pytest.mark.parametrize("field", ["events", "a_field_that_nobody_asked_for"])
def test_of_a_blind_field_or_an_unknown_one_it_is_not_shown_to_who_extracts(client, desk, field):
    study, version, person = desk
    arm = extracting.arm(study)
    out_of_place(desk, field, "4711")
    extracting.value(study, version, "events", "12", person, arm=arm)  # an own entry in one arm opens no other
    assert "4711" not in sheet(client, desk)
    client.force_login(study.review.created_by)
    assert "4711" in sheet(client, desk)


@pytest.mark.parametrize("field", ["events", "a_field_that_nobody_asked_for"])
def test_nor_while_the_study_has_no_arms_and_the_field_no_cells(client, desk, field):
    """The first thing that an assistant says of a study without arms is of arms that are not there."""
    out_of_place(desk, field, "4711")
    assert "4711" not in sheet(client, desk)
    client.force_login(desk[0].review.created_by)
    assert "4711" in sheet(client, desk)
