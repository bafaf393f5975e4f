"""Quantiles of the normal, t and beta distributions.

The normal one is the standard library's. The others are scipy's (it comes with scikit-learn): its `special` part, which
is imported when first needed and in a tenth of the time of its `stats`.
"""

from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist

HALF = Decimal("0.5")


@lru_cache(maxsize=1024)
def normal(probability: Decimal) -> Decimal:
    """Return the standard normal quantile: normal(0.975) is 1.95996…"""
    if probability > HALF:  # a float holds 10⁻³⁰ but not 1 − 10⁻³⁰
        return -normal(1 - probability)
    return Decimal(repr(NormalDist().inv_cdf(float(probability))))


@lru_cache(maxsize=1024)
def student(probability: Decimal, freedom: Decimal) -> Decimal:
    """Return the quantile of the t distribution with `freedom` degrees of freedom (above 0)."""
    from scipy.special import stdtrit

    if probability > HALF:
        return -student(1 - probability, freedom)
    return Decimal(repr(float(stdtrit(float(freedom), float(probability)))))


@lru_cache(maxsize=1024)
def beta(probability: Decimal, first: Decimal, second: Decimal) -> Decimal:
    """Return the quantile of the beta distribution with the two shapes (both above 0)."""
    from scipy.special import betaincinv

    return Decimal(repr(float(betaincinv(float(first), float(second), float(probability)))))


def upper_tail(level: Decimal) -> Decimal:
    """Turn a confidence level in percent into the probability below its upper bound: 95 gives 0.975."""
    return 1 - (1 - level / 100) / 2
