"""Figures for two people against published examples, and what must hold for any pair of them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.agreement import ac1, kappa, pabak, percent, specific
from audit.agreement.figures import NO_SPREAD, NOBODY, NOTHING, ONE_CATEGORY, ONE_KIND, TOO_FEW, t95


def two_by_two(a, b, c, d):
    """A table of yes and no by two people, the first's answer down and the second's across."""
    return {("yes", "yes"): a, ("yes", "no"): b, ("no", "yes"): c, ("no", "no"): d}


def error_of(figure, quantile):
    return (figure.high - figure.low) / (2 * quantile)


# The tables of Feinstein & Cicchetti (1990), J Clin Epidemiol 43:543-549, as reprinted by Gerstman, "Epidemiology Kept
# Simple" (3rd ed.), table 10.6, with observed agreement and kappa; PABAK and AC1 of these two from Shankar & Bangdiwala
# (2014), BMC Med Res Methodol 14:100, table 3, scenarios 1 and 2.
BALANCED = two_by_two(40, 9, 6, 45)
PARADOX = two_by_two(80, 10, 5, 5)


@pytest.mark.parametrize(
    ("table", "observed", "kappa_", "pabak_", "ac1_"),
    [(BALANCED, 0.85, 0.70, 0.70, 0.70), (PARADOX, 0.85, 0.32, 0.70, 0.81)],
    ids=["balanced", "paradox"],
)
def test_the_paradox_of_kappa_is_that_of_feinstein_and_cicchetti(table, observed, kappa_, pabak_, ac1_):
    assert percent(table).value == pytest.approx(observed)
    found = [kappa(table).value, pabak(table).value, ac1(table).value]
    assert found == pytest.approx([kappa_, pabak_, ac1_], abs=5e-3)


# `cont3x3abstractors` of the R package irrCAC (Gwet, 2014, Handbook of Inter-Rater Reliability, 4th ed.), with the
# results printed in the package's README: kappa2.table, gwet.ac1.table, bp2.table.
ABSTRACTORS = {
    ("ectopic", "ectopic"): 13,
    ("aiu", "aiu"): 20,
    ("aiu", "niu"): 7,
    ("niu", "aiu"): 4,
    ("niu", "niu"): 56,
}


def test_kappa_is_that_of_irrcac():
    found = kappa(ABSTRACTORS)
    assert (found.value, error_of(found, 1.959964)) == (
        pytest.approx(0.7964094, abs=1e-7),
        pytest.approx(0.05891072, abs=1e-7),
    )


def test_ac1_and_its_interval_are_those_of_irrcac():
    found = ac1(ABSTRACTORS, categories=3)
    assert found.value == pytest.approx(0.8493305, abs=1e-7)
    assert error_of(found, t95(99)) == pytest.approx(0.04321747, abs=1e-7)
    assert (round(found.low, 3), round(found.high, 3)) == (0.764, 0.935)


def test_pabak_of_three_answers_is_brennan_and_predigers():
    assert pabak(ABSTRACTORS, categories=3).value == pytest.approx(0.835)
    assert percent(ABSTRACTORS).value == pytest.approx(0.89)


def test_pabak_of_four_answers_is_bonetts_g_index():
    """statpsych's ci.agree(.05, 100, 80, 4): 0.7333 (Bonett, 2022, J Educ Behav Stat 47:438-458)."""
    table = {(1, 1): 40, (2, 2): 40, (3, 4): 20}
    found = pabak(table, categories=4)
    assert found.value == pytest.approx(0.7333333, abs=1e-7)
    # its adjusted Wald interval, 0.6133 to 0.8226, has Wilson's middle with another width
    assert (found.low + found.high) / 2 == pytest.approx((0.6132949 + 0.8226025) / 2, abs=5e-3)


def test_kappa_of_two_answers_is_that_of_statpsych():
    """statpsych's ci.kappa(.05, 31, 12, 4, 58): 0.676, standard error 0.0734, 0.532 to 0.820."""
    found = kappa(two_by_two(31, 12, 4, 58))
    assert (found.value, found.low, found.high) == (
        pytest.approx(0.676, abs=5e-4),
        pytest.approx(0.532, abs=1e-3),
        pytest.approx(0.820, abs=1e-3),
    )
    assert error_of(found, 1.959964) == pytest.approx(0.0734, abs=5e-5)


def test_positive_and_negative_agreement_are_cicchetti_and_feinsteins():
    """2a/(2a+b+c) and 2d/(2d+b+c) of the second table, where kappa is low because nearly all answers are yes."""
    assert specific(PARADOX, "yes").value == pytest.approx(160 / 175)
    assert specific(PARADOX, "no").value == pytest.approx(10 / 25)


