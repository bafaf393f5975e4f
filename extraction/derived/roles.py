"""What the value of a cell means, read from the key of its field: `baseline_sd` is the SD of the stem "baseline".

A form may be written by anyone, so nothing here is more than a guess that leads to a question; `roles` of `plausible`
says it where keys are called otherwise.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ENDINGS: dict[str, tuple[str, ...]] = {
    "lower": ("ci_lower", "lower_ci", "ci_low", "lower_bound", "lower", "lcl"),
    "upper": ("ci_upper", "upper_ci", "ci_high", "upper_bound", "upper", "ucl"),
    "events": ("events", "n_events", "with_event", "cases", "responders"),
    "percent": ("percent", "percentage", "pct"),
    "mean": ("mean",),
    "median": ("median",),
    "q1": ("q1", "lower_quartile"),
    "q3": ("q3", "upper_quartile"),
    "minimum": ("minimum", "min"),
    "maximum": ("maximum", "max"),
    "sd": ("sd", "standard_deviation"),
    "se": ("se", "sem", "standard_error"),
    "p": ("p", "p_value", "pvalue"),
    "randomised": ("randomised", "randomized", "n_randomised", "n_randomized", "allocated"),
    "n": ("n", "analysed", "analyzed", "n_analysed", "n_analyzed", "participants", "denominator"),
    "total": ("total", "n_total", "total_n", "sample_size", "total_randomised", "total_randomized"),
    "estimate": ("estimate", "effect", "difference", "mean_difference", "md", "smd"),
    "ratio": ("hr", "rr", "or", "hazard_ratio", "risk_ratio", "odds_ratio", "rate_ratio", "ratio"),
    "measure": ("effect_measure", "effect_type", "measure"),
    "start": ("start_date", "date_start", "started", "start", "recruitment_start", "enrolment_start"),
    "end": ("end_date", "date_end", "ended", "end", "recruitment_end", "enrolment_end"),
}
SAME = {"hr": "hazard_ratio", "rr": "risk_ratio", "or": "odds_ratio", "irr": "rate_ratio"}
_BOUNDS = ("lower", "upper")
_OTHER = {"log", "ln", "by"}
_DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
_BY_LENGTH = sorted(((end, role) for role, ends in ENDINGS.items() for end in ends), key=lambda pair: -len(pair[0]))


@dataclass(frozen=True, slots=True)
class Cell:
    """One value with its meaning and its place: `stem` tells "baseline" from "final" in one arm and measure."""

    key: str
    role: str
    stem: str
    arm: str
    measure: str
    value: Decimal | date | str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.stem, self.arm, self.measure

    @property
    def number(self) -> Decimal:
        if not isinstance(self.value, Decimal):
            raise TypeError(f"{self.key} is no number.")
        return self.value


def role_of(field: str) -> tuple[str, str]:
    """Return (role, stem) of a field's key; ("", key) where it says nothing, or speaks of a log or a computed value."""
    if _OTHER & set(field.split("_")):
        return "", field
    for ending, role in _BY_LENGTH:
        if field == ending:
            return role, ""
        if field.endswith(f"_{ending}"):
            return role, SAME.get(stem := field.removesuffix(f"_{ending}"), stem)
    return "", field


def cells(values: Mapping[str, Decimal | date | str], roles: Mapping[str, str]) -> list[Cell]:
    """Give each value its role and place; those without a role, and numbers that are none, are left out."""
    found = []
    bounded = {stem for role, stem in map(role_of, {key.partition("@")[0] for key in values}) if role in _BOUNDS}
    for key, value in values.items():
        field, _, rest = key.partition("@")
        arm, _, measure = rest.partition("@")
        role, stem = role_of(field)
        name = SAME.get(field, field)
        if name in bounded and role in ("", "estimate", "ratio"):  # `difference` beside `difference_ci_lower`
            role, stem = role or "estimate", name
        role = roles.get(field, role)
        if role and _fits(role, value):
            found.append(Cell(key, role, stem, arm or "0", measure or "0", value))
    return found


def _fits(role: str, value: Decimal | date | str) -> bool:
    """Whether a value is of the kind that its role speaks of: an `age_end` of 64 is no date."""
    if role in ("start", "end"):
        return isinstance(value, date) or (isinstance(value, str) and bool(_DATE.fullmatch(value)))
    if role == "measure":
        return isinstance(value, str)
    return isinstance(value, Decimal) and value.is_finite()
