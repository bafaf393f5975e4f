"""A form comes in as JSON; every fault is a sentence with its place."""

import copy
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.bias import INSTRUMENTS, as_schema
from extraction.derived import COMPUTE
from extraction.fields import KINDS, Option
from extraction.schema import SchemaError, check, fields, from_json, group_of, sha256, slug, templates, to_json


def field(key: str = "events", **changes: Any) -> dict[str, Any]:
    return {"key": key, "label": str(key).title(), "kind": "number", **changes}


def form(*members: dict[str, Any], repeats: str = "measure_arm", **changes: Any) -> dict[str, Any]:
    group = {"key": "results", "label": "Results", "repeats": repeats, "fields": list(members) or [field()]}
    return {"title": "Outcomes", "groups": [group], **changes}


PERCENT = field("percent", tier="derived", formula="percentage", inputs={"events": "events", "total": "n"})


def derived(**changes: Any) -> dict[str, Any]:
    return form(field("events"), field("n"), {**PERCENT, **changes})


def faults(raw: object) -> list[tuple[str, str]]:
    with pytest.raises(SchemaError) as refused:
        from_json(raw, COMPUTE)
    return [(fault.place, fault.sentence) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("raw", "place", "says"),
    [
        ([], "", "JSON object"),
        ({}, "", "empty"),
        (form(title=" "), "title", "needs a title"),
        (form(title="x" * 121), "title", "121 characters"),
        (form(title=5), "title", "must be text"),
        (form(title="a\x00b"), "title", "can't be stored"),
        (form(purpose="fun"), "purpose", "not a purpose"),
        (form(colour="red"), "", "no property “colour”"),
        (form(groups={}), "groups", "list of groups"),
        (form(groups=[]), "groups", "at least one group"),
        (form(groups=["x"]), "group 1", "JSON object"),
        (form(repeats="site"), "group 1, repeats", "“site” is not a way"),
        (form(groups=[{"key": "a", "label": "A", "fields": []}]), "group 1, fields", "at least one field"),
        (form(field("Mean Age")), "group 1, field 1, key", "can't be a key"),
        (form(field("")), "group 1, field 1, key", "can't be a key"),
        (form(field("a" * 61)), "group 1, field 1, key", "can't be a key"),
        (form(field(label="")), "group 1, field 1, label", "needs a name"),
        (form(field(help="x" * 4_001)), "group 1, field 1, help", "4,001 characters"),
        (form(field(kind="slider")), "group 1, field 1, kind", "“slider” is not a kind"),
        (form(field(kind=["text"])), "group 1, field 1, kind", "not a kind"),
        (form(field(tier="main")), "group 1, field 1, tier", "not a tier"),
        (form(field(required="yes")), "group 1, field 1, required", "true or false"),
        (form(field(minimum="low")), "group 1, field 1, minimum", "not a number"),
        (form(field(minimum=True)), "group 1, field 1, minimum", "must be a number"),
        (form(field(minimum="5", maximum="4")), "group 1, field 1, minimum", "above the most"),
        (form(field(units=["g"])), "group 1, field 1, unit", "which unit is meant"),
        (form(field(unit="mg", units=["mg"])), "group 1, field 1, units", "twice"),
        (form(field(unit="mg", units=[5])), "group 1, field 1, units", "Each unit"),
        (form(field(kind="text", unit="mg")), "group 1, field 1, unit", "Only a number"),
        (form(field(options=["A", "B"])), "group 1, field 1, options", "Only a list"),
        (form(field(kind="choice")), "group 1, field 1, options", "at least two"),
        (form(field(kind="choice", options=["A"])), "group 1, field 1, options", "at least two"),
        (form(field(kind="choice", options=["A", " a"])), "group 1, field 1, options", "twice"),
        (form(field(kind="choice", options=["A", "B; C"])), "group 1, field 1, option 2, label", "semicolon"),
        (form(field(kind="choice", options=["A", 5])), "group 1, field 1, option 2", "JSON object"),
        (form(field(kind="choice", options=["A", ""])), "group 1, field 1, option 2, label", "needs a name"),
        (form(field(kind="choice", options=["A", {"key": "b-1", "label": "B"}])), "group 1, field 1, option 2, key",
         "can't be the key"),
        (form(field(), field()), "group 1, field 2, key", "belongs to the field “Events” already"),
        (form(field(formula="percentage")), "group 1, field 1, formula", "Only a derived field"),
        (derived(formula=""), "group 1, field 3, formula", "Choose the formula"),
        (derived(formula="magic"), "group 1, field 3, formula", "no formula called “magic”"),
        (derived(inputs={"events": "events"}), "group 1, field 3, inputs", "needs a field for total"),
        (derived(inputs={"events": "events", "total": "n", "x": "n"}), "group 1, field 3, inputs", "no input called x"),
        (derived(inputs={"events": "events", "total": "gone"}), "group 1, field 3, inputs", "no field with the key"),
        (derived(inputs={"events": "events", "total": "percent"}), "group 1, field 3, inputs", "computed itself"),
        (derived(inputs={"events": 5}), "group 1, field 3, inputs", "must name the field"),
        (derived(inputs=5), "group 1, field 3, inputs", "must name the field"),
        (derived(required=True), "group 1, field 3, required", "nobody can be required"),
        (derived(kind="text"), "group 1, field 3, kind", "must be a number"),
    ],
)  # fmt: skip
def test_each_fault_is_a_sentence_at_its_place(raw: object, place: str, says: str) -> None:
    found = faults(raw)
    assert any(where == place and says in sentence for where, sentence in found), found


