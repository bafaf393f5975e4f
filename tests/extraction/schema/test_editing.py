"""One change at a time: nothing of a draft is lost but what was meant."""

from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.schema import from_json, templates, to_json
from extraction.schema.editing import (
    EditError,
    Place,
    add_field,
    add_group,
    move_field,
    move_group,
    place_of,
    remove_field,
    remove_group,
    set_field,
    set_group,
    shaped,
)

TEMPLATE = to_json(templates()[2].schema)


def keys(draft: dict[str, Any]) -> list[list[str]]:
    return [[field["key"] for field in group["fields"]] for group in draft["groups"]]


def draft(*groups: str) -> dict[str, Any]:
    """Groups "a", "b" … with a field for each letter given."""
    listed = [
        {"key": f"g{n}", "label": f"G{n}", "repeats": "study", "help": "",
         "fields": [{"key": letter, "label": letter, "kind": "text"} for letter in letters]}
        for n, letters in enumerate(groups)
    ]  # fmt: skip
    return {"title": "T", "instrument": "", "purpose": "data", "groups": listed}


def test_a_field_moves_within_its_group_and_beyond_its_edge() -> None:
    begun = draft("ab", "c")
    assert keys(move_field(begun, Place(0, 0), 1)[0]) == [["b", "a"], ["c"]]
    down, place = move_field(begun, Place(0, 1), 1)
    assert (keys(down), place) == ([["a"], ["b", "c"]], Place(1, 0))
    assert move_field(down, place, -1) == (shaped(begun), Place(0, 1))
    assert move_field(begun, Place(0, 0), -1) == (shaped(begun), Place(0, 0))


def test_groups_move_and_go() -> None:
    begun = draft("a", "b", "c")
    assert keys(move_group(begun, Place(0), 1)[0]) == [["b"], ["a"], ["c"]]
    assert keys(move_group(begun, Place(0), -1)[0]) == [["a"], ["b"], ["c"]]
    assert keys(remove_group(begun, Place(1))[0]) == [["a"], ["c"]]


def test_what_is_added_gets_a_key_that_nothing_else_has() -> None:
    begun, place = add_group(draft("a"), label="G0")
    assert begun["groups"][1]["key"] == "g0_2"
    added, place = add_field(begun, place, {"label": "A", "kind": "number"})
    assert keys(added) == [["a"], ["a_2"]]
    assert place == Place(1, 0)
    renamed, _ = set_group(added, Place(1), label="Arms", key="")
    assert renamed["groups"][1]["key"] == "arms"


def test_a_field_keeps_only_what_its_kind_and_tier_have_use_for() -> None:
    whole = {"key": "a", "label": "A", "kind": "text", "unit": "mg", "options": ["x", "y"], "formula": "f",
             "inputs": {"x": "y"}, "help": "", "required": True, "tier": "descriptive"}  # fmt: skip
    (field,) = set_field(draft("a"), Place(0, 0), whole)[0]["groups"][0]["fields"]
    assert field == {"key": "a", "label": "A", "kind": "text", "required": True, "tier": "descriptive"}


def test_a_field_goes_to_another_group() -> None:
    moved, place = set_field(draft("ab", "c"), Place(0, 0), {"key": "a", "label": "A", "kind": "text"}, group=1)
    assert (keys(moved), place) == ([["b"], ["c", "a"]], Place(1, 1))


@pytest.mark.parametrize("place", [Place(5), Place(0, 9), Place(-1), Place(0, -1)])
def test_what_is_gone_is_said(place: Place) -> None:
    change = remove_group if place.field is None else remove_field
    with pytest.raises(EditError, match="not in the form any more"):
        change(draft("ab"), place)


def test_a_place_is_found_again_by_its_key() -> None:
    assert place_of(draft("ab", "c"), "c", group=False) == Place(1, 0)
    assert place_of(draft("ab", "c"), "g1", group=True) == Place(1)
    assert place_of(draft("ab"), "z", group=False) is None


@given(st.data())
def test_moving_about_loses_no_field_and_makes_no_fault(data: st.DataObject) -> None:
    moved = TEMPLATE
    for _ in range(data.draw(st.integers(1, 12))):
        group = data.draw(st.integers(0, len(moved["groups"]) - 1))
        count = len(moved["groups"][group]["fields"])
        step = data.draw(st.sampled_from([-1, 1]))
        if count and data.draw(st.booleans()):
            moved, _ = move_field(moved, Place(group, data.draw(st.integers(0, count - 1))), step)
        else:
            moved, _ = move_group(moved, Place(group), step)
    assert sorted(chain(*keys(moved))) == sorted(chain(*keys(TEMPLATE)))


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["groups", "fields", "key"]), inner), max_leaves=12))  # fmt: skip
def test_any_json_gets_the_shape_of_a_draft(junk: object) -> None:
    made, place = add_group(shaped(junk), label="New")
    added, _ = add_field(made, place, {"label": "F", "kind": "text"})
    assert added["groups"][place.group]["fields"][0]["key"] == "f"


def test_a_template_survives_being_shaped() -> None:
    assert from_json(shaped(TEMPLATE)) == from_json(TEMPLATE)
