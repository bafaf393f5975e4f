"""The numbers of one PRISMA 2020 flow, as counted: nothing in it is worked out from another number.

Because each number is counted from its own rows, `balance` can find a fault in the counting. Sums that PRISMA draws
but that are nobody's rows (all sources, all exclusions) are properties.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["database", "register"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where records came from: `n` citations as imported, before deduplication. `key` makes the link `source:<key>`."""

    name: str
    kind: Kind
    n: int
    key: str = ""

    @property
    def box(self) -> str:
        return f"source:{self.key or self.name}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why `n` reports were excluded at full text. `key` makes the link `reason:<key>`.

    Reports excluded without a reason are a `Reason` of their own, so that the sum stays whole.
    """

    text: str
    n: int
    key: str = ""

    @property
    def box(self) -> str:
        return f"reason:{self.key or self.text}"


@dataclass(frozen=True, slots=True)
class Flow:
    """Counts of a review at one moment, finished or running.

    Units: citations up to the removals, records while screening, reports from retrieval on, studies only in
    `included_studies`. A record that passed title and abstract is one report sought. The three `awaiting_*` counts are
    what is still open; all are 0 when the review is finished, and the drawing is then PRISMA's own.

    awaiting_screening: records with no settled outcome at title/abstract (no vote, a vote missing, a conflict).
    screened: records whose outcome at title/abstract is settled, whoever settled it.
    excluded_human: excluded by people, a suggestion that a person confirmed among them; excluded_automation: by
    automation with no person (REP-02).
    sought: reports of the records that passed. awaiting_retrieval: neither text nor outcome yet.
    awaiting_assessment: text at hand, outcome not settled. assessed: outcome at full text settled.
    not_retrieved: looked for in vain; nobody has their text. included_studies: studies with at least one included
    report. reports_without_study: included reports that belong to none, of which there must be none; it is not drawn.
    waived_*: of the excluded, those that one reviewer excluded with no second asked; told in footnotes, in no box.
    elsewhere_*: of the screened (assessed), those whose outcome is an imported decision; in footnotes too.
    moving: records are being imported or taken back, and some are at no stage yet: no fault in the counting.
    """

    sources: tuple[Source, ...] = ()
    duplicates: int = 0
    automation_ineligible: int = 0
    removed_other: int = 0
    awaiting_screening: int = 0
    screened: int = 0
    excluded_human: int = 0
    excluded_automation: int = 0
    sought: int = 0
    not_retrieved: int = 0
    awaiting_retrieval: int = 0
    awaiting_assessment: int = 0
    assessed: int = 0
    reasons: tuple[Reason, ...] = ()
    included_reports: int = 0
    included_studies: int = 0
    reports_without_study: int = 0
    waived_screening: int = 0
    waived_full_text: int = 0
    elsewhere_screening: int = 0
    elsewhere_full_text: int = 0
    moving: bool = False

    def found_in(self, kind: Kind) -> int:
        return sum(source.n for source in self.sources if source.kind == kind)

    @property
    def identified(self) -> int:
        return sum(source.n for source in self.sources)

    @property
    def removed(self) -> int:
        return self.duplicates + self.automation_ineligible + self.removed_other

    @property
    def excluded_screening(self) -> int:
        return self.excluded_human + self.excluded_automation

    @property
    def excluded_full_text(self) -> int:
        return sum(reason.n for reason in self.reasons)

    @property
    def awaiting(self) -> int:
        return self.awaiting_screening + self.awaiting_retrieval + self.awaiting_assessment
