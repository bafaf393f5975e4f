"""The inputs that several formulas share, so that they are called alike on every form."""

from decimal import Decimal

from extraction.derived.formula import DerivedError, Input, Kind

LEVEL = Input("level", "Confidence level (%)", Kind.LEVEL, Decimal(95))
LOWER = Input("lower", "Lower bound of the interval")
UPPER = Input("upper", "Upper bound of the interval")
RATIO_LOWER = Input("lower", "Lower bound of the interval", Kind.POSITIVE)
RATIO_UPPER = Input("upper", "Upper bound of the interval", Kind.POSITIVE)
N = Input("n", "Number of participants", Kind.GROUP)
N1 = Input("n1", "Number of participants in group 1", Kind.GROUP)
N2 = Input("n2", "Number of participants in group 2", Kind.GROUP)
MEAN1 = Input("mean1", "Mean in group 1")
MEAN2 = Input("mean2", "Mean in group 2")
SD = Input("sd", "Standard deviation", Kind.NOT_NEGATIVE)
SD1 = Input("sd1", "Standard deviation in group 1", Kind.NOT_NEGATIVE)
SD2 = Input("sd2", "Standard deviation in group 2", Kind.NOT_NEGATIVE)
SE = Input("se", "Standard error", Kind.NOT_NEGATIVE)
DIFFERENCE = Input("difference", "Difference in means")
P = Input("p", "P value", Kind.PROBABILITY)


def ordered(lower: Decimal, upper: Decimal) -> None:
    """Raise DerivedError unless the lower bound is below the upper one."""
    if lower >= upper:
        raise DerivedError("The lower bound of the interval must be below its upper bound.")


def at_least(least: int, n: Decimal, what: str) -> None:
    """Raise DerivedError where there are too few participants for a spread."""
    if n < least:
        raise DerivedError(f"{what} must be at least {least}; it is {n:f}.")
