"""Numbers derived from extracted ones, and checks of what was extracted (EXT-07).

Pure: no framework, no table. Decimal in, Decimal out; each result carries the formula with its inputs filled in, and
the section of the Cochrane Handbook for Systematic Reviews of Interventions (version 6.5) or the paper behind it.
"""

from extraction.derived.catalogue import COMPUTE, compute
from extraction.derived.doubt import Doubt
from extraction.derived.formula import Derived, DerivedError, Formula, Input, Kind
from extraction.derived.plausible import plausible
from extraction.derived.units import convert

__all__ = [
    "COMPUTE",
    "Derived",
    "DerivedError",
    "Doubt",
    "Formula",
    "Input",
    "Kind",
    "compute",
    "convert",
    "plausible",
]
