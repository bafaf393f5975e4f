"""Two publications that belong together and are no copies: a notice and its article, a preprint, an abstract, an entry.

Only proposals: they rest on titles, journals and identifiers, and a person reads both (DED-02). That a notice, a
preprint or an entry of a register is no copy of its article follows the Cochrane Handbook (4.6.2: reports of one study
are linked, not removed).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from screening.dedup.evidence import Evidence
from screening.dedup.prepared import Prepared

Kind = Literal["same_study", "correction"]
NOTICES = frozenset(("correction", "retraction"))
MOST_OF_ONE = 12  # articles that name one register number: more are lists and reviews, not reports of one trial
_CONCERN = re.compile(r"expression of concern", re.IGNORECASE)
_WORDS = {
    "correction": "One is a correction of the other",
    "retraction": "One retracts the other",
    "concern": "One is an expression of concern about the other",
    "protocol": "One is the protocol of the other",
    "preprint": "One is a preprint, the other an article",
    "registry": "One is an entry of a trial register, the other an article",
    "congress": "One stands among the abstracts of a congress, the other does not",
    "": "Published in two places, under one title by the same people",
}


class Relation(NamedTuple):
    """What a pair may be instead of a duplicate. `of_first`: it is the second that corrects the first, is its preprint,
    its entry, its protocol; else the first is that of the second. `sort` is "" where the texts don't tell."""

    kind: Kind
    sort: str
    of_first: bool
    reason: str


def relation(a: Prepared, b: Prepared, e: Evidence) -> Relation | None:
    """What the two may be to one another, or None. `e` is their evidence, in this order."""
    for one, two, of_first in ((a, b, False), (b, a, True)):
        sort = _sort(one, two, e)
        if sort:
            kind: Kind = "correction" if sort in ("correction", "retraction", "concern") else "same_study"
            return Relation(kind, sort, of_first, _why(sort, e))
    # Years later in the same journal it is an update, or the next of a series.
    anew = e.journal == -1 or e.year_gap <= 1
    if not a.title.kind and not a.sort and e.kind and anew and _one_work(e) and _elsewhere(e):
        return Relation("same_study", "", False, _why("", e))
    return None


def _sort(one: Prepared, two: Prepared, e: Evidence) -> str:
    """What `one` is to `two`, if it is anything."""
    if one.title.kind in NOTICES and not two.title.kind and not two.sort:
        return _notice(one) if _about(e) and not _before(one, two) else ""
    if one.title.kind == "protocol" and not two.title.kind and not two.sort:
        return "protocol" if _alike(e) and _people(e) else ""
    if one.title.kind or two.title.kind or two.sort:
        return ""
    if one.sort == "preprint":
        return "preprint" if _alike(e) and _people(e) else ""
    if one.sort == "registry":
        return "registry" if e.trial == 1 or (e.same_words and e.weight >= 5) else ""
    return "congress" if one.congress and not two.congress and _one_work(e) and _elsewhere(e) else ""


def _notice(row: Prepared) -> str:
    return "concern" if _CONCERN.search(row.title.text) else row.title.kind


def _before(one: Prepared, two: Prepared) -> bool:
    return bool(one.year and two.year and one.year < two.year)


def _about(e: Evidence) -> bool:
    """A notice bears the title of its article, in the same journal; its authors may be missing."""
    return (e.same_words or e.part or e.doi == 1) and e.weight >= 3 and e.journal >= 0 and not e.other_authors


def _alike(e: Evidence) -> bool:
    return e.weight >= 4 and (e.same_words or e.part or e.title >= 0.85)


def _people(e: Evidence) -> bool:
    return e.authors.first or e.authors.share >= 0.5


def _one_work(e: Evidence) -> bool:
    return e.same_words and e.numbers and e.weight >= 6 and e.authors.share >= 0.5 and 0 <= e.year_gap <= 5


def _elsewhere(e: Evidence) -> bool:
    """Two of the fields that say where something was published contradict each other: no slip of a typist."""
    return len({"DOI", "journal", "volume", "pages"} & set(e.against)) > 1


def _why(sort: str, e: Evidence) -> str:
    likeness = f"title {round(100 * e.title)} % alike" if e.title >= 0 else "one has no title"
    more = (
        ["same DOI"] * (e.doi == 1)
        + ["same register number"] * (e.trial == 1)
        + ["same first author"] * e.authors.first
    )
    return f"{_WORDS[sort]}: {'; '.join([likeness, *more])}"


def by_register(rows: Sequence[Prepared], fresh: int) -> Iterator[tuple[int, int]]:
    """Entries of registers and the articles that name their number; one of each two is among the first `fresh`."""
    entries: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if row.sort == "registry":
            for code in row.trials:
                entries[code].append(at)
    if not entries:
        return
    articles: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if not row.sort:
            for code in row.trials & entries.keys():
                articles[code].append(at)
    for code, found in articles.items():
        if len(found) <= MOST_OF_ONE:
            yield from ((entry, at) for entry in entries[code] for at in found if entry < fresh or at < fresh)
