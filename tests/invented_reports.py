"""The invented trial reports, made once in a process when the first test asks: it takes seconds, so never at import."""

from functools import cache

from extraction.management.demonstration.build import reports
from extraction.management.demonstration.model import Report
from extraction.management.demonstration.plans import PLANS

READABLE = [plan.work for plan in PLANS if plan.special != "scan"]  # whose PDF has text, in the order of the plans


@cache
def made() -> dict[str, Report]:
    """The reports of the demonstration's seed by the work that each tells of, in the order of the plans."""
    return {report.truth.work: report for report in reports()}
