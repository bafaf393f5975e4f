"""What a new version of a form changes is said field by field, and which values it touches."""

from typing import Any

import pytest

from extraction.schema import difference, from_json


def schema(*members: dict[str, Any], repeats: str = "study", group: str = "g", **changes: Any) -> Any:
    groups = [{"key": group, "label": group.upper(), "repeats": repeats, "fields": list(members)}]
    return from_json({"title": "Form", "groups": groups, **changes})


AGE = {"key": "age", "label": "Age", "kind": "number", "unit": "years", "units": ["months"]}
DESIGN = {"key": "design", "label": "Design", "kind": "choice", "options": ["Parallel", "Cross-over"]}


def test_equal_forms_differ_in_nothing() -> None:
    assert not difference(schema(AGE, DESIGN), schema(AGE, DESIGN))


def test_fields_come_and_go_by_key() -> None:
    found = difference(schema(AGE), schema(DESIGN))
    assert [field.key for field in found.added] == ["design"]
    assert [field.key for field in found.removed] == ["age"]
    assert found.touched == ("age",)


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ({**AGE, "kind": "text", "unit": "", "units": []}, "The kind changes from “number” to “text”."),
        ({**AGE, "units": []}, "The unit “months” is not taken any more."),
        ({**AGE, "maximum": "120"}, "The bounds change."),
        ({**DESIGN, "options": ["Parallel", "Cluster"]}, "The list loses “Cross-over”."),
    ],
)
def test_a_change_that_older_values_may_not_fit_is_marked(after: dict[str, Any], says: str) -> None:
    before = AGE if after["key"] == "age" else DESIGN
    (change,) = difference(schema(before), schema(after)).changed
    assert change.harms
    assert says in change.sentences


def test_asking_more_often_touches_the_values() -> None:
    found = difference(schema(AGE), schema(AGE, repeats="arm"))
    assert found.changed[0].sentences == ("It is asked once per arm and no longer once per study.",)
    assert found.touched == ("age",)


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ({**AGE, "label": "Mean age"}, "The name changes from “Age” to “Mean age”."),
        ({**AGE, "required": True}, "It is required now."),
        ({**AGE, "help": "At baseline."}, "The help text changes."),
        ({**AGE, "tier": "outcome"}, "The tier changes from descriptive to outcome."),
        ({**AGE, "units": ["months", "weeks"]}, "The unit “weeks” is taken too."),
        ({**AGE, "unit": "months", "units": ["years"]}, "A number without a unit is now in months."),
        ({**DESIGN, "options": [*DESIGN["options"], "Cluster"]}, "The list gains “Cluster”."),
        ({**DESIGN, "options": ["Parallel", {"key": "cross_over", "label": "X"}]}, "An option has another name."),
    ],
)  # fmt: skip
def test_a_change_that_older_values_fit_is_told_without_alarm(after: dict[str, Any], says: str) -> None:
    before = AGE if after["key"] == "age" else DESIGN
    found = difference(schema(before), schema(after))
    assert [change.sentences for change in found.changed] == [(says,)]
    assert found.touched == ()


def test_another_group_order_or_title_is_told() -> None:
    assert difference(schema(AGE), schema(AGE, group="h")).changed[0].sentences == ("It moves from “G” to “H”.",)
    assert difference(schema(AGE, DESIGN), schema(DESIGN, AGE)).other == ("The order of the fields changes.",)
    assert difference(schema(AGE), schema(AGE, title="Data")).other == ("The title changes from “Form” to “Data”.",)
