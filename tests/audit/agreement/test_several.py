"""Figures for any number of people against published examples, missing answers included."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.agreement import ac1, ac1_of, alpha, fleiss, pabak, percent, percent_of
from audit.agreement.figures import NO_SPREAD, NOTHING, ONE_KIND, TOO_FEW, t95

# `cac.raw4raters` of the R package irrCAC (Gwet, 2014, Handbook of Inter-Rater Reliability, 4th ed.): 4 raters, 12
# subjects, 5 categories, None where a rater left one out. Results as printed in the package's README.
RATERS4 = list(
    zip(
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, None],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
        strict=True,
    )
)
PRINTED = {
    "percent": (percent_of, 0.8181818, 0.12561, 0.542),
    "AC1": (lambda answers: ac1_of(answers, categories=5), 0.77544, 0.14295, 0.461),
    "Fleiss": (fleiss, 0.76117, 0.15302, 0.424),
    "alpha": (alpha, 0.74342, 0.14548, 0.423),
}


@pytest.mark.parametrize(("figure", "value", "error", "low"), PRINTED.values(), ids=PRINTED)
def test_with_missing_answers_the_figures_are_those_of_irrcac(figure, value, error, low):
    found = figure(RATERS4)
    assert found.value == pytest.approx(value, abs=6e-6)
    assert (found.value - found.low) / t95(11) == pytest.approx(error, abs=6e-6)
    assert (round(found.low, 3), found.high, found.n) == (low, 1.0, 11), "one subject has a single rating"


def spread(table):
    """Answers from rows that say how many gave each answer."""
    return [tuple(kind for kind, n in enumerate(row) for _ in range(n)) for row in table]


# `distrib.6raters` of irrCAC: the first 15 patients of Fleiss (1971). Results as printed in its README.
PATIENTS15 = spread(
    [
        (0, 0, 0, 6, 0), (0, 3, 0, 0, 3), (0, 1, 4, 0, 1), (0, 0, 0, 0, 6), (0, 3, 0, 3, 0),
        (2, 0, 4, 0, 0), (0, 0, 4, 0, 2), (2, 0, 3, 1, 0), (2, 0, 0, 4, 0), (0, 0, 0, 0, 6),
        (1, 0, 0, 5, 0), (1, 1, 0, 4, 0), (0, 3, 3, 0, 0), (1, 0, 0, 5, 0), (0, 2, 0, 3, 1),
    ]
)  # fmt: skip
# The other 15 of Fleiss (1971), Psychol Bull 76:378-382, table 1, as in statsmodels' test_inter_rater.py.
PATIENTS30 = [
    *PATIENTS15,
    *spread(
        [
            (0, 0, 5, 0, 1), (3, 0, 0, 1, 2), (5, 1, 0, 0, 0), (0, 2, 0, 4, 0), (1, 0, 2, 0, 3),
            (0, 0, 0, 0, 6), (0, 1, 0, 5, 0), (0, 2, 0, 1, 3), (2, 0, 0, 4, 0), (1, 0, 0, 4, 1),
            (0, 5, 0, 1, 0), (4, 0, 0, 0, 2), (0, 2, 0, 4, 0), (1, 0, 5, 0, 0), (0, 0, 0, 0, 6),
        ]
    ),
]  # fmt: skip


def test_kappa_of_six_raters_is_that_of_fleiss():
    """The R package irr prints 0.4302445 for them (kappam.fleiss)."""
    found = fleiss(PATIENTS30)
    assert (found.value, found.n) == (pytest.approx(0.4302445, abs=1e-7), 30)


@pytest.mark.parametrize(
    ("figure", "value", "error", "low", "high"),
    [
        (lambda answers: ac1_of(answers, categories=5), 0.4448007, 0.08418757, 0.264, 0.625),
        (fleiss, 0.4139265, 0.08119291, 0.240, 0.588),
    ],
    ids=["AC1", "Fleiss"],
)
def test_with_six_raters_the_figures_are_those_of_irrcac(figure, value, error, low, high):
    found = figure(PATIENTS15)
    assert found.value == pytest.approx(value, abs=5e-8)
    assert (found.high - found.low) / (2 * t95(14)) == pytest.approx(error, abs=5e-8)
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)


def test_alpha_of_six_raters_is_that_of_irrcac():
    """The value; the standard error that is printed there is of `krippen.alpha.dist`, another formula than `.raw`'s."""
    assert alpha(PATIENTS15).value == pytest.approx(0.4204384, abs=5e-8)


