"""A list of invented references, so that a report ends as reports do."""

from __future__ import annotations

from random import Random

from extraction.management.demonstration.prose import FORMS, RELATIONS, SUBJECTS
from screening.management.demonstration.names import JOURNALS, SURNAMES


def references(rng: Random, year: int, count: int = 24) -> list[str]:
    """`count` different ones, all before `year`, in Vancouver style. None of these works exists."""
    made: dict[str, str] = {}
    while len(made) < count:
        title = f"{rng.choice(SUBJECTS)} {rng.choice(RELATIONS)}: {rng.choice(FORMS)}"
        made.setdefault(title, _reference(title, rng, year))
    return list(made.values())


def _reference(title: str, rng: Random, year: int) -> str:
    names = [
        f"{name} {''.join(rng.sample('ABCDEFGHJKLMNPRST', rng.choice((1, 2))))}" for name in rng.sample(SURNAMES, 3)
    ]
    authors = ", ".join(names) + (", et al" if rng.random() < 0.7 else "")
    first = rng.randint(11, 1900)
    when = rng.randint(max(year - 12, 1998), year - 1)
    pages = f"{first}–{first + rng.randint(5, 14)}"
    return f"{authors}. {title}. {rng.choice(JOURNALS)[1]} {when}; {when - 1988}: {pages}."
