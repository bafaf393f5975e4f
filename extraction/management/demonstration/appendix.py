"""A long supplementary appendix, as some journals print it behind the article: exercises, weeks, sessions, hospitals."""

from __future__ import annotations

from random import Random

from reportlab.platypus import Flowable, LongTable, PageBreak, Spacer

from extraction.management.demonstration.draft import Draft
from extraction.management.demonstration.setting import FULL, style, text

MOVES = (
    "Sit to stand", "Heel raise", "Wall press", "Step on the spot", "Arm curl", "Seated row with a band", "Side step", "Marching",
    "Calf stretch", "Shoulder roll", "Chest opener", "Knee extension", "Bridge on the bed", "Mini squat", "Walking in the corridor",
    "Stair walk", "Overhead press", "Hip abduction", "Seated cycling", "Toe tap", "Trunk turn", "Pursed-lip breathing", "Cool-down walk", "Rest with arms supported",
)  # fmt: skip
STEPS = (
    "Stand behind a heavy chair and hold its back with both hands.", "Breathe out through pursed lips while you push, and in while you return.",
    "Keep the movement slow: count to three on the way up and to three on the way down.", "Rest until your breath allows a whole sentence before the next set.",
    "If you use oxygen, keep the tube in front of you and clear of your feet.", "Stop at once with chest pain, dizziness or a saturation below 85%.",
    "The nurse sees your log each Monday and writes how many repetitions to do next.", "When two sets of fifteen feel light (Borg 3 or less), add half a kilogram or a stronger band.",
    "Wear shoes with a firm heel and drink a glass of water before you start.", "A partner may stand beside you during the first week.",
    "On days with a cold do half of the repetitions, and none with a fever.", "Write the number of repetitions and your breathlessness into the log, even if it was nothing.",
)  # fmt: skip


def appendix(draft: Draft) -> list[Flowable]:
    """About 34 pages in one column."""
    rng = Random(f"appendix:{draft.plan.work}")
    return [
        text(draft.look, "Supplementary appendix", "title"),
        text(draft.look, f"Supplement to: {draft.article.title}. {draft.article.journal[1]} {draft.article.year}. Supplied by the (invented) authors; not edited.", "body"),
        *_exercises(draft, rng),
        PageBreak(), *_weeks(draft, rng),
        PageBreak(), *_sessions(draft, rng),
        PageBreak(), *_hospitals(draft, rng),
    ]  # fmt: skip


def _exercises(draft: Draft, rng: Random) -> list[Flowable]:
    pieces: list[Flowable] = [text(draft.look, "A1. Library of exercises", "h1")]
    for number, move in enumerate(MOVES, 1):
        pieces.append(text(draft.look, f"A1.{number} {move}", "h2"))
        for level in ("Beginners", "Intermediate", "Advanced"):
            steps = " ".join(rng.sample(STEPS, 7))
            pieces.append(text(draft.look, f"{level}: {rng.choice((6, 8, 10))} repetitions, {rng.choice((1, 2, 3))} sets. {steps}", "body"))  # fmt: skip
    return pieces


def _weeks(draft: Draft, rng: Random) -> list[Flowable]:
    pieces: list[Flowable] = [text(draft.look, "A2. The programme week by week", "h1")]
    for week in range(1, draft.plan.weeks + 1):
        head = ["Day", "Exercise", "Sets", "Repetitions", "Target (Borg)"]
        rows = [
            [day, move, str(rng.choice((1, 2, 3))), str(6 + week + rng.randint(0, 3)), rng.choice(("3–4", "4", "4–5"))]
            for day in ("Monday", "Wednesday", "Friday")
            for move in rng.sample(MOVES, 9)
        ]
        pieces += [text(draft.look, f"Table A2.{week}. Week {week}", "caption"), _plain(draft, head, rows, (0.17, 0.41, 0.1, 0.16, 0.16)), PageBreak()]  # fmt: skip
    return pieces[:-1]


def _sessions(draft: Draft, rng: Random) -> list[Flowable]:
    """One row for each participant of the first arm: sessions that were logged, never outcomes."""
    pieces: list[Flowable] = [text(draft.look, "A3. Sessions logged, by participant", "h1")]
    head = ["Participant", "Hospital", *(f"Week {week}" for week in range(1, draft.plan.weeks + 1)), "Messages"]
    for part in range(5):
        rows = [
            [f"P{part * 100 + number:03d}", f"H{rng.randint(1, 11):02d}", *(str(rng.choice((0, 1, 2, 2, 3, 3, 3))) for _ in range(draft.plan.weeks)), str(rng.randint(0, 31))]
            for number in range(1, draft.plan.arms[0].n + 1)
        ]  # fmt: skip
        pieces += [text(draft.look, f"Table A3.{part + 1}. {('Aerobic sessions', 'Strength sessions', 'Education videos', 'Messages from the nurse', 'Help with the equipment')[part]}", "caption"), _plain(draft, head, rows, (0.13, 0.1, *[0.66 / draft.plan.weeks] * draft.plan.weeks, 0.11)), Spacer(1, 8)]  # fmt: skip
    return pieces


def _hospitals(draft: Draft, rng: Random) -> list[Flowable]:
    pieces: list[Flowable] = [text(draft.look, "A4. Recruitment by hospital and month", "h1")]
    months = [f"{month} {year}" for year in (2015, 2016, 2017) for month in ("Jan", "Mar", "May", "Jul", "Sep", "Nov")]
    for hospital in range(1, 12):
        rows = [[month, str(rng.randint(10, 60)), str(rng.randint(2, 9)), str(rng.randint(0, 3))] for month in months]
        pieces += [
            text(draft.look, f"Table A4.{hospital}. Hospital H{hospital:02d}", "caption"),
            _plain(draft, ["Month", "On the list", "Approached", "Entered"], rows, (0.25, 0.25, 0.25, 0.25)),
            Spacer(1, 8),
        ]
    return pieces


def _plain(draft: Draft, head: list[str], rows: list[list[str]], shares: tuple[float, ...]) -> Flowable:
    how = style(draft.look, "cell")
    rules = [
        ("FONT", (0, 0), (-1, -1), how.fontName, how.fontSize), ("FONT", (0, 0), (-1, 0), draft.look.bold, how.fontSize),
        ("LINEBELOW", (0, 0), (-1, 0), 0.7, draft.look.ink), ("LINEBELOW", (0, 1), (-1, -1), 0.15, "#999999"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]  # fmt: skip
    return LongTable([head, *rows], colWidths=[FULL * share for share in shares], repeatRows=1, style=rules)
