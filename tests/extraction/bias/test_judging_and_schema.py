"""EXT-08: what the extraction screen shows beside a judgement, and instruments as forms."""

import re

import pytest

from extraction.bias import INSTRUMENTS, as_schema, departures, not_asked, proposed, questions
from extraction.schema import fields, from_json

MASKED = {"d1_1": "Y", "d1_2": "Y", "d1_3": "N", "d2_1": "N", "d2_2": "N", "d2_6": "Y", "d3_1": "Y"}
COMPLETE = MASKED | {"d4_1": "N", "d4_2": "N", "d4_3": "N", "d5_1": "Y", "d5_2": "N", "d5_3": "N"}


def test_a_masked_complete_registered_trial_is_at_low_risk_throughout() -> None:
    found = proposed("rob2", COMPLETE)
    assert {key: judgement.code for key, judgement in found.items()} == {
        **dict.fromkeys(("d1", "d2", "d3", "d4", "d5"), "low"),
        "overall": "low",
    }


def test_with_nothing_answered_everything_waits() -> None:
    found = proposed("rob2", {})
    assert {judgement.code for judgement in found.values()} == {""}
    assert found["d1"].waiting == ("d1_1", "d1_2", "d1_3")


def test_overall_rests_on_what_a_person_confirmed_before_the_algorithm() -> None:
    assert proposed("rob2", {**COMPLETE, "d3": "high"})["overall"].code == "high"
    assert proposed("rob2", {**COMPLETE, "d3": "high"})["d3"].code == "low"


def test_what_an_older_form_offered_counts_as_missing() -> None:
    found = proposed("rob2", {**COMPLETE, "d1_1": "maybe", "d2": "fair"})
    assert found["d1"].waiting == ("d1_1",)
    assert found["d2"].code == "low"


def test_a_departure_without_a_reason_is_named() -> None:
    values = {**COMPLETE, "d1": "low", "d3": "high"}
    assert departures("rob2", values) == ("d3",)
    assert departures("rob2", {**values, "d3_why": "Half of one arm is missing."}) == ()


@pytest.mark.parametrize("key", sorted(INSTRUMENTS))
def test_what_an_assistant_may_propose_are_questions_and_never_judgements(key: str) -> None:
    assert set(questions(key)).isdisjoint({*INSTRUMENTS[key].keys, "overall"})
    assert all("_" in field for field in questions(key))


def test_questions_that_earlier_answers_make_superfluous_are_named() -> None:
    assert not_asked("rob2", COMPLETE) == ("d2_3", "d2_4", "d2_5", "d2_7", "d3_2", "d3_3", "d3_4", "d4_4", "d4_5")


@pytest.mark.parametrize("key", sorted(INSTRUMENTS))
def test_an_instrument_is_a_form_that_the_schema_can_read(key: str) -> None:
    form = as_schema(INSTRUMENTS[key])
    assert (form["purpose"], form["instrument"]) == ("bias", key)
    groups = form["groups"]
    assert isinstance(groups, list)
    fields = [field for group in groups for field in group["fields"]]
    keys = [field["key"] for field in fields]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,59}", field_key) for field_key in keys)
    assert {group["repeats"] for group in groups} == {INSTRUMENTS[key].repeats}
    assert {"d1", "d1_1", "d1_why", "overall", "overall_why"} <= set(keys)
    assert all(field["tier"] == "outcome" for field in fields)


@pytest.mark.parametrize("key", sorted(INSTRUMENTS))
def test_every_field_that_is_judged_or_asked_is_in_the_form(key: str) -> None:
    tool = INSTRUMENTS[key]
    wanted = {question.key for domain in tool.domains for question in domain.questions} | set(tool.keys) | {"overall"}
    groups = as_schema(tool)["groups"]
    assert isinstance(groups, list)
    assert wanted <= {field["key"] for group in groups for field in group["fields"]}


@pytest.mark.parametrize("key", sorted(INSTRUMENTS))
def test_a_question_with_a_condition_says_it_and_one_without_is_always_asked(key: str) -> None:
    superfluous = set(not_asked(key, {}))
    for domain in INSTRUMENTS[key].domains:
        for question in domain.questions:
            assert bool(question.condition) == (question.key in superfluous)


@pytest.mark.parametrize("key", sorted(INSTRUMENTS))
def test_the_form_of_an_instrument_has_no_fault(key: str) -> None:
    read = from_json(as_schema(INSTRUMENTS[key]))
    options = {name: [option.key for option in field.options] for name, field in fields(read).items()}
    for domain in INSTRUMENTS[key].domains:
        assert options[domain.key] == [level.code for level in domain.levels]
        for question in domain.questions:
            assert options[question.key] == [option.code for option in question.options]
