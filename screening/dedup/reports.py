"""Reports of one study that are not copies of one another: what they are called, and how they are told."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from screening.dedup.names import family, name
from screening.dedup.text import fold, words
from screening.dedup.vocabulary import STOPWORDS

ALIKE = 0.5  # of the two titles' words
AS_MANY = 3  # family names in common, or all of the shorter list
MOST_OF_ONE = 12  # reports that name one register number: more are reviews or lists, not one study
_EMPTY = STOPWORDS | {"study", "trial", "randomised", "randomized", "controlled", "patients", "adults", "people"}


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared. `registrations` are all that its texts name."""

    id: int
    title: str
    authors: tuple[str, ...]
    year: int | None
    registrations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two reports that may be of one study: `kind` is "registry" or "title_authors", `score` 0..1."""

    first: int
    second: int
    kind: str
    reason: str
    score: float


def label(authors: Sequence[str], year: int | None, title: str) -> str:
    """“Okafor 2021”: the first author's family name, else the title's first words; "" where there is neither."""
    who = next((found for author in authors if (found := family(author))), "")
    what = who or " ".join(title.split()[:5])
    return f"{what[:90]} {year}".strip() if year and what else what[:90]


def likenesses(reports: Collection[Report], *, only: int | None = None) -> list[Likeness]:
    """Pairs that may be of one study, each once, the likeliest first; with `only`, those of one report.

    A register number that both name goes before likeness of titles and authors.
    """
    found = {(pair.first, pair.second): pair for pair in _by_authors(reports, only)}
    found |= {(pair.first, pair.second): pair for pair in _by_registration(reports, only)}
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.first, pair.second))


def _by_registration(reports: Collection[Report], only: int | None) -> Iterator[Likeness]:
    naming: dict[str, set[int]] = defaultdict(set)
    for report in reports:
        for code in report.registrations:
            naming[code].add(report.id)
    for code, ids in sorted(naming.items()):
        if len(ids) <= MOST_OF_ONE and (only is None or only in ids):
            for first, second in combinations(sorted(ids), 2):
                if only is None or only in (first, second):
                    yield Likeness(first, second, "registry", f"Both name {code}.", 1.0)


def _by_authors(reports: Collection[Report], only: int | None) -> Iterator[Likeness]:
    """Only reports that share an author are compared."""
    by_id, by_author = {report.id: report for report in reports}, defaultdict(list)
    families = {report.id: _families(report) for report in reports}
    telling = {report.id: _telling(report.title) for report in reports}
    for report in reports:
        for who in families[report.id]:
            by_author[who].append(report.id)
    pairs = {pair for ids in by_author.values() for pair in _pairs(sorted(ids), only)}
    for first, second in sorted(pairs):
        shared = families[first] & families[second]
        enough = min(AS_MANY, len(families[first]), len(families[second]))
        likeness = _jaccard(telling[first], telling[second])
        if len(shared) >= enough and likeness >= ALIKE:
            yield Likeness(first, second, "title_authors", _why(len(shared), by_id[first], by_id[second]), likeness)


def _pairs(ids: list[int], only: int | None) -> Iterator[tuple[int, int]]:
    if only is None:
        yield from combinations(ids, 2)
    elif only in ids:
        yield from ((min(only, other), max(only, other)) for other in ids if other != only)


def _families(report: Report) -> frozenset[str]:
    return frozenset(known.family for author in report.authors if (known := name(author)) and known.family)


def _telling(title: str) -> frozenset[str]:
    return frozenset(words(fold(title))) - _EMPTY


def _jaccard(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / len(one | two) if one and two else 0.0


def _why(shared: int, first: Report, second: Report) -> str:
    years = "" if first.year == second.year else f"; {first.year or 'no year'} and {second.year or 'no year'}"
    return f"Alike in title, with {shared} author{'s' if shared > 1 else ''} in common{years}."
