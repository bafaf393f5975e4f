"""The ruled tables of a report, row by row; each row is also the quote for the figures that stand in it."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.management.demonstration.draft import Draft, Grid
from extraction.management.demonstration.model import BASELINE, END, LATE
from extraction.management.demonstration.numbers import Interval, Summary
from extraction.management.demonstration.plan import OutcomePlan


def baseline_grid(draft: Draft) -> Grid:
    """Table 1: who took part, one column for each arm; one for everybody in a cross-over trial."""
    plan, look, figures = draft.plan, draft.look, draft.figures
    arms = range(1 if plan.crossover else 2)
    heads = [f"{plan.arms[i].label}\n({look.n(plan.arms[i].n)})" for i in arms]
    if plan.crossover:
        heads = [f"All participants ({look.n(plan.n)})"]
    rows = [
        ("Age, years", *(_spread(draft, *figures.ages[i]) for i in arms)),
        ("Women", *(_share(draft, figures.women[i], plan.arms[i].n) for i in arms)),
        ("FEV1, % predicted", *(_spread(draft, *figures.fev[i]) for i in arms)),
        ("Body-mass index, kg/m²", *(_spread(draft, *figures.bmi[i]) for i in arms)),
        ("Smoking, pack-years", *(_spread(draft, *figures.pack_years[i]) for i in arms)),
        ("Current smokers", *(_share(draft, figures.smokers[i], plan.arms[i].n) for i in arms)),
        ("Long-term oxygen", *(_share(draft, figures.oxygen[i], plan.arms[i].n) for i in arms)),
    ]
    for outcome in plan.outcomes:
        found = [figures.means[outcome.key, BASELINE, i, False] for i in arms]
        label = f"{outcome.instrument.short}, {outcome.instrument.unit}"
        rows.append((label, *(_spread(draft, one.mean, one.sd) for one in found)))
    for key, row in zip(("age", "women", "fev"), rows, strict=False):
        draft.rows["baseline", key] = " ".join(row)
    widths = (0.4, 0.3, 0.3) if len(arms) > 1 else (0.6, 0.4)
    note = "Figures are mean (SD) or number (%)."
    return Grid("Table 1. Participants at baseline", (("", *heads),), tuple(rows), widths, note)


def _spread(draft: Draft, mean: object, sd: object) -> str:
    return f"{draft.look.number(str(mean))} ({draft.look.number(str(sd))})"


def _share(draft: Draft, count: int, n: int) -> str:
    return f"{draft.look.number(count)} ({round(100 * count / n)}%)"


def outcome_grid(draft: Draft) -> Grid:
    """Table 2: every outcome at every time, as values and as changes, and events, over both columns of the page."""
    plan = draft.plan
    first, second = (arm.label for arm in plan.arms)
    head = (
        ("", first, "", second, "", "Difference or ratio", ""),
        ("Outcome", "n", "Mean (SD)", "n", "Mean (SD)", "(95% CI)", "p"),
    )
    rows: list[tuple[str, ...]] = []
    for outcome in plan.outcomes:
        what = outcome.instrument
        better = "higher" if what.higher_is_better else "lower"
        rows.append((f"{what.name[0].upper()}{what.name[1:]} ({what.unit}; {better} is better)",))
        rows.extend(_outcome_rows(draft, outcome))
    if ratio := draft.figures.risk_ratio:
        rows.extend(_event_rows(draft, ratio))
    widths = (0.31, 0.07, 0.135, 0.07, 0.135, 0.2, 0.08)
    note = "Figures are mean (SD) unless said otherwise. CI, confidence interval; SD, standard deviation. Differences are the first group minus the second."
    return Grid("Table 2. Outcomes at baseline and follow-up", head, tuple(rows), widths, note, wide=True)


def _outcome_rows(draft: Draft, outcome: OutcomePlan) -> Iterator[tuple[str, ...]]:
    short = outcome.instrument.short
    yield _mean_row(draft, outcome, BASELINE, f"{short} at baseline", change=False)
    for time in (END,) if draft.plan.crossover else (END, LATE):
        yield _mean_row(draft, outcome, time, f"{short} at {draft.when(time)}", change=False)
        yield _mean_row(draft, outcome, time, f"{short}, change to {draft.when(time)}", change=True)


def _mean_row(draft: Draft, outcome: OutcomePlan, time: str, label: str, *, change: bool) -> tuple[str, ...]:
    a, b = (draft.figures.means[outcome.key, time, arm, change] for arm in (0, 1))
    row = [label, *_pair(draft, a), *_pair(draft, b)]
    if change:
        effect, look = draft.figures.effects[outcome.key, time], draft.look
        row += [f"{look.number(effect.value)} ({look.signed(effect.low, effect.high)})", _p(draft, effect.p)]
    draft.rows["mean", outcome.key, time, change] = " ".join(row)
    return (*row, *[""] * (7 - len(row)))


def _pair(draft: Draft, found: Summary) -> tuple[str, str]:
    return draft.look.number(found.n), _spread(draft, found.mean, found.sd)


def _p(draft: Draft, p: float) -> str:
    return draft.look.p(p).removeprefix("p").replace("=", "").strip()


def _event_rows(draft: Draft, ratio: Interval) -> Iterator[tuple[str, ...]]:
    plan, look = draft.plan, draft.look
    yield ("Events: number with the event (%)",)
    cells: list[str] = []
    for arm, count in zip(plan.arms, plan.admitted, strict=True):
        cells += [look.number(arm.n), _share(draft, count, arm.n)]
    shown = f"{look.number(ratio.value)} ({look.signed(ratio.low, ratio.high)})"
    row = (f"Hospital admission by {plan.months} months", *cells, shown, _p(draft, ratio.p))
    draft.rows["admitted",] = " ".join(row)
    yield row


def harms_grid(draft: Draft) -> Grid:
    """Table 3: adverse events; kinds are fewer than people with any, since some had several."""
    plan, look = draft.plan, draft.look
    heads = [f"{arm.label}\n({look.n(arm.n)})" for arm in plan.arms]
    rows = [
        ("Any adverse event", *(_share(draft, plan.harmed[i], plan.arms[i].n) for i in (0, 1))),
        ("Muscle or joint pain", *(look.number(plan.harmed[i] // 2) for i in (0, 1))),
        ("Dizziness", *(look.number(plan.harmed[i] // 3) for i in (0, 1))),
        ("Fall", *(look.number(plan.harmed[i] // 6) for i in (0, 1))),
        ("Death from any cause", *(look.number(plan.died[i]) for i in (0, 1))),
    ]
    draft.rows["harmed",], draft.rows["died",] = " ".join(rows[0]), " ".join(rows[-1])
    note = "Number of participants (%). No session led to an admission."
    return Grid("Table 3. Adverse events", (("", *heads),), tuple(rows), (0.4, 0.3, 0.3), note)
