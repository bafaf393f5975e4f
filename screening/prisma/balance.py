"""The equations that a flow must satisfy at every moment (REP-01), finished or not.

    identified − removed before screening  = screened + awaiting screening
    screened   − excluded (human, automation) = sought
    sought     − not retrieved             = assessed + awaiting retrieval + awaiting assessment
    assessed   − excluded with reasons     = reports included
    reports included that belong to no study = 0
    excluded by one reviewer, the second waived ≤ excluded by people, at each stage
    decided on elsewhere ≤ decided on, at each stage
    1 ≤ studies included ≤ reports included, or both are 0

and no count is negative, no source is of a third kind, and no two lists share a key.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from screening.prisma.flow import Flow

COUNTS = {
    "duplicates": "duplicate records removed",
    "automation_ineligible": "records marked as ineligible by automation tools",
    "removed_other": "records removed for other reasons",
    "awaiting_screening": "records awaiting screening",
    "screened": "records screened",
    "excluded_human": "records excluded by people",
    "excluded_automation": "records excluded by automation tools",
    "sought": "reports sought for retrieval",
    "not_retrieved": "reports not retrieved",
    "awaiting_retrieval": "reports awaiting retrieval",
    "awaiting_assessment": "reports awaiting assessment",
    "assessed": "reports assessed for eligibility",
    "included_reports": "reports of included studies",
    "included_studies": "studies included",
    "reports_without_study": "included reports without a study",
    "waived_screening": "records excluded by one reviewer",
    "waived_full_text": "reports excluded by one reviewer",
    "elsewhere_screening": "records decided on elsewhere",
    "elsewhere_full_text": "reports decided on elsewhere",
}


@dataclass(frozen=True, slots=True)
class _Equation:
    """`whole` less the `out` parts must equal the sum of the `rest` parts; each part is (words, count)."""

    whole: tuple[str, int]
    out: tuple[str, int]
    rest: tuple[tuple[str, int], ...]

    def fault(self) -> str | None:
        left = self.whole[1] - self.out[1]
        found = sum(n for _, n in self.rest)
        if left == found:
            return None
        parts = " and ".join(f"{n:,} {words}" for words, n in self.rest)
        verdict = f"{left - found:,} too few" if left > found else f"{found - left:,} too many"
        return (
            f"{self.whole[1]:,} {self.whole[0]} less {self.out[1]:,} {self.out[0]} should leave {left:,}, "
            f"but there are {parts}: {verdict}."
        )


def balance(flow: Flow) -> list[str]:
    """Return one sentence for every violated equation; an empty list means that the numbers balance."""
    faults = [fault for equation in _equations(flow) if (fault := equation.fault())]
    return [*_impossible(flow), *faults, *_waived(flow), *_studies(flow)]


def _equations(flow: Flow) -> tuple[_Equation, ...]:
    def part(name: str) -> tuple[str, int]:
        return COUNTS[name], getattr(flow, name)

    return (
        _Equation(
            ("records identified", flow.identified),
            ("removed before screening", flow.removed),
            (part("screened"), part("awaiting_screening")),
        ),
        _Equation(part("screened"), ("records excluded", flow.excluded_screening), (part("sought"),)),
        _Equation(
            part("sought"),
            ("not retrieved", flow.not_retrieved),
            (part("assessed"), part("awaiting_retrieval"), part("awaiting_assessment")),
        ),
        _Equation(part("assessed"), ("excluded with reasons", flow.excluded_full_text), (part("included_reports"),)),
    )


def _impossible(flow: Flow) -> Iterator[str]:
    """Yield counts that no list can have."""
    named = [(words, getattr(flow, name)) for name, words in COUNTS.items()]
    named += [(f"records from {source.name}", source.n) for source in flow.sources]
    named += [(f"reports excluded for “{reason.text}”", reason.n) for reason in flow.reasons]
    yield from (f"The number of {words} is {n:,}, and no list is that long." for words, n in named if n < 0)
    for source in flow.sources:
        if source.kind not in ("database", "register"):
            yield f"{source.name} is a {source.kind}; this diagram knows databases and registers only."
    keys = Counter([*(source.box for source in flow.sources), *(reason.box for reason in flow.reasons)])
    yield from (f"The list {key} is counted {times} times." for key, times in keys.items() if times > 1)


def _waived(flow: Flow) -> Iterator[str]:
    """Yield where a footnote tells of more than its box holds."""
    told = (
        ("records excluded by people", flow.waived_screening, flow.excluded_human),
        ("reports excluded", flow.waived_full_text, flow.excluded_full_text),
    )
    for words, n, of in told:
        if n > of:
            yield f"{n:,} of the {words} are said to be excluded by one reviewer alone, and there are only {of:,}."
    for n, of in ((flow.elsewhere_screening, flow.screened), (flow.elsewhere_full_text, flow.assessed)):
        if n > of:
            yield f"{n:,} are said to be decided on elsewhere, and only {of:,} are decided on at all."


def _studies(flow: Flow) -> Iterator[str]:
    studies, reports = flow.included_studies, flow.included_reports
    if studies > reports:
        yield f"{studies:,} studies included cannot have only {reports:,} reports: a study has at least one."
    if reports > 0 and studies <= 0:
        yield f"{reports:,} reports included belong to no study: each makes one until it is linked with others."
    elif flow.reports_without_study > 0:
        yield f"{flow.reports_without_study:,} of the reports included belong to no study: each must belong to one."
