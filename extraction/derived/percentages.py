"""Percentages from counts and back."""

from decimal import ROUND_HALF_UP, Decimal

from extraction.derived.formula import DerivedError, Formula, Input, Kind, Worked
from extraction.derived.rounding import plain

SOURCE = "Cochrane Handbook 6.4.1.1 (risk)"
EVENTS = Input("events", "Number with the event", Kind.COUNT)
TOTAL = Input("total", "Number of participants", Kind.GROUP)


def percentage(events: Decimal, total: Decimal) -> Worked:
    """Return the risk in percent (Cochrane Handbook 6.4.1.1)."""
    if events > total:
        raise DerivedError(f"{events:f} events among {total:f} participants: there can't be more events than people.")
    return Worked(100 * events / total, f"100 × {plain(events)} ÷ {plain(total)}")


def events_from_percentage(percent: Decimal, total: Decimal) -> Worked:
    """Return the nearest whole number of events for a reported percentage (Cochrane Handbook 6.4.1.1)."""
    exact = percent * total / 100
    whole = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    note = f"Rounded to whole people from {exact.normalize():f}." if whole != exact else ""
    return Worked(whole, f"{plain(percent)} × {plain(total)} ÷ 100, to whole people", (note,) if note else ())


FORMULAS = (
    Formula("percentage", "Percentage", "% = 100 × events ÷ total", SOURCE, (EVENTS, TOTAL), percentage),
    Formula(
        "events_from_percentage",
        "Events from a percentage",
        "events = percentage × total ÷ 100",
        SOURCE,
        (Input("percent", "Percentage", Kind.PERCENT), TOTAL),
        events_from_percentage,
        exact=True,
    ),
)
