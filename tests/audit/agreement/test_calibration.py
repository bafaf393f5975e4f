"""Calibration by known values, and what must hold of any labels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.agreement.calibration import Bin, binned, brier, calibrate, expected_error, fitted, share_at


def test_scores_out_of_order_are_pooled_as_by_hand():
    knots = fitted([0.1, 0.2, 0.3, 0.4], [False, True, False, True])
    assert knots == ((0.1, 0.166667), (0.2, 0.5), (0.3, 0.5), (0.4, 0.833333))


def test_between_knots_it_is_a_straight_line_and_beyond_them_level():
    knots = [(0.2, 0.1), (0.4, 0.5)]
    assert [share_at(knots, score) for score in (0.0, 0.2, 0.3, 0.4, 1.0)] == pytest.approx([0.1, 0.1, 0.3, 0.5, 0.5])


def test_the_expected_error_is_the_mean_distance_weighed_by_records():
    bins = [Bin(0.1, 0, 10), Bin(0.8, 24, 30)]
    assert expected_error(bins) == pytest.approx(0.25 * 0.1)
    assert expected_error([Bin(0.9, 1, 4)]) == pytest.approx(0.65)


def test_equal_predictions_are_never_in_two_bins():
    bins = binned([0.5] * 30 + [0.7] * 10, [True] * 15 + [False] * 25, most=10)
    assert [(one.predicted, one.kept, one.n) for one in bins] == [
        (pytest.approx(0.5), 15, 30),
        (pytest.approx(0.7), 0, 10),
    ]


def test_the_brier_score_is_the_mean_squared_difference():
    assert brier([0.9, 0.2], [True, False]) == pytest.approx((0.01 + 0.04) / 2)


def test_forty_nine_of_a_class_are_too_few_and_fifty_are_not():
    few = calibrate([0.9] * 50 + [0.1] * 49, [True] * 50 + [False] * 49)
    assert (few.n_include, few.n_exclude, few.usable, few.ece, few.knots) == (50, 49, False, None, ())
    enough = calibrate([0.9] * 50 + [0.1] * 50, [True] * 50 + [False] * 50)
    assert enough.usable
    # 80 records are in each fit, and no share is nearer to 0 or 1 than 1 in 82
    assert enough.ece == pytest.approx(1 / 82, abs=1e-6)
    assert share_at(enough.knots, 0.9) == pytest.approx(1 - 1 / 102, abs=1e-5)


def test_scores_that_tell_nothing_give_everybody_the_base_rate():
    found = calibrate([0.5] * 120, [True] * 60 + [False] * 60)
    assert found.usable
    assert {round(share_at(found.knots, score), 3) for score in (0.1, 0.5, 0.9)} == {0.5}


rows = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(rows, st.floats(0, 1), st.floats(0, 1))
def test_shares_rise_with_the_score_and_are_never_certain(labelled, one, other):
    knots = fitted([score for score, _ in labelled], [kept for _, kept in labelled])
    low, high = (share_at(knots, score) for score in sorted((one, other)))
    least = 1 / (len(labelled) + 2) - 1e-6
    assert least <= low <= high + 1e-9
    assert high <= 1 - least


@settings(max_examples=60, deadline=None)
@given(rows)
def test_bins_lose_no_record_and_errors_lie_between_0_and_1(labelled):
    predicted, kept = [p for p, _ in labelled], [k for _, k in labelled]
    bins = binned(predicted, kept)
    assert (sum(one.n for one in bins), sum(one.kept for one in bins)) == (len(labelled), sum(kept))
    assert 0 <= expected_error(bins) <= 1
    assert expected_error(bins) <= brier(predicted, kept) ** 0.5 + 1e-9  # Jensen: within a bin means are nearer
