"""Agreement statistics against the worked examples of their authors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.agreement import kappa, percent, wilson


def pairs(table):
    """A list of pairs from {(one, other): count}."""
    return [pair for pair, count in table.items() for _ in range(count)]


# Fleiss, Levin & Paik, table 18.1: two raters, 100 subjects; published: observed 0.89, kappa 0.68, standard error 0.087
DIAGNOSES = pairs(
    {
        ("psychotic", "psychotic"): 75,
        ("psychotic", "neurotic"): 1,
        ("psychotic", "organic"): 4,
        ("neurotic", "psychotic"): 5,
        ("neurotic", "neurotic"): 4,
        ("neurotic", "organic"): 1,
        ("organic", "organic"): 10,
    }
)


def test_kappa_and_its_interval_are_those_of_fleiss():
    found = kappa(DIAGNOSES)
    assert found.value == pytest.approx(0.6765, abs=5e-4)
    assert (found.high - found.low) / (2 * 1.959964) == pytest.approx(0.087, abs=1e-3)


def test_percent_agreement_counts_the_diagonal():
    assert (percent(DIAGNOSES).hits, percent(DIAGNOSES).n) == (89, 100)


# Newcombe (1998), table I, method 3
@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_newcombes(hits, n, low, high):
    found = wilson(hits, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_nothing_to_compare_is_no_number():
    assert wilson(0, 0).value is None
    assert kappa([]).value is None
    assert kappa([("keep", "keep")] * 5).value is None, "with one category chance explains everything"


def test_more_hits_than_tries_are_refused():
    with pytest.raises(ValueError, match="not a proportion"):
        wilson(3, 2)


@given(st.integers(0, 400), st.integers(1, 400))
def test_an_interval_holds_its_proportion(hits, n):
    found = wilson(min(hits, n), n)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=60))
def test_kappa_does_not_depend_on_who_is_first(listed):
    one, other = kappa(listed), kappa([(b, a) for a, b in listed])
    assert (one.value is None) == (other.value is None)
    if one.value is not None:
        assert one.value == pytest.approx(other.value)
        assert -1 <= one.low <= one.value <= one.high <= 1