def test_the_interval_of_positive_agreement_is_nearly_graham_and_bulls():
    """Their delta method: the root of 4 a (b+c) (a+b+c) / (2a+b+c)^4. The two meet where there is much to go by."""
    a, b, c = 4_000, 500, 300
    found, apart = specific(two_by_two(a, b, c, 9_000), "yes"), b + c
    delta = (4 * a * apart * (a + apart) / (2 * a + apart) ** 4) ** 0.5
    assert error_of(found, 1.959964) == pytest.approx(delta, rel=2e-3)


def test_positive_agreement_keeps_a_width_where_all_agreed():
    found = specific({("yes", "yes"): 10}, "yes")
    assert (found.value, found.high) == (1.0, pytest.approx(1.0))
    assert 0.7 < found.low < 0.9


@pytest.mark.parametrize("figure", [kappa, pabak, ac1, lambda pairs: specific(pairs, "yes")])
def test_nothing_to_compare_is_no_figure_with_a_reason(figure):
    found = figure([])
    assert (found.value, found.low, found.high, found.n, found.why) == (None, None, None, 0, NOTHING)


def test_one_answer_alone_leaves_kappa_undefined_and_the_others_at_one():
    same = [("no", "no")] * 7
    assert (kappa(same).value, kappa(same).why, kappa(same).n) == (None, ONE_KIND, 7)
    assert (pabak(same).value, ac1(same).value, specific(same, "no").value) == (1.0, 1.0, 1.0)
    assert (specific(same, "yes").value, specific(same, "yes").why) == (None, NOBODY)


def test_an_interval_without_width_says_so():
    agreed = [("no", "no"), ("yes", "yes")] * 3
    assert kappa(agreed).why == ac1(agreed).why == NO_SPREAD


def test_one_record_has_no_interval_of_ac1():
    found = ac1([("yes", "no")])
    assert (found.value, found.low, found.high, found.why) == (pytest.approx(-1.0), None, None, TOO_FEW)


def test_more_answers_than_there_are_is_refused():
    with pytest.raises(ValueError, match="3 answers were given, of 2"):
        ac1(ABSTRACTORS)
    with pytest.raises(ValueError, match="3 answers were given, of 2"):
        pabak(ABSTRACTORS)


def test_a_question_with_one_answer_has_no_agreement_beyond_chance():
    only = [("yes", "yes")]
    assert pabak(only, categories=1).why == ac1(only, categories=1).why == ONE_CATEGORY


def test_students_t_is_right():
    """The percentiles of any table of Student's t."""
    for freedom, published in (
        (1, 12.706),
        (2, 4.303),
        (5, 2.571),
        (10, 2.228),
        (11, 2.201),
        (30, 2.042),
        (120, 1.980),
    ):
        assert t95(freedom) == pytest.approx(published, abs=5e-4)
    with pytest.raises(ValueError, match="one degree"):
        t95(0)


ANSWERS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=40)
FIGURES = [kappa, lambda p: pabak(p, categories=3), lambda p: ac1(p, categories=3), lambda p: specific(p, "a")]


@given(ANSWERS)
def test_figures_do_not_depend_on_who_is_first_or_on_the_order_of_records(pairs):
    for figure in FIGURES:
        one, other, shuffled = figure(pairs), figure([(b, a) for a, b in pairs]), figure(pairs[::-1])
        for found in (other, shuffled, figure(Counter(pairs))):
            assert (found.value is None, found.n) == (one.value is None, one.n)
            assert [found.value or 0, found.low or 0, found.high or 0] == pytest.approx(
                [one.value or 0, one.low or 0, one.high or 0], abs=1e-9
            )


@given(ANSWERS)
def test_figures_stay_within_their_bounds(pairs):
    for figure in FIGURES:
        found = figure(pairs)
        if found.value is not None:
            assert -1 - 1e-9 <= found.value <= 1 + 1e-9
        if found.low is not None:
            assert -1 <= found.low <= found.value + 1e-9
            assert found.value - 1e-9 <= found.high <= 1


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=30).filter(lambda said: len(set(said)) > 1))
def test_where_all_agree_each_figure_is_one(said):
    pairs = [(one, one) for one in said]
    assert kappa(pairs).value == pytest.approx(1)
    assert pabak(pairs, categories=3).value == pytest.approx(1)
    assert ac1(pairs, categories=3).value == pytest.approx(1)
    assert specific(pairs, said[0]).value == pytest.approx(1)
