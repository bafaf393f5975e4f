"""EXT-07: what is implausible is asked about, what is plausible is left alone."""

from datetime import date
from decimal import Decimal

import pytest

from extraction.derived import plausible


def said(**values: object) -> list[str]:
    """Check values named field__arm__measure (arm and measure 0 where not said)."""
    cells = {}
    for name, value in values.items():
        field, arm, measure = (*name.split("__"), "0", "0")[:3]
        cells[f"{field}@{arm}@{measure}"] = value if isinstance(value, str | date) else Decimal(str(value))
    return [doubt.sentence for doubt in plausible(cells)]


SOUND = {
    "total": 200,
    "randomised__1": 101,
    "randomised__2": 99,
    "analysed__1": 98,
    "analysed__2": 95,
    "events__1__7": 12,
    "percent__1__7": 12.2,
    "events__2__7": 95,
    "mean__1__8": 52.1,
    "sd__1__8": 11.2,
    "ci_lower__1__8": 49.9,
    "ci_upper__1__8": 54.3,
    "sd__2__8": 10.4,
    "se__2__8": 1.07,
    "p_value__0__8": 0.03,
}


def test_a_sound_study_raises_no_doubt() -> None:
    assert said(**SOUND, start_date="2019", end_date="2019-03-01", hr__0__9=0.7, ci_lower__0__9=0.5) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"events__1__7": 99}, "99 events among 98 participants: there can't be more."),
        ({"events__1__7": -1}, "A number of events can't be below 0."),
        ({"percent__1__7": 12.4}, "12 of 98 is 12.24%, not 12.4%."),
        ({"percent__1__7": 112}, "112% is not between 0 and 100."),
        ({"analysed__1": 102}, "102 analysed out of 101 randomised: there can't be more."),
        ({"analysed__1": 97.5}, "97.5 is no whole number of participants."),
        ({"randomised__2": 98}, "The arms add up to 199 participants, the study says 200."),
        ({"ci_lower__1__8": 55}, "The interval 55 to 54.3 doesn't go from lower to upper."),
        ({"mean__1__8": 55.0}, "The estimate 55.0 lies outside its interval, 49.9 to 54.3."),
        ({"sd__1__8": -2}, "A standard deviation can't be below 0; it is −2."),
        ({"se__2__8": 11}, "The SE (11) is not below the SD (10.4); are they exchanged?"),
        ({"se__2__8": 3.1}, "An SD of 10.4 with 95 participants gives an SE near 1.07."),
        ({"p_value__0__8": 1.2}, "A P value lies between 0 and 1; it is 1.2."),
        ({"start_date": "2020-01", "end_date": "2019"}, "It ends (2019) before it starts (2020-01)."),
        ({"start_date": date(2020, 2, 2), "end_date": date(2020, 2, 1)}, "It ends (2020-02-01) before it starts"),
        ({"hr__0__9": -0.36}, "A ratio and its bounds are above 0; −0.36 may be on the log scale."),
        ({"q1__1__9": 5, "median__1__9": 4}, "The lower quartile, 5, is above the median, 4."),
    ],
)
def test_what_cannot_be_is_said(values: dict[str, object], sentence: str) -> None:
    assert any(found.startswith(sentence) for found in said(**{**SOUND, **values})), said(**{**SOUND, **values})


def test_a_standard_error_in_the_place_of_an_sd_is_suspected() -> None:
    (first, *_) = said(**{**SOUND, "sd__1__8": 1.13})
    assert "is what the interval gives as the standard error (1.122)" in first


def test_an_sd_that_is_far_below_the_other_arm_s_is_suspected() -> None:
    found = said(sd__1__8=1.1, sd__2__8=10.4, analysed__1=95, analysed__2=95)
    assert found == ["The SD of 1.1 is far below the other arm's 10.4, by about √95; it may be a standard error."]


def test_a_small_sd_in_a_small_group_is_nobody_s_business() -> None:
    assert said(sd__1__8=3, sd__2__8=9, analysed__1=9, analysed__2=9) == []


def test_a_log_ratio_may_be_below_zero() -> None:
    values = {"estimate__0__1": -0.3, "ci_lower__0__1": -0.6, "ci_upper__0__1": 0.1}
    assert said(**values, effect_measure__0__1="log_hr") == []
    assert len(said(**values, effect_measure__0__1="hr")) == 2


def test_baseline_and_final_values_are_kept_apart() -> None:
    values = {"baseline_mean__1": 50, "baseline_ci_lower__1": 48, "baseline_ci_upper__1": 52}
    assert said(**values, mean__1=40, ci_lower__1=38, ci_upper__1=42) == []


@pytest.mark.parametrize(("percent", "fine"), [("12", True), ("12.2", True), ("12.24", True), ("12.25", False)])
def test_a_percentage_may_be_rounded_as_reported(percent: str, fine: bool) -> None:
    cells = {"events@1@0": Decimal(12), "n@1@0": Decimal(98), "percent@1@0": Decimal(percent)}
    assert (plausible(cells) == []) is fine


def test_a_field_called_otherwise_is_checked_where_its_role_is_said() -> None:
    cells = {"dead@1@0": Decimal(12), "n@1@0": Decimal(10)}
    assert plausible(cells) == []
    (doubt,) = plausible(cells, {"dead": "events"})
    assert doubt.cells == ("dead@1@0", "n@1@0")


@pytest.mark.parametrize(
    ("estimate", "bounds"),
    [
        ("difference", "difference"),
        ("effect_estimate", "effect"),
        ("hazard_ratio", "hr"),
        ("rr", "risk_ratio"),
        ("median_time", "median_time"),
        ("age_mean", "age"),
    ],
)
def test_an_interval_is_held_against_the_estimate_of_the_same_name(estimate: str, bounds: str) -> None:
    interval = {f"{bounds}_ci_lower@0@3": Decimal(2), f"{bounds}_ci_upper@0@3": Decimal(4)}
    assert plausible({**interval, f"{estimate}@0@3": Decimal(3)}) == []
    (doubt,) = plausible({**interval, f"{estimate}@0@3": Decimal(5)})
    assert doubt.sentence == "The estimate 5 lies outside its interval, 2 to 4."


def test_logs_and_computed_values_are_left_alone() -> None:
    assert said(log_hr=-0.3, se_log_hr=0.1, hazard_ratio=0.74, sd_by_se=4, sd=3, n=20) == []


def test_an_age_that_ends_is_no_date() -> None:
    assert said(age_start=20, age_end=5, start="spring", end="2019") == []


def test_text_where_a_number_was_expected_is_not_the_business_of_a_check() -> None:
    assert plausible({"events@1@0": "twelve", "n@1@0": Decimal(10), "sd@1@0": Decimal("NaN")}) == []


@pytest.mark.parametrize("events", ["1E+29", "123456789012345678901234567890", "0"])
def test_numbers_of_thirty_digits_are_doubted_and_hold_up_nothing(events: str) -> None:
    values = {"events@0@0": Decimal(events), "n@0@0": Decimal(1), "percent@0@0": Decimal(5)}
    found = plausible(values)
    assert any("can't be more" in doubt.sentence for doubt in found) or events == "0"
