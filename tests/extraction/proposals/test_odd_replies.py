"""Replies that no model should give: stored, flagged, or failed with a sentence, and the call is on record."""

import json

import pytest

from audit.models.event import Event
from audit.models.model_call import ModelCall
from audit.presenters import sentence
from extraction.queries.proposals import beside, offered
from screening.enums import ItemStatus
from tests import assisting
from tests import model_server as server_module
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.extraction.proposals.conftest import start, trial, version, work

pytestmark = pytest.mark.django_db
TOTAL = {
    "field": "total", "arm": "", "outcome": "", "quote": "We randomised 120 participants in total to two groups.",
    "rationale": "", "state": "reported", "value": "120", "unit": "",
}  # fmt: skip
DOSE = {
    **TOTAL, "field": "dose", "arm": "Active", "quote": "The daily dose was 5 mg in the active group.",
    "value": "5", "unit": "mg",
}  # fmt: skip


def reply(*cells, **more):
    return json.dumps({"cells": list(cells), "text_gives_instructions": False, **more})


@pytest.fixture
def said(model_server, monkeypatch):  # noqa: F811
    """(item, proposals by cell, those without) after a run in which the model says exactly this."""

    def run(text, *pages):
        monkeypatch.setattr(server_module, "reply_text", lambda *_: text)
        review = assisting.review()
        study, form = trial(review, *pages), version(review)
        [item] = work(start(assisting.llm(review, model_server), form, study))
        assert not ModelCall.objects.filter(outcome=None).exists()
        return item, {k.split("@")[0]: v for k, v in offered(study, form.form).items()}, beside(study, form.form)

    return run


@pytest.mark.parametrize(
    "cell",
    [
        {**TOTAL, "value": "many\x00"},
        {**TOTAL, "field": "to\x00tal"},
        {**TOTAL, "field": "nobody\x00asked"},
        {**TOTAL, "rationale": "\x00", "quote": "\x00"},
        {**TOTAL, "unit": "\x00"},
        {**TOTAL, "field": "funding", "value": "\u202eevil\u2066 \U000e0041council"},
    ],
)
def test_characters_that_nobody_sees_cost_no_other_cell_and_are_not_stored(said, cell):
    item, cells, without = said(reply(cell, DOSE))
    assert item.status == ItemStatus.DONE
    assert cells["dose"].flags == []
    for kept in (*cells.values(), *without):
        words = f"{kept.value}{kept.quote}{kept.rationale}{kept.unit}{kept.field_key}"
        assert not set(words) & set("\x00\u202e\u2066\U000e0041")


@pytest.mark.parametrize("text", ["babble \x00", "babble \ud800", "\x00", "\ud800" * 9_000], ids=range(4))
def test_a_reply_that_can_not_be_stored_as_it_is_fails_with_a_sentence_and_its_calls_are_on_record(said, text):
    item, cells, _ = said(text)
    assert (item.status, item.attempts, cells) == (ItemStatus.FAILED, 1, {})
    assert "People extract this study by hand." in item.error
    assert ModelCall.objects.filter(outcome__state="answered").count() == 2


@pytest.mark.parametrize(
    "text",
    [
        reply(TOTAL).replace('"value": "120"', '"value": "120", "value": "999"'),
        reply(TOTAL)[:-1] + ', "cells": []}',
        '{"cells": ' * 100_000,
        reply(TOTAL, x=json.loads("[" * 400 + "]" * 400)),
        reply({**TOTAL, "value": 1e400}),
        reply(TOTAL).replace('"120"', "9" * 40_000),
        reply({**TOTAL, "value": {"a": 1}}),
        reply(*[TOTAL] * 401),
        "x" * 1_000_000,
        "```json\n{" + " " * 1_000_000 + "x",
        "null",
        "[]",
    ],
    ids=range(12),
)
def test_garbage_fails_the_study_with_a_sentence(said, text):
    item, cells, without = said(text)
    assert (item.status, cells, without) == (ItemStatus.FAILED, {}, [])
    assert "People extract this study by hand." in item.error


def test_a_reply_without_any_cell_is_no_answer(said):
    item, _, _ = said(reply())
    assert item.status == ItemStatus.FAILED


def test_cells_that_a_reply_leaves_out_are_counted_in_the_ledger(said):
    said(reply(TOTAL))
    event = Event.objects.get(type="study.proposed")
    assert event.data["unanswered"] == 3
    assert "3 questions got no answer" in sentence(event.type, event.data)


@pytest.mark.parametrize("value", [9 * 10**3_000, "1e999999999", True, None, "", "120; 130"], ids=range(6))
def test_a_value_that_is_no_number_is_flagged_beside_a_good_one(said, value):
    item, cells, _ = said(reply({**TOTAL, "value": value}, DOSE))
    assert (item.status, cells["total"].flags) == (ItemStatus.DONE, ["not_readable"])
    assert (cells["dose"].value, cells["dose"].flags) == ("5", [])


def test_a_quote_that_is_only_the_number_is_doubted(said):
    _, cells, _ = said(reply({**TOTAL, "quote": "120"}))
    assert cells["total"].flags == ["quote_is_bare"]


def test_an_arm_named_for_a_question_on_the_whole_study_is_doubted(said):
    _, cells, _ = said(reply({**TOTAL, "arm": "Zinc"}, DOSE))
    assert cells["total"].flags == ["of_a_part"]


@pytest.mark.parametrize("arm", ["", "Overall", "N/A"])
def test_saying_that_it_is_of_all_is_no_doubt(said, arm):
    _, cells, _ = said(reply({**TOTAL, "arm": arm}))
    assert cells["total"].flags == []


def test_grams_in_print_are_not_milligrams(said):
    page = "The daily dose was 5 g in the active group."
    _, cells, _ = said(reply({**DOSE, "quote": page}), page)
    assert cells["dose"].flags == ["unit_differs"]


def test_a_quote_that_is_copied_over_the_end_of_a_page_with_our_mark_in_it_is_found_on_both(said):
    _, cells, _ = said(
        reply({**TOTAL, "quote": "We randomised 120\n\n[Page 2]\nparticipants in total."}),
        "We randomised 120",
        "participants in total.",
    )
    assert cells["total"].flags == []
    assert [place[0] for place in cells["total"].places] == [1, 2]
