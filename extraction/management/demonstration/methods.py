"""Introduction and methods of an invented report."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.management.demonstration import prose
from extraction.management.demonstration.draft import Draft, capital

DESIGNS = {
    "parallel": ("parallel", "parallel-group randomised controlled trial"),
    "cross-over": ("cross-over", "randomised cross-over trial with a washout of 4 weeks between two periods"),
}


def introduction(draft: Draft) -> None:
    """Four paragraphs that lead to the question."""
    draft.heading("Introduction")
    *background, aims = prose.INTRODUCTION
    for sentences in (*background, prose.PROTOCOL_AIMS if draft.to_come else aims):
        draft.paragraph(*(draft.tell(sentence) for sentence in sentences))


def methods(draft: Draft) -> None:
    """Design to statistics, each fact in a sentence of its own."""
    draft.heading("Methods")
    _design(draft)
    _participants(draft)
    _allocation(draft)
    _treatments(draft)
    _outcomes(draft)
    _analysis(draft)


def _design(draft: Draft) -> None:
    plan = draft.plan
    value, words = DESIGNS[plan.design]
    verb = "This will be" if draft.to_come else "We did" if draft.look.name == "lancet" else "This was"
    draft.heading("Study design and setting" if draft.look.name != "lancet" else "Study design", 2)
    draft.paragraph(
        draft.fact([("design", value), ("country", plan.country), ("setting", plan.setting)], f"{verb} a {words} in {plan.setting}."),
        draft.fact([("recruitment", plan.recruited)], f"Participants were recruited between {plan.recruited}.") if plan.recruited else "",
        draft.fact([("registry", plan.registry)], f"The trial was registered before the first participant entered it ({plan.registry}; an invented number)." if not draft.to_come else f"The trial is registered ({plan.registry}; an invented number)."),
        *_done(draft, prose.CONTEXT),
        f"The Invented Ethics Committee of {plan.city} approved it (reference INV-{draft.article.number + 100}/{plan.weeks}), and every participant {'will give' if draft.to_come else 'gave'} written informed consent.",
    )  # fmt: skip


def _participants(draft: Draft) -> None:
    verb = "will recruit" if draft.to_come else "recruited"
    draft.heading("Participants", 2)
    draft.paragraph(
        draft.fact([("population", draft.plan.population)], f"We {verb} {draft.plan.population}."),
        *_done(draft, prose.ELIGIBILITY),
    )


def _allocation(draft: Draft) -> None:
    plan = draft.plan
    draft.heading("Randomisation and masking" if draft.look.name == "lancet" else "Randomisation and blinding", 2)
    told = [draft.fact([("randomisation", plan.randomisation)], plan.randomisation)]
    for key, text in (("concealment", plan.concealment), ("blinding", plan.blinding)):
        if text:
            told.append(draft.fact([(key, text)], text))
    draft.paragraph(*told)


def _treatments(draft: Draft) -> None:
    plan = draft.plan
    draft.heading("Interventions", 2)
    draft.paragraph(
        draft.fact([("intervention", plan.intervention)], plan.intervention), *_done(draft, prose.DELIVERY[:3])
    )
    draft.paragraph(*_done(draft, prose.EQUIPMENT))
    draft.paragraph(draft.fact([("comparator", plan.comparator)], plan.comparator), *_done(draft, prose.DELIVERY[3:]))


def _outcomes(draft: Draft) -> None:
    plan, to_come = draft.plan, draft.to_come
    first, *others = (outcome.instrument for outcome in plan.outcomes)
    later = "" if plan.crossover else f" and at {plan.months} months"
    verb = "will be" if to_come else "was"
    draft.heading("Outcomes", 2)
    draft.paragraph(
        draft.fact([("primary", first.name)], f"The primary outcome {verb} {_the(first.name)} at {plan.weeks} weeks."),
        draft.fact([("assessed", later.removeprefix(" and at ") or f"{plan.weeks} weeks")], f"Outcomes {'will be' if to_come else 'were'} measured at baseline, at {plan.weeks} weeks{later}."),
        f"A difference of {first.minimal} is taken as the smallest that matters." if to_come else f"{first.described}; a difference of {first.minimal} is taken as the smallest that matters.",
        f"Secondary outcomes {'will be' if to_come else 'were'} {' and '.join(_the(what.name) for what in others)}." if others else "",
        *(f"{what.described}." for what in others if not to_come),
    )  # fmt: skip
    draft.paragraph(*_done(draft, prose.ASSESSMENT))


def _done(draft: Draft, bank: Sequence[str]) -> list[str]:
    """Sentences of what was done; none in a protocol, for which it is still to come."""
    return [] if draft.to_come else [draft.tell(sentence) for sentence in bank]


def _the(name: str) -> str:
    return f"the {name}" if name[0].isupper() else name


def _analysis(draft: Draft) -> None:
    plan, what = draft.plan, draft.plan.outcomes[0].instrument
    draft.heading("Sample size and statistical analysis" if draft.look.name != "lancet" else "Statistical analysis", 2)
    small = draft.to_come
    size = (
        f"With {draft.look.number(plan.n)} participants we {'aim' if small else 'aimed'} to "
        + ("learn whether a larger trial is feasible." if small else f"detect a difference of {what.minimal} in {_the(what.name)} with a power of 90% at a two-sided significance level of 5%, allowing for losses.")
    )  # fmt: skip
    if small:
        draft.paragraph(size)
        return
    whom = "received" if plan.crossover else "been allocated"
    where = "in the period in which it was measured" if plan.crossover else "in the group to which they had " + whom
    rule = f"Analysis was by intention to treat: all participants with an outcome were analysed {where}."
    draft.paragraph(
        draft.fact([("planned", plan.n)], size),
        draft.fact([("analysis", "intention to treat")], rule),
        *(draft.tell(sentence) for sentence in prose.STATISTICS),
    )
    if plan.crossover:
        draft.paragraph("Differences were computed within people; a carry-over effect was looked for and not seen.")


def protocol_plans(draft: Draft) -> None:
    """What a protocol says where a report has results: that there are none yet."""
    draft.heading("Recruitment, monitoring and dissemination")
    for sentences in prose.PROTOCOL_EXTRA:
        draft.paragraph(*(draft.tell(sentence) for sentence in sentences))
    draft.paragraph(f"{capital(draft.plan.arms[0].name)} has not been given to any participant yet.", whole=True)
