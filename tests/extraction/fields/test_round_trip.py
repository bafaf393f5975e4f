"""Whatever is typed, a field understands it or says why not; what it shows, it reads back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.fields import KINDS, STATES, FieldError, FieldSpec, Option, Parsed, kind_of, stated

OPTIONS = (Option("parallel", "Parallel group"), Option("crossover", "Cross-over"), Option("rct_2", "2 x 2, factorial"))


def spec(kind: str, **changes: object) -> FieldSpec:
    return FieldSpec(**{"key": "field", "label": "Field", "kind": kind, "options": OPTIONS, **changes})  # type: ignore[arg-type]


UNITS = spec("number", unit="mg", units=("g", "µg"))
SPECS = [spec(kind) for kind in KINDS] + [UNITS, spec("number", minimum="0", maximum="100", whole=True)]
RAW = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.,·-−+eE×^ 10'’%mgµ<>±()", max_size=24),
    st.from_regex(r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. ][0-9]{1,4}", fullmatch=True),
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.binary(max_size=5),
    st.lists(st.text(max_size=12), max_size=4), st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)  # fmt: skip


@given(st.sampled_from(SPECS), RAW)
def test_anything_is_understood_or_refused_with_a_sentence_and_what_is_shown_is_read_back(
    field: FieldSpec, raw: object
) -> None:
    kind = kind_of(field)
    said = ""
    try:
        parsed = kind.parse(raw)
    except FieldError as refusal:
        said = str(refusal)
    if said:
        assert said[-1] in ".?"
        return
    kind.validate(parsed)
    again = kind.parse(kind.show(parsed))
    assert (again.state, again.unit, again.value) == (parsed.state, parsed.unit, parsed.value)
    assert kind.compare(again, parsed)
    assert Parsed.from_json(parsed.as_json()) == parsed


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_a_number_keeps_its_value_and_is_stored_without_an_exponent(value: Decimal) -> None:
    kind = kind_of(UNITS)
    parsed = kind.parse(str(value))
    assert kind.decimal(parsed) == value
    assert "E" not in str(parsed.value)


@given(st.sets(st.sampled_from(OPTIONS), min_size=1), st.randoms())
def test_the_order_in_which_options_are_named_does_not_matter(chosen: set[Option], random: object) -> None:
    kind = kind_of(spec("multi_choice"))
    named = list(chosen)
    random.shuffle(named)  # type: ignore[attr-defined]
    assert kind.parse([option.label for option in named]) == kind.parse("; ".join(option.key for option in chosen))


@pytest.mark.parametrize("field", SPECS, ids=lambda field: field.kind)
@pytest.mark.parametrize("state", STATES[1:])
def test_the_three_answers_that_are_no_value_are_answers_of_every_kind(field: FieldSpec, state: str) -> None:
    kind = kind_of(field)
    assert kind.parse(state.replace("_", " ")) == kind.parse(state) == stated(state)
    assert kind.parse(kind.show(stated(state))) == stated(state)
    assert kind.compare(stated(state), stated(state))


def test_not_reported_is_not_unclear_and_not_a_value() -> None:
    kind = kind_of(spec("text"))
    assert not kind.compare(stated("not_reported"), stated("unclear"))
    assert not kind.compare(stated("not_reported"), kind.parse("none"))


@pytest.mark.parametrize("state", ["reported", "withdrawn", ""])
def test_nothing_else_can_be_stated_without_a_value(state: str) -> None:
    with pytest.raises(FieldError):
        stated(state)


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"state": "reported", "value": None},
        {"state": "unclear", "value": "5"},
        {"state": "reported", "value": 5},
        {"state": "reported", "value": ["a", 5]},
        {"state": "reported", "value": "5", "unit": None},
    ],
)
def test_what_was_never_stored_is_not_read(stored: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        Parsed.from_json(stored)


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(FieldError, match="slider"):
        kind_of(spec("slider"))
