"""A pile of invented citations as a large search brings it: about 3 KB each, 8 % of them known from another database.

`python -m tests.benchmarks.pile FILE [COUNT]` writes it as RIS. The words are no language's, but come as often and are
as long as in one, between English function words; abstracts have some 2,000 characters. A copy differs as databases
differ: capitals, full stops, initials, abbreviated journals, shortened pages, a field that is missing, a typing error.
Every entry says in its notes which publication it is of (`publication`), for whoever counts what was merged rightly.
"""

import random
import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

DUPLICATES = 0.08
WORDS = 60_000
SENTENCES = 30_000
SYLLABLES = (
    "ba be bi bo bu da de di do du fa fe ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no pa pe ra re ro"
)
FUNCTION = "the of in and to with for a was were by on from that at as than or after between during".split()  # noqa: SIM905
HEADINGS = ("Background:", "Methods:", "Results:", "Conclusions:")
FAMILIES = "Okafor Lindqvist Moreau Tanaka Haddad Novak Silva Brandt Kowalska Yilmaz Petrov Nguyen Osei Rossi Ibsen"
GIVEN = "Amina Bjorn Claire Daichi Elias Fatima Goran Helena Ingrid Jonas Katarzyna Luca Mehmet Nadia Olu"
RECURRING = ("Editorial", "In reply", "Book review", "Erratum", "News and notes")
PUBLICATION = re.compile(r"publication (\d+)")

Citation = dict[str, list[str]]


def publication(raw: str) -> int:
    """Which publication an entry of the pile is of, from its raw text."""
    found = PUBLICATION.search(raw)
    return int(found[1]) if found else -1


def word(rank: int) -> str:
    """The `rank`-th word of the invented language: the lower, the shorter, as in any language."""
    syllables, text, rest = SYLLABLES.split(), "", rank + len(SYLLABLES.split())
    while rest:
        rest, place = divmod(rest, len(syllables))
        text += syllables[place]
    return text


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    return [word(rank) for rank in range(WORDS)], list(accumulate(1 / (rank + 20) for rank in range(WORDS)))


def _content(pick: random.Random, count: int) -> list[str]:
    words, weights = _vocabulary()
    return pick.choices(words, cum_weights=weights, k=count)


def _running(pick: random.Random, count: int) -> str:
    words = _content(pick, count)
    return " ".join(f"{word} {pick.choice(FUNCTION)}" if pick.random() < 0.6 else word for word in words)


@cache
def _sentences() -> list[str]:
    pick = random.Random(1)
    return [
        f"{_running(pick, pick.randrange(9, 20)).capitalize()} ({pick.randrange(1, 999)})." for _ in range(SENTENCES)
    ]


def _abstract(pick: random.Random) -> str:
    sentences = pick.choices(_sentences(), k=max(6, int(pick.gauss(19, 4))))
    step = max(1, len(sentences) // len(HEADINGS))
    for place, heading in enumerate(HEADINGS):
        sentences[place * step] = f"{heading} {sentences[place * step]}"
    return " ".join(sentences)


def citation(number: int) -> Citation:
    """The `number`-th invented publication as one database has it: the same each time. Tag -> values."""
    pick = random.Random(number)
    first = pick.randrange(2, 2000)
    title = pick.choice(RECURRING) if pick.random() < 0.005 else _running(pick, pick.randrange(7, 15)).capitalize()
    people = [f"{pick.choice(FAMILIES.split())}{word(pick.randrange(400))}" for _ in range(pick.randrange(2, 9))]
    department, town = (word(pick.randrange(900)).capitalize() for _ in range(2))
    address = f"Department of {department}, University of {town}, Invented Country"
    return {
        "TY": ["JOUR"],
        "TI": [title],
        "AU": [f"{family}, {pick.choice(GIVEN.split())} {pick.choice('ABCDEFGHKLMN')}." for family in people],
        "PY": [str(pick.randrange(1985, 2027))],
        "JO": [f"Journal of {word(pick.randrange(600)).capitalize()} and {word(pick.randrange(50)).capitalize()}"],
        "VL": [str(pick.randrange(1, 120))],
        "IS": [str(pick.randrange(1, 13))],
        "SP": [str(first)],
        "EP": [str(first + pick.randrange(3, 15))],
        "DO": [f"10.{1000 + number % 97}/pile.{number}"] if pick.random() < 0.85 else [],
        "AB": [_abstract(pick)] if pick.random() < 0.92 else [],
        "KW": [" ".join(_content(pick, 2)) for _ in range(pick.randrange(3, 9))],
        "AD": [f"{address} {place}" for place in range(len(people))],
        "UR": [f"https://example.org/article/{number}"],
        "LA": ["English" if pick.random() < 0.93 else "German"],
        "N1": [f"publication {number}"],
    }


def _mistyped(title: str, pick: random.Random) -> str:
    place = pick.randrange(len(title) // 2, len(title))
    return title[:place] + title[place + 1 :]


def copied(entry: Citation, pick: random.Random) -> Citation:
    """The same publication as another database has it."""
    copy, title = dict(entry), entry["TI"][0]
    copy["TI"] = [pick.choice((title.upper(), f"{title}.", title, title.title(), _mistyped(title, pick)))]
    copy["AU"] = [f"{one.split(', ')[0]} {one.split(', ')[1][0]}" for one in entry["AU"]]
    copy["JO"] = [entry["JO"][0].replace("Journal of", "J").replace(" and", "")]
    copy["EP"] = [entry["EP"][0][len(entry["SP"][0]) // 2 :]] if pick.random() < 0.3 else entry["EP"]
    copy["UR"] = [f"{entry['UR'][0]}?from=other"]
    copy[pick.choice(("DO", "AB", "VL", "IS", "KW"))] = []
    return copy


def entries(count: int, *, start: int = 0) -> Iterator[Citation]:
    """Citations `start`… of the pile; a copy is of any that came before it, those before `start` too."""
    for number in range(start, start + count):
        pick = random.Random(-1 - number)
        if number > 100 and pick.random() < DUPLICATES:
            yield copied(citation(pick.randrange(number)), pick)
        else:
            yield citation(number)


def ris(entry: Citation) -> str:
    """One entry as text."""
    lines = [f"{tag}  - {value}" for tag, values in entry.items() for value in values]
    return "\n".join([*lines, "ER  - ", "", ""])


def write(path: Path, count: int, *, start: int = 0) -> None:
    """The citations as a RIS file."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(map(ris, entries(count, start=start)))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