ALL = [percent_of, fleiss, lambda answers: ac1_of(answers, categories=3), alpha]


@pytest.mark.parametrize("figure", ALL)
@pytest.mark.parametrize("answers", [[], [()], [("a", None)], [(None, None), ("a",), ("b",)]])
def test_nothing_judged_by_two_is_no_figure_with_a_reason(figure, answers):
    found = figure(answers)
    assert (found.value, found.n, found.why) == (None, 0, NOTHING)


def test_one_answer_alone_leaves_what_hangs_on_its_frequency_undefined():
    same = [("a", "a", None)] * 5
    assert (fleiss(same).why, alpha(same).why) == (ONE_KIND, ONE_KIND)
    assert (percent_of(same).value, ac1_of(same).value) == (1.0, 1.0)
    assert percent_of(same).why == NO_SPREAD


@pytest.mark.parametrize("figure", ALL)
def test_one_record_has_no_interval(figure):
    found = figure([("a", "b", "a")])
    assert (found.low, found.high, found.why) == (None, None, TOO_FEW)


def test_more_answers_than_there_are_is_refused():
    with pytest.raises(ValueError, match="5 answers were given, of 2"):
        ac1_of(RATERS4)


RECORDS = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", None]), min_size=4, max_size=4).map(tuple), min_size=1, max_size=25
)


def same(one, other):
    assert (one.value is None, one.low is None, one.n) == (other.value is None, other.low is None, other.n)
    assert one.why == other.why
    for a, b in ((one.value, other.value), (one.low, other.low), (one.high, other.high)):
        assert (a or 0) == pytest.approx(b or 0, abs=1e-9)


@given(RECORDS, st.permutations(range(4)), st.randoms(use_true_random=False))
def test_figures_do_not_depend_on_the_order_of_people_or_records(records, order, random):
    shuffled = [tuple(answers[place] for place in order) for answers in records]
    random.shuffle(shuffled)
    for figure in ALL:
        same(figure(records), figure(shuffled))
        same(figure(records), figure(Counter(records)))


@given(RECORDS)
def test_a_record_without_answers_changes_nothing(records):
    for figure in ALL:
        same(figure(records), figure([*records, (None,) * 4, ()]))


@given(RECORDS)
def test_a_person_who_judged_nothing_changes_nothing(records):
    for figure in ALL:
        same(figure(records), figure([(*answers, None) for answers in records]))


@given(RECORDS)
def test_figures_stay_within_their_bounds(records):
    for figure in ALL:
        found = figure(records)
        if found.value is not None:
            assert found.value <= 1 + 1e-9
        if found.low is not None and found.value >= -1:
            assert -1 <= found.low <= found.value + 1e-9
            assert found.value - 1e-9 <= found.high <= 1


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab")), min_size=2, max_size=30))
def test_two_who_judged_all_have_the_figures_of_a_pair(pairs):
    n = len(pairs)
    assert percent_of(pairs).value == pytest.approx(percent(pairs).value)
    of_pair, of_several = ac1(pairs), ac1_of(pairs)
    assert of_several.value == pytest.approx(of_pair.value)
    assert 2 * percent_of(pairs).value - 1 == pytest.approx(pabak(pairs).value)
    # Gwet divides by n for two and by n - 1 for several; away from the bounds, where nothing is cut off
    if not of_pair.why and of_several.low > -1 and of_several.high < 1 and of_pair.low > -1 and of_pair.high < 1:
        widths = [(one.high - one.low) ** 2 for one in (of_pair, of_several)]
        assert widths[0] * n == pytest.approx(widths[1] * (n - 1), rel=1e-6)


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=20).filter(lambda said: len(set(said)) > 1))
def test_where_all_agree_each_figure_is_one(said):
    for figure in ALL:
        assert figure([(one, one, None, one) for one in said]).value == pytest.approx(1)