def test_a_derived_field_can_not_be_computed_from_text_or_from_what_is_asked_more_often() -> None:
    raw = derived()
    raw["groups"][0]["fields"][1] = {"key": "n", "label": "N", "kind": "text"}
    assert "is not a number" in faults(raw)[0][1]
    above = {"key": "s", "label": "S", "repeats": "arm", "fields": [PERCENT]}
    raw = form(field("events"), field("n"))
    raw["groups"].append(above)
    assert "asked more often" in faults(raw)[0][1]
    above["repeats"] = "measure_arm"
    raw["groups"][0]["repeats"] = "study"
    assert from_json(raw, COMPUTE)


def test_every_fault_is_told_at_once() -> None:
    assert len(faults(form(field(label=""), field("Bad key"), field(kind="slider"), title=""))) >= 4


def test_two_groups_do_not_share_a_key() -> None:
    raw = form()
    raw["groups"].append({**raw["groups"][0], "fields": [field("other")]})
    assert faults(raw) == [("group 2, key", "There are two groups with the key “results”. Change one.")]


def test_there_is_a_most_of_everything_and_monstrous_forms_cost_little_time() -> None:
    start = time.process_time()
    assert "more than 300 fields" in str(faults(form(*(field(f"f{n}") for n in range(50_000)))))
    assert "are the most" in str(faults(form(field(kind="choice", options=[f"o{n}" for n in range(101)]))))
    assert "are the most" in str(faults(form(groups=[{} for _ in range(61)])))
    assert "20 are the most" in str(faults(form(field(unit="a", units=[f"u{n}" for n in range(21)]))))
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    assert faults(form(field(help=deep)))
    assert time.process_time() - start < 3


def test_a_form_of_exactly_300_fields_is_read() -> None:
    assert len(fields(from_json(form(*(field(f"f{n}") for n in range(300)))))) == 300


def test_what_is_faulty_is_still_read_as_far_as_it_can_be() -> None:
    schema, found = check(form(field(label=""), field("n")))
    assert list(fields(schema)) == ["events", "n"]
    assert len(found) == 1


