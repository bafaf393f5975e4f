"""Figures of agreement as a person reads them."""

from audit.agreement import Figure, Rate


def share(rate: Rate) -> str:
    """A proportion in per cent, or a dash."""
    return per_cent(rate.value)


def interval(rate: Rate) -> str:
    """Its 95 % interval."""
    if rate.low is None or rate.high is None:
        return "nothing to compare yet"
    return f"95 % interval {100 * rate.low:.0f} to {100 * rate.high:.0f} %"


def per_cent(value: float | None) -> str:
    """A share in per cent, or a dash."""
    return "–" if value is None else f"{100 * value:.0f} %"


def decimal(figure: Figure) -> str:
    """A coefficient with two decimals, or a dash."""
    return "–" if figure.value is None else two(figure.value)


def interval_of_figure(figure: Figure) -> str:
    """Its 95 % interval, or why there is none."""
    if figure.why or figure.low is None or figure.high is None:
        return figure.why or "not defined here"
    return f"95 % interval {two(figure.low)} to {two(figure.high)}"


def two(value: float) -> str:
    """Two decimals, and no minus before nothing."""
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00")
