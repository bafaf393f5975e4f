"""The shape of what is decided by hand about each report; everything else is drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Instrument:
    """An outcome as these papers measure it: usual baseline mean and SD, how it is described, what matters."""

    name: str
    short: str
    unit: str
    decimals: int
    mean: float
    sd: float
    higher_is_better: bool
    described: str
    minimal: str


INSTRUMENTS = {
    "sgrq": Instrument(
        "St George's Respiratory Questionnaire total score", "SGRQ total", "points", 1, 47.5, 14.8, False,
        "The St George's Respiratory Questionnaire has 50 items; its total score runs from 0 (best) to 100 (worst)", "4 points",
    ),
    "crq": Instrument(
        "Chronic Respiratory Questionnaire dyspnoea domain", "CRQ dyspnoea", "points", 1, 16.8, 7.4, True,
        "The dyspnoea domain of the Chronic Respiratory Questionnaire runs from 5 to 35, and higher scores mean less breathlessness", "2.5 points",
    ),
    "cat": Instrument(
        "COPD Assessment Test score", "CAT score", "points", 1, 19.2, 6.8, False,
        "The COPD Assessment Test has eight items and runs from 0 to 40; higher scores are worse", "2 points",
    ),
    "6mwd": Instrument(
        "six-minute walk distance", "6MWD", "m", 0, 372.0, 96.0, True,
        "The six-minute walk test was done twice on a 30 m course, and the better distance was taken", "30 m",
    ),
    "eswt": Instrument(
        "endurance shuttle walk time", "ESWT", "s", 0, 286.0, 154.0, True,
        "The endurance shuttle walk was done at 85% of predicted peak oxygen uptake and stopped at 20 minutes", "65 s",
    ),
    "iswd": Instrument(
        "incremental shuttle walk distance", "ISWD", "m", 0, 268.0, 112.0, True,
        "The incremental shuttle walk was done on a 10 m course after one practice walk", "35 m",
    ),
    "sts": Instrument(
        "one-minute sit-to-stand repetitions", "1-min STS", "repetitions", 1, 18.4, 6.1, True,
        "For the one-minute sit-to-stand test, completed repetitions from a chair of 46 cm were counted", "3 repetitions",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArmPlan:
    """`label` heads a table's column, `group` is how the text calls the people in it."""

    label: str
    group: str
    name: str
    n: int
    analysed: int
    followed: int


@dataclass(frozen=True, slots=True)
class OutcomePlan:
    """`effect` (difference, lower, upper) as the abstract has it, or None for no difference; `both` is a change that both
    groups had; `slight` a difference that is too small to be clear; `kept` is the share of the effect that is left at the late assessment."""

    key: str
    effect: tuple[str, str, str] | None = None
    both: str = ""
    kept: float = 0.3
    slight: str = ""

    @property
    def instrument(self) -> Instrument:
        """How it is measured."""
        return INSTRUMENTS[self.key]


@dataclass(frozen=True, slots=True)
class Plan:
    """A report as far as it is decided by hand: what agrees with the abstract of the record, and what is special.

    `concealment` and `blinding` are None where the paper does not say. `special` is "", "scan", "hidden", "long",
    "landscape", "congress" or "protocol".
    """

    work: str
    look: str
    registry: str
    country: str
    setting: str
    recruited: str
    population: str
    arms: tuple[ArmPlan, ArmPlan]
    screened: int
    age: Decimal
    women: int
    fev: int
    weeks: int
    months: int
    intervention: str
    comparator: str
    outcomes: tuple[OutcomePlan, ...]
    randomisation: str
    concealment: str | None
    blinding: str | None
    funding: str
    conflicts: str
    age_sd: str = ""
    design: str = "parallel"
    acronym: str = ""
    city: str = ""
    admitted: tuple[int, int] = (0, 0)
    harmed: tuple[int, int] = (0, 0)
    died: tuple[int, int] = (0, 0)
    hazard: bool = False
    eligible: bool = True
    reason: str = ""
    special: str = ""

    @property
    def crossover(self) -> bool:
        """Whether everybody had both treatments."""
        return self.design == "cross-over"

    @property
    def n(self) -> int:
        """How many people were randomised."""
        return self.arms[0].n if self.crossover else sum(arm.n for arm in self.arms)