def test_plain_options_get_keys_of_their_labels() -> None:
    schema = from_json(form(field(kind="choice", options=["Cross-over", "cross over!", "2 × 2"])))
    assert fields(schema)["events"].options == (
        Option("cross_over", "Cross-over"),
        Option("cross_over_2", "cross over!"),
        Option("option_2_2", "2 × 2"),
    )


@pytest.mark.parametrize(
    ("label", "key"),
    [("Mean age (years)", "mean_age_years"), ("%", "percent"), ("Décès", "deces"),
     ("2-year survival", "field_2_year_survival"), ("年齢", "field")],
)  # fmt: skip
def test_a_key_is_made_of_a_label(label: str, key: str) -> None:
    assert slug(label) == key
    assert from_json(form(field(key)))


def test_a_slug_never_repeats() -> None:
    assert slug("Age", {"age", "age_2"}) == "age_3"
    assert len(slug("a" * 500, {"a" * 50})) <= 60


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.key)
def test_each_template_is_a_form_without_faults_whose_json_reads_back(template: Any) -> None:
    raw = json.loads(json.dumps(to_json(template.schema)))
    again = from_json(raw, COMPUTE)
    assert again == template.schema
    assert to_json(again) == raw
    assert sha256(again) == sha256(template.schema)
    for key, spec in fields(again).items():
        assert spec.tier == "derived" or spec.kind in KINDS
        assert group_of(again)[key].label


def test_outcome_templates_are_entered_blind_and_compute_what_a_meta_analysis_needs() -> None:
    by_key = {template.key: template.schema for template in templates()}
    assert len(by_key) == 6
    for key in ("rct_continuous", "rct_dichotomous", "rct_time_to_event", "diagnostic_accuracy", "observational"):
        tiers = {spec.tier for spec in fields(by_key[key]).values()}
        assert {"outcome", "derived"} <= tiers, key


@pytest.mark.parametrize("key", INSTRUMENTS)
def test_every_risk_of_bias_instrument_is_a_form(key: str) -> None:
    schema = from_json(as_schema(INSTRUMENTS[key]), COMPUTE)
    assert schema.purpose == "bias"
    assert schema.instrument == key


def test_a_store_that_keeps_no_order_of_properties_changes_nothing() -> None:
    raw = derived()
    turned = copy.deepcopy(raw)
    turned["groups"][0]["fields"][2]["inputs"] = dict(reversed(PERCENT["inputs"].items()))
    assert from_json(raw) == from_json(turned)


def test_the_hash_changes_with_anything_that_is_asked_and_with_nothing_else() -> None:
    raw = form(field(help="How many."))
    other = copy.deepcopy(raw)
    other["groups"][0]["fields"][0]["help"] = "How many?"
    spelt_out = json.loads(json.dumps(form(field(help="How many.", required=False, options=[]), purpose="extraction")))
    assert sha256(from_json(raw)) != sha256(from_json(other))
    assert sha256(from_json(raw)) == sha256(from_json(spelt_out))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["key", "label", "kind", "fields", "groups", "options", "inputs"]), inner)
    ),
    max_leaves=20,
)


@given(JUNK, st.sampled_from(["title", "groups", "key", "kind", "units", "options", "inputs", "minimum", "fields"]))
def test_no_json_makes_reading_raise_anything_else(junk: object, name: str) -> None:
    raw = form(field(**{name: junk})) if name not in ("title", "groups", "fields") else form(**{name: junk})
    for candidate in (junk, raw, {"title": "T", "groups": [{"key": "g", "label": "G", "fields": junk}]}):
        schema, found = check(candidate, COMPUTE)
        if not found:
            assert from_json(to_json(schema), COMPUTE) == schema


def test_of_thousands_of_unknown_properties_ten_are_named_and_the_rest_counted() -> None:
    _, faults = check({**{f"n{number}": 0 for number in range(3_000)}, "title": "T"})
    assert sum("There is no property" in fault.sentence for fault in faults) == 10
    assert any("2,990 more properties" in fault.sentence for fault in faults)
