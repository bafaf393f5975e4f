"""Effects from a 2×2 table: events and sizes of two groups (Cochrane Handbook 6.4.1, zero cells 10.4.4).

Logs are natural. Where a cell is 0, 0.5 is added to all four and that is said; where no one, or everyone, had the event
in both groups, a ratio says nothing and is refused.
"""

from dataclasses import dataclass
from decimal import Decimal

from extraction.derived.formula import DerivedError, Formula, Input, Kind, Worked
from extraction.derived.inputs import N1, N2
from extraction.derived.rounding import plain

EVENTS1 = Input("events1", "Number with the event in group 1", Kind.COUNT)
EVENTS2 = Input("events2", "Number with the event in group 2", Kind.COUNT)
INPUTS = (EVENTS1, N1, EVENTS2, N2)
CORRECTED = "A cell is 0: 0.5 was added to each of the four cells (Cochrane Handbook 10.4.4)."
NO_RATIO = "Both groups had {} with the event, so no ratio can be estimated; a risk difference can."


@dataclass(frozen=True, slots=True)
class Cells:
    """a, b: with and without the event in group 1; c, d in group 2; corrected where one was 0."""

    a: Decimal
    b: Decimal
    c: Decimal
    d: Decimal
    notes: tuple[str, ...] = ()

    @property
    def risks(self) -> tuple[str, str]:
        return f"{plain(self.a)} ÷ {plain(self.a + self.b)}", f"{plain(self.c)} ÷ {plain(self.c + self.d)}"


def _raw(events1: Decimal, n1: Decimal, events2: Decimal, n2: Decimal) -> Cells:
    for group, events, n in ((1, events1, n1), (2, events2, n2)):
        if events > n:
            raise DerivedError(f"Group {group} has {events:f} events among {n:f} participants; that can't be.")
    return Cells(events1, n1 - events1, events2, n2 - events2)


def _corrected(raw: Cells) -> Cells:
    half = Decimal("0.5")
    if all((raw.a, raw.b, raw.c, raw.d)):
        return raw
    return Cells(raw.a + half, raw.b + half, raw.c + half, raw.d + half, (CORRECTED,))


def _for_ratio(events1: Decimal, n1: Decimal, events2: Decimal, n2: Decimal) -> Cells:
    raw = _raw(events1, n1, events2, n2)
    if not raw.a and not raw.c:
        raise DerivedError(NO_RATIO.format("nobody"))
    if not raw.b and not raw.d:
        raise DerivedError(NO_RATIO.format("everybody"))
    return _corrected(raw)


def risk_ratio(events1: Decimal, n1: Decimal, events2: Decimal, n2: Decimal) -> Worked:
    """Return the risk in group 1 over that in group 2 (Cochrane Handbook 6.4.1.2)."""
    cells = _for_ratio(events1, n1, events2, n2)
    first, second = cells.risks
    value = (cells.a / (cells.a + cells.b)) / (cells.c / (cells.c + cells.d))
    return Worked(value, f"({first}) ÷ ({second})", cells.notes)


def log_risk_ratio(events1: Decimal, n1: Decimal, events2: Decimal, n2: Decimal) -> Worked:
    """Return the natural log of the risk ratio (Cochrane Handbook 6.4.1.2)."""
    ratio = risk_ratio(events1, n1, events2, n2)
    return Worked(ratio.value.ln(), f"ln({ratio.filled})", ratio.notes)


def se_log_risk_ratio(events1: Decimal, n1: Decimal, events2: Decimal, n2: Decimal) -> Worked:
    """Return the SE of the log risk ratio (Cochrane Handbook 6.4.1.2; Deeks & Higgins, RevMan's algorithms)."""
    cells = _for_ratio(events1, n1, events2, n2)
    total1, total2 = cells.a + cells.b, cells.c + cells.d
    value = (1 / cells.a - 1 / total1 + 1 / cells.c - 1 / total2).sqrt()
    filled = f"√(1 ÷ {plain(cells.a)} − 1 ÷ {plain(total1)} + 1 ÷ {plain(cells.c)} − 1 ÷ {plain(total2)})"
    return Worked(value, filled, cells.notes)


def odds_ratio(events1: Decimal, n1: Decimal, events2: Decimal, n2: Decimal) -> Worked:
    """Return the odds in group 1 over those in group 2 (Cochrane Handbook 6.4.1.2)."""
    cells = _for_ratio(events1, n1, events2, n2)
    filled = f"({plain(cells.a)} × {plain(cells.d)}) ÷ ({plain(cells.b)} × {plain(cells.c)})"
    return Worked(cells.a * cells.d / (cells.b * cells.c), filled, cells.notes)


