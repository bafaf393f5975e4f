"""What two invented extractors type for the answers of a report: mostly right, each with slips of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from extraction.management.demonstration.answers import NOT_REPORTED, Answer

MISTYPED = {"robin": 1, "sasha": 3}  # numbers with two digits changed over, a study
OVERLOOKED = {"robin": 0, "sasha": 1}  # things that the report does say
NUMBERS = ("mean", "sd", "n", "difference", "difference_ci_lower", "difference_ci_upper", "age_sd")
EASILY_OVERLOOKED = ("funding_role", "unit_of_randomisation", "follow_up_longest")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is typed into a cell, and the words that are marked in the report for it."""

    raw: str
    quote: str


def entries(found: Sequence[Answer], username: str, work: str) -> list[Entry]:
    """One entry for each answer, in order. The same for the same person and report."""
    rng = Random(f"{username}:{work}")
    turned = _some(rng, [i for i, answer in enumerate(found) if _turned(answer) != answer.raw], MISTYPED[username])
    missed = _some(rng, [i for i, one in enumerate(found) if one.field in EASILY_OVERLOOKED], OVERLOOKED[username])
    return [_entry(answer, turned=i in turned, missed=i in missed) for i, answer in enumerate(found)]


def _some(rng: Random, among: list[int], most: int) -> set[int]:
    return set(rng.sample(among, min(most, len(among))))


def _entry(answer: Answer, *, turned: bool, missed: bool) -> Entry:
    if missed or answer.place is None:
        return Entry(NOT_REPORTED, "")
    return Entry(_turned(answer) if turned else answer.raw, answer.place.quote)


def _turned(answer: Answer) -> str:
    """Two digits changed over, as when copying by hand: 18.7 becomes 17.8."""
    if answer.field not in NUMBERS:
        return answer.raw
    return re.sub(r"(\d)(\.?)(\d)$", r"\3\2\1", answer.raw)
