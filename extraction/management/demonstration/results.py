"""Results of an invented report: the same figures in sentences, in ruled tables and in drawings."""

from __future__ import annotations

from decimal import Decimal

from extraction.management.demonstration import prose
from extraction.management.demonstration.draft import Draft, Drawing, capital, words
from extraction.management.demonstration.model import BASELINE, END, LATE
from extraction.management.demonstration.numbers import Interval
from extraction.management.demonstration.plan import OutcomePlan
from extraction.management.demonstration.tables import baseline_grid, harms_grid, outcome_grid


def results(draft: Draft) -> None:
    """From the flow of participants to harms."""
    draft.heading("Results")
    _flow(draft)
    _people(draft)
    _primary(draft)
    _secondary(draft)
    if ratio := draft.figures.risk_ratio:
        _admissions(draft, ratio)
    _harms(draft)


def _flow(draft: Draft) -> None:
    plan, look = draft.plan, draft.look
    a, b = plan.arms
    draft.heading("Flow of participants", 2)
    share = (
        "to one of the two orders of treatment"
        if plan.crossover
        else f": {look.number(a.n)} to {a.name} and {look.number(b.n)} to {b.name}"
    )
    sentence = f"Of {look.number(plan.screened)} people who were assessed for eligibility, {look.number(plan.n)} were randomised{'' if share[0] == ':' else ' '}{share}."
    draft.paragraph(
        draft.fact([("randomised", plan.n), ("screened", plan.screened)], sentence),
        "Reasons for not taking part were lack of interest, other illness, and recent rehabilitation (figure 1).",
        _losses(draft),
    )
    draft.blocks.append(Drawing("flow", "Figure 1. Flow of participants.", {}))


def _losses(draft: Draft) -> str:
    plan = draft.plan
    a, b = plan.arms
    if plan.crossover:
        left = a.n - a.analysed
        text = f"{capital(words(left))} participants left before the end of the second period."
        return draft.fact([("withdrawals", left)], text)
    lost = (a.n - a.analysed, b.n - b.analysed)
    text = f"{capital(words(lost[0]))} participants in {a.group} and {words(lost[1])} in {b.group} had no assessment at {plan.weeks} weeks."
    return draft.fact([("withdrawals", sum(lost))], text)


def _people(draft: Draft) -> None:
    plan, look, figures = draft.plan, draft.look, draft.figures
    draft.heading("Participants at baseline", 2)
    share = f"{round(100 * plan.women / plan.n)}%"
    text = f"Mean age was {look.number(plan.age)} years (SD {look.number(figures.ages[0][1])}), and {look.number(plan.women)} of {look.number(plan.n)} participants ({share}) were women."
    draft.paragraph(
        draft.fact([("age", plan.age), ("women", plan.women)], text),
        draft.fact([("fev", plan.fev)], f"Mean FEV1 was {look.number(plan.fev)}% of the predicted value."),
        "The groups were alike in what was measured before randomisation (table 1)." if not plan.crossover else "",
    )
    draft.blocks.append(baseline_grid(draft))


def _primary(draft: Draft) -> None:
    plan, outcome = draft.plan, draft.plan.outcomes[0]
    draft.heading("Primary outcome", 2)
    what = outcome.instrument
    effect = draft.figures.effects[outcome.key, END]
    sides = "periods" if plan.crossover else "groups"
    text = f"At {plan.weeks} weeks, the mean difference in {_the(what.name)} between the {sides} was {_full(draft, effect, what.unit)}."
    draft.paragraph(
        draft.fact([(f"effect:{outcome.key}:{END}", effect.value)], text), _changes(draft, outcome), "Table 2 shows all outcomes."
    )  # fmt: skip
    draft.paragraph(_late(draft, outcome), *(draft.tell(sentence) for sentence in prose.SENSITIVITY))
    draft.blocks.append(outcome_grid(draft))
    if not draft.figures.hazard_ratio:
        draft.blocks.append(_bars(draft, outcome))


def _full(draft: Draft, effect: Interval, unit: str = "") -> str:
    look = draft.look
    inside = f"95% CI {look.signed(effect.low, effect.high)}; {look.p(effect.p)}"
    return f"{look.number(effect.value)}{' ' + unit if unit else ''} ({inside})"


def _changes(draft: Draft, outcome: OutcomePlan) -> str:
    a, b = (draft.figures.means[outcome.key, END, arm, True] for arm in (0, 1))
    one, two = (arm.group for arm in draft.plan.arms)
    number, unit = draft.look.number, outcome.instrument.unit
    return f"The mean change from baseline was {number(a.mean)} {unit} (SD {number(a.sd)}) in {one} and {number(b.mean)} {unit} (SD {number(b.sd)}) in {two}."