def log_odds_ratio(events1: Decimal, n1: Decimal, events2: Decimal, n2: Decimal) -> Worked:
    """Return the natural log of the odds ratio (Cochrane Handbook 6.4.1.2)."""
    ratio = odds_ratio(events1, n1, events2, n2)
    return Worked(ratio.value.ln(), f"ln({ratio.filled})", ratio.notes)


def se_log_odds_ratio(events1: Decimal, n1: Decimal, events2: Decimal, n2: Decimal) -> Worked:
    """Return the SE of the log odds ratio (Cochrane Handbook 6.4.1.2; Deeks & Higgins, RevMan's algorithms)."""
    cells = _for_ratio(events1, n1, events2, n2)
    counts = (cells.a, cells.b, cells.c, cells.d)
    value = sum((1 / count for count in counts), Decimal(0)).sqrt()
    return Worked(value, f"√({' + '.join(f'1 ÷ {plain(count)}' for count in counts)})", cells.notes)


def risk_difference(events1: Decimal, n1: Decimal, events2: Decimal, n2: Decimal) -> Worked:
    """Return the risk in group 1 less that in group 2, as a proportion (Cochrane Handbook 6.4.1.4)."""
    first, second = _raw(events1, n1, events2, n2).risks
    return Worked(events1 / n1 - events2 / n2, f"{first} − {second}")


def se_risk_difference(events1: Decimal, n1: Decimal, events2: Decimal, n2: Decimal) -> Worked:
    """Return the SE of the risk difference (Cochrane Handbook 6.4.1.4; Deeks & Higgins, RevMan's algorithms).

    Zero cells are corrected only where the standard error would be 0, which would give the study all the weight.
    """
    raw = _raw(events1, n1, events2, n2)
    cells = raw if raw.a * raw.b or raw.c * raw.d else _corrected(raw)
    total1, total2 = cells.a + cells.b, cells.c + cells.d
    value = (cells.a * cells.b / total1**3 + cells.c * cells.d / total2**3).sqrt()
    parts = ((cells.a, cells.b, total1), (cells.c, cells.d, total2))
    filled = " + ".join(f"{plain(x)} × {plain(y)} ÷ {plain(n)}³" for x, y, n in parts)
    return Worked(value, f"√({filled})", cells.notes)


RELATIVE, ABSOLUTE = "Cochrane Handbook 6.4.1.2", "Cochrane Handbook 6.4.1.4"
RR, OR = "(events1 ÷ n1) ÷ (events2 ÷ n2)", "(events1 × without2) ÷ (without1 × events2)"
SE_RR = "SE(ln RR) = √(1 ÷ events1 − 1 ÷ n1 + 1 ÷ events2 − 1 ÷ n2)"
SE_OR = "SE(ln OR) = √(1 ÷ events1 + 1 ÷ without1 + 1 ÷ events2 + 1 ÷ without2)"
SE_RD = "SE(RD) = √(events1 × without1 ÷ n1³ + events2 × without2 ÷ n2³)"
FORMULAS = (
    Formula("risk_ratio", "Risk ratio", f"RR = {RR}", RELATIVE, INPUTS, risk_ratio),
    Formula("log_risk_ratio", "Log risk ratio", f"ln RR = ln({RR})", RELATIVE, INPUTS, log_risk_ratio),
    Formula("se_log_risk_ratio", "SE of the log risk ratio", SE_RR, RELATIVE, INPUTS, se_log_risk_ratio),
    Formula("odds_ratio", "Odds ratio", f"OR = {OR}", RELATIVE, INPUTS, odds_ratio),
    Formula("log_odds_ratio", "Log odds ratio", f"ln OR = ln({OR})", RELATIVE, INPUTS, log_odds_ratio),
    Formula("se_log_odds_ratio", "SE of the log odds ratio", SE_OR, RELATIVE, INPUTS, se_log_odds_ratio),
    Formula(
        "risk_difference",
        "Risk difference",
        "RD = events1 ÷ n1 − events2 ÷ n2",
        ABSOLUTE,
        INPUTS,
        risk_difference,
    ),
    Formula("se_risk_difference", "SE of the risk difference", SE_RD, ABSOLUTE, INPUTS, se_risk_difference),
)
