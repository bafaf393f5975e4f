"""SD of changes from baseline, by a correlation taken from another study (Cochrane Handbook 6.5.2.8)."""

from decimal import Decimal

from extraction.derived.formula import DerivedError, Formula, Input, Kind, Worked
from extraction.derived.rounding import plain, signed

SOURCE = "Cochrane Handbook 6.5.2.8"
BASELINE = Input("sd_baseline", "SD at baseline", Kind.POSITIVE)
FINAL = Input("sd_final", "SD at the end", Kind.POSITIVE)
CHANGE = Input("sd_change", "SD of the change", Kind.NOT_NEGATIVE)
CORRELATION = Input("correlation", "Correlation of baseline and final values", Kind.CORRELATION)
IMPUTED = ("Imputed: the correlation is borrowed; try others in a sensitivity analysis.",)


def sd_change(sd_baseline: Decimal, sd_final: Decimal, correlation: Decimal) -> Worked:
    """Return the SD of changes, imputed with a correlation (Cochrane Handbook 6.5.2.8)."""
    product = 2 * correlation * sd_baseline * sd_final
    b, f = plain(sd_baseline), plain(sd_final)
    filled = f"√({b}² + {f}² − 2 × {signed(correlation)} × {b} × {f})"
    return Worked((sd_baseline**2 + sd_final**2 - product).sqrt(), filled)


def change_correlation(sd_baseline: Decimal, sd_final: Decimal, sd_change: Decimal) -> Worked:
    """Return the correlation that a study's three SDs imply (Cochrane Handbook 6.5.2.8)."""
    value = (sd_baseline**2 + sd_final**2 - sd_change**2) / (2 * sd_baseline * sd_final)
    if abs(value) > 1:
        raise DerivedError("No correlation gives these three SDs; one of them may be a standard error.")
    b, f, c = plain(sd_baseline), plain(sd_final), plain(sd_change)
    return Worked(value, f"({b}² + {f}² − {c}²) ÷ (2 × {b} × {f})")


FORMULAS = (
    Formula(
        "sd_change",
        "SD of the change from baseline",
        "SDchange = √(SDbaseline² + SDfinal² − 2 × r × SDbaseline × SDfinal)",
        SOURCE,
        (BASELINE, FINAL, CORRELATION),
        sd_change,
        IMPUTED,
    ),
    Formula(
        "change_correlation",
        "Correlation of baseline and final values",
        "r = (SDbaseline² + SDfinal² − SDchange²) ÷ (2 × SDbaseline × SDfinal)",
        SOURCE,
        (BASELINE, FINAL, CHANGE),
        change_correlation,
    ),
)
