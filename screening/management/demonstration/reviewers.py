"""The invented reviewers: mostly right, each in their own way wrong, so that there is agreement, conflict and learning."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from screening.management.demonstration.model import Truth
from screening.management.demonstration.protocol import PROTOCOL


@dataclass(frozen=True, slots=True)
class Habit:
    """`slips`: share of plain errors; `doubts`: how readily a hard record gets "maybe"; `pace`: median seconds a record."""

    slips: float
    doubts: float
    pace: float


HABITS = {
    "first": Habit(slips=0.025, doubts=0.7, pace=21.0),
    "second": Habit(slips=0.035, doubts=0.35, pace=13.0),
    "third": Habit(slips=0.01, doubts=0.5, pace=26.0),
    "fourth": Habit(slips=0.12, doubts=0.2, pace=9.0),
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reviewer says of a record; `reason` is one of the protocol's, and "" unless the verdict is exclude."""

    verdict: str
    reason: str
    seconds: float


def opinion(truth: Truth, reviewer: str, seed: int = 2020) -> Opinion:
    """What `reviewer` ("first" to "fourth") says. The same for the same work, reviewer and seed, in whatever order asked."""
    habit = HABITS[reviewer]
    rng = Random(f"{seed}:{reviewer}:{truth.work}")
    seconds = round(habit.pace * rng.lognormvariate(0, 0.5) * (1 + truth.hard), 1)
    verdict = _verdict(truth, habit, rng)
    return Opinion(verdict, _reason(truth, rng) if verdict == "exclude" else "", seconds)


def _verdict(truth: Truth, habit: Habit, rng: Random) -> str:
    if truth.verdict == "maybe":
        return rng.choices(("include", "maybe", "exclude"), (0.45, habit.doubts, 0.12))[0]
    if rng.random() < truth.hard * habit.doubts:
        return "maybe"
    if rng.random() < habit.slips + truth.hard * (1 - habit.doubts):
        return "exclude" if truth.verdict == "include" else "include"
    return truth.verdict


def _reason(truth: Truth, rng: Random) -> str:
    if truth.reason and rng.random() > 0.06:
        return truth.reason
    return rng.choice(PROTOCOL.reasons[2:])  # the first two are seen at a glance; nobody gives them in error
