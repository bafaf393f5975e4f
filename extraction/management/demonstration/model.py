"""What an invented trial report says, figure by figure, with the words in which the PDF says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

BASELINE, END, LATE = "baseline", "end", "late"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: `quote` is the sentence or the table row, word for word; `page` counts from 1."""

    quote: str
    page: int
    kind: str = "sentence"  # or "row"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a report says of the whole trial. `value` is written plainly ("69.3", "parallel")."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class ArmTruth:
    """One arm. `n` were randomised; `analysed` and `followed` had the outcomes at the end and later."""

    label: str
    name: str
    n: int
    analysed: int
    followed: int
    age: Decimal
    age_sd: Decimal
    women: int


@dataclass(frozen=True, slots=True)
class Means:
    """An outcome in one arm at one time point, as mean and SD; `change` tells a change from baseline."""

    outcome: str
    time: str
    arm: int
    n: int
    mean: Decimal
    sd: Decimal
    place: Place
    change: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """First arm minus second, with the 95% interval."""

    outcome: str
    time: str
    value: Decimal
    low: Decimal
    high: Decimal
    place: Place


@dataclass(frozen=True, slots=True)
class Events:
    """How many of an arm had an event."""

    outcome: str
    arm: int
    events: int
    n: int
    place: Place


@dataclass(frozen=True, slots=True)
class Hazard:
    """A hazard ratio of the first arm against the second, with the 95% interval."""

    outcome: str
    ratio: Decimal
    low: Decimal
    high: Decimal
    place: Place


@dataclass(frozen=True, slots=True)
class OutcomeTruth:
    """A continuous outcome. `primary` for the one that the sample size was made for."""

    key: str
    name: str
    unit: str
    higher_is_better: bool
    primary: bool


@dataclass(frozen=True, slots=True)
class ReportTruth:
    """Everything a careful extractor would find in a report. What a report does not say is missing from `facts`.

    `times` maps "end" and "late" to the words of the paper ("8 weeks"). `facts` has design, country, registry, sites,
    recruitment, population, intervention, comparator, randomised, randomisation, concealment, blinding, analysis, assessed,
    age, women, withdrawals, funding, conflicts, as far as the report says them; age_row and women_row are rows of table 1. `hidden` are texts that a reader does not see.
    """

    work: str
    eligible: bool
    reason: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    arms: tuple[ArmTruth, ...] = ()
    outcomes: tuple[OutcomeTruth, ...] = ()
    times: Mapping[str, str] = field(default_factory=dict)
    means: tuple[Means, ...] = ()
    differences: tuple[Difference, ...] = ()
    events: tuple[Events, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    hidden: tuple[str, ...] = ()
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One PDF. `doi` is "" for the congress abstract, which has none."""

    filename: str
    content: bytes
    doi: str
    title: str
    truth: ReportTruth
    pages: int
