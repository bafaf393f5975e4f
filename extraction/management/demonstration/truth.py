"""What a finished report says and where: facts and table rows, looked up on its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extraction.management.demonstration.draft import Draft
from extraction.management.demonstration.model import (
    END,
    LATE,
    ArmTruth,
    Difference,
    Events,
    Fact,
    Hazard,
    Means,
    OutcomeTruth,
    Place,
    ReportTruth,
)


class NotPrinted(ValueError):
    """Something that the truth quotes does not stand on any page: the report was written or set wrongly."""


class _Finder:
    """Looks quotes up on pages, whatever the white space. Raises NotPrinted."""

    def __init__(self, pages: Sequence[str]) -> None:
        self.pages = [_tight(page) for page in pages]

    def place(self, quote: str, kind: str = "sentence") -> Place:
        tight = _tight(quote)
        for number, page in enumerate(self.pages, 1):
            if tight in page:
                return Place(quote, number, kind)
        raise NotPrinted(f"“{quote}” is on no page.")


def _tight(text: str) -> str:
    return re.sub(r"[\s\u2009]+", "", text)


def truth_of(draft: Draft, pages: Sequence[str], hidden: tuple[str, ...]) -> ReportTruth:
    """The truth of a report whose pages have these texts. Raises NotPrinted."""
    plan, find = draft.plan, _Finder(pages)
    facts = {key: Fact(value, find.place(sentence)) for key, (value, sentence) in draft.facts.items()}
    facts |= {
        f"{row[1]}_row": Fact("", find.place(text, "row")) for row, text in draft.rows.items() if row[0] == "baseline"
    }
    reports_results = "randomised" in draft.facts
    return ReportTruth(
        work=plan.work,
        eligible=plan.eligible,
        reason=plan.reason,
        facts=facts,
        arms=tuple(_arms(draft)) if reports_results else (),
        outcomes=tuple(_outcomes(draft)) if reports_results else (),
        times={} if not reports_results else {END: draft.when(END)} | ({} if plan.crossover else {LATE: draft.when(LATE)}),
        means=tuple(_means(draft, find)),
        differences=tuple(_differences(draft, facts)),
        events=tuple(_events(draft, find)),
        hazards=tuple(_hazards(draft, facts)),
        hidden=hidden,
        scanned=plan.special == "scan",
    )  # fmt: skip


def _arms(draft: Draft) -> Iterator[ArmTruth]:
    figures = draft.figures
    for i, arm in enumerate(draft.plan.arms):
        (age, sd), women = figures.ages[i], figures.women[i]
        yield ArmTruth(arm.label, arm.name, arm.n, arm.analysed, arm.followed, age, sd, women)


def _outcomes(draft: Draft) -> Iterator[OutcomeTruth]:
    for i, outcome in enumerate(draft.plan.outcomes):
        what = outcome.instrument
        yield OutcomeTruth(outcome.key, what.name, what.unit, what.higher_is_better, i == 0)


def _means(draft: Draft, find: _Finder) -> Iterator[Means]:
    for (outcome, time, arm, change), found in draft.figures.means.items():
        row = draft.rows.get(("mean", outcome, time, change))
        if row:
            yield Means(outcome, time, arm, found.n, found.mean, found.sd, find.place(row, "row"), change)


def _differences(draft: Draft, facts: dict[str, Fact]) -> Iterator[Difference]:
    for (outcome, time), effect in draft.figures.effects.items():
        fact = facts.get(f"effect:{outcome}:{time}")
        if fact:
            yield Difference(outcome, time, effect.value, effect.low, effect.high, fact.place)


def _events(draft: Draft, find: _Finder) -> Iterator[Events]:
    counts = {"admitted": draft.plan.admitted, "harmed": draft.plan.harmed, "died": draft.plan.died}
    for outcome, pair in counts.items():
        row = draft.rows.get((outcome,))
        if row:
            place = find.place(row, "row")
            for arm, (count, planned) in enumerate(zip(pair, draft.plan.arms, strict=True)):
                yield Events(outcome, arm, count, planned.n, place)


def _hazards(draft: Draft, facts: dict[str, Fact]) -> Iterator[Hazard]:
    ratio = draft.figures.hazard_ratio
    if ratio and "hazard" in facts:
        low, high = Decimal(ratio.low), Decimal(ratio.high)
        yield Hazard("admitted", ratio.value, low, high, facts["hazard"].place)
