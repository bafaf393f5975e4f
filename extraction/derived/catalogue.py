"""Every formula by its name."""

from collections.abc import Mapping
from decimal import Decimal

from extraction.derived import (
    accuracy,
    change,
    differences,
    groups,
    means,
    percentages,
    quartiles,
    ratios,
    spread,
    two_by_two,
    units,
)
from extraction.derived.formula import Derived, DerivedError, Formula

MODULES = (percentages, spread, differences, groups, change, quartiles, two_by_two, ratios, means, accuracy, units)
COMPUTE: dict[str, Formula] = {formula.name: formula for module in MODULES for formula in module.FORMULAS}


def compute(name: str, inputs: Mapping[str, Decimal]) -> Derived:
    """Work out the formula called `name`. Raises DerivedError for an unknown name or impossible inputs."""
    if name not in COMPUTE:
        raise DerivedError(f"There is no formula called {name}.")
    return COMPUTE[name].compute(inputs)