def _late(draft: Draft, outcome: OutcomePlan) -> str:
    effect = draft.figures.effects.get((outcome.key, LATE))
    if effect is None:
        return ""
    text = f"At {draft.plan.months} months, the difference was {_full(draft, effect, outcome.instrument.unit)}."
    return draft.fact([(f"effect:{outcome.key}:{LATE}", effect.value)], text)


def _secondary(draft: Draft) -> None:
    draft.heading("Secondary outcomes", 2)
    told = []
    for outcome in draft.plan.outcomes[1:]:
        effect = draft.figures.effects[outcome.key, END]
        clear = "The groups differed" if effect.low > 0 or effect.high < 0 else "There was no clear difference"
        text = f"{clear} in {_the(outcome.instrument.name)} at {draft.plan.weeks} weeks ({_plain(draft, effect, outcome.instrument.unit)})."
        told.append(draft.fact([(f"effect:{outcome.key}:{END}", effect.value)], text))
    draft.paragraph(*told)
    draft.heading("Adherence and experience", 2)
    draft.paragraph(*(draft.tell(sentence) for sentence in prose.ADHERENCE))
    draft.paragraph(*(draft.tell(sentence) for sentence in prose.EXPERIENCE))


def _plain(draft: Draft, effect: Interval, unit: str) -> str:
    look = draft.look
    return f"{look.number(effect.value)} {unit}, 95% CI {look.signed(effect.low, effect.high)}; {look.p(effect.p)}"


def _the(name: str) -> str:
    return f"the {name}" if name[0].isupper() else name


def _admissions(draft: Draft, ratio: Interval) -> None:
    plan, look = draft.plan, draft.look
    (a, b), (x, y) = plan.arms, plan.admitted
    draft.heading("Hospital admissions", 2)
    first = f"{capital(words(x))} of {look.number(a.n)} participants in {a.group} ({round(100 * x / a.n)}%)"
    second = f"{look.number(y)} of {look.number(b.n)} in {b.group} ({round(100 * y / b.n)}%)"
    text = f"{first} and {second} were admitted to hospital at least once within {plan.months} months (risk ratio {_interval(draft, ratio)})."
    told = [draft.fact([("admitted:0", x), ("admitted:1", y)], text)]
    if hazard := draft.figures.hazard_ratio:
        text = f"The hazard ratio for a first admission was {_interval(draft, hazard)}; figure 2 shows the time to it."
        told.append(draft.fact([("hazard", hazard.value)], text))
    draft.paragraph(*told)
    if draft.figures.hazard_ratio:
        caption = f"Figure 2. Share of participants without a hospital admission over {plan.months} months."
        draft.blocks.append(Drawing("curves", caption, {}))


def _interval(draft: Draft, ratio: Interval) -> str:
    look = draft.look
    return f"{look.number(ratio.value)}, 95% CI {look.signed(ratio.low, ratio.high)}; {look.p(ratio.p)}"


def _harms(draft: Draft) -> None:
    plan, look = draft.plan, draft.look
    (a, b), (x, y), (dead, died) = plan.arms, plan.harmed, plan.died
    draft.heading("Adverse events", 2)
    text = f"Adverse events were reported by {look.number(x)} of {look.number(a.n)} participants in {a.group} and {look.number(y)} of {look.number(b.n)} in {b.group}."
    deaths = "No participant died." if not dead + died else _deaths(dead, died, a.group, b.group)
    draft.paragraph(
        draft.fact([("harmed:0", x), ("harmed:1", y)], text),
        "" if plan.crossover else draft.fact([("died:0", dead), ("died:1", died)], deaths),
        "Most events were muscle pain and short spells of dizziness.",
    )
    if not plan.crossover:
        draft.blocks.append(harms_grid(draft))


def _deaths(dead: int, died: int, one: str, two: str) -> str:
    first = "There was one death" if dead == 1 else f"There were {words(dead)} deaths"
    return (
        f"{first} in {one} and {words(died) if died else 'none'} in {two}; none was thought to be related to the trial."
    )


def _bars(draft: Draft, outcome: OutcomePlan) -> Drawing:
    times = [BASELINE, END] if draft.plan.crossover else [BASELINE, END, LATE]
    values: dict[str, list[tuple[Decimal, Decimal]]] = {
        time: [
            (found.mean, found.sd) for arm in (0, 1) if (found := draft.figures.means[outcome.key, time, arm, False])
        ]
        for time in times
    }
    what = outcome.instrument
    caption = f"Figure 2. {capital(what.name)} ({what.unit}), mean and standard deviation."
    return Drawing("bars", caption, {"values": values, "unit": what.unit})
