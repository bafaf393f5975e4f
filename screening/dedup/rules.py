"""When two items are the same (certain), may be (possible), or are not. Each rule is one a librarian could say.

The certain tier follows the steps of Bramer et al. 2016 (doi:10.3163/1536-5050.104.3.014) and of bib-dedupe (Wagner
2024): several fields must agree and none may contradict. It errs on the side of leaving a pair to a person.
"""

from collections.abc import Callable
from typing import NamedTuple

from screening.dedup.evidence import Evidence
from screening.dedup.item import Tier


class Rule(NamedTuple):
    """A named rule: `holds` of the evidence, and the sentence that `says` so ("{title}" is the likeness in %)."""

    holds: Callable[[Evidence], bool]
    says: str


class Verdict(NamedTuple):
    """What the rules say of one pair."""

    tier: Tier
    score: float
    reason: str


def contradicts(e: Evidence) -> bool:
    """Can the two never stand in one cluster? Other DOI, accession or trial, other kind or number; or, where no
    identifier binds them, other place, year or people."""
    if e.doi == -1 or e.accession == -1 or e.trial == -1 or not e.kind:
        return True
    if e.doi == 1 or e.accession == 1:
        return False
    return (
        not (e.numbers or e.part)
        or e.volume == -1
        or e.pages == -1
        or e.other_authors
        or (e.year_gap > 1 and not e.exact_place)
    )


def _may_be_certain(e: Evidence) -> bool:
    """No identifier, kind or number in the title contradicts."""
    if e.doi == -1 or e.accession == -1 or e.trial == -1 or not e.kind:
        return False
    return e.numbers or (e.part and not e.counted)


def _identified(e: Evidence) -> bool:
    """Titles and people agree as an identifier promises; where nothing contradicts, authors may be garbled."""
    garbled = e.same_words and (e.place or (e.weight >= 4 and not e.against))
    if e.year_gap > 2 or (e.other_authors and not garbled):
        return False
    if e.title < 0:
        return e.same_authors or e.place
    # One DOI may stand for a whole supplement: other words on other pages are another abstract.
    return (e.same_words and e.numbers) or (e.pages >= 0 and (e.part or (e.title >= 0.85 and e.numbers)))


def _doi(e: Evidence) -> bool:
    return e.doi == 1 and _identified(e)


def _accession(e: Evidence) -> bool:
    return e.accession == 1 and _identified(e)


def _doi_and_place(e: Evidence) -> bool:
    return e.doi == 1 and e.place and e.same_authors and e.year_gap <= 1


def _place(e: Evidence) -> bool:
    if not e.place or e.volume != 1 or e.journal < 0 or e.issue < 0 or e.year_gap > 1 or e.other_authors:
        return False
    if e.same_words and e.same_authors and e.journal == 1 and e.year_gap == 0 and e.numbers:
        return True  # even "Editorial": no author writes two on one page
    # On one page of a supplement stand several abstracts of one group, whose titles may differ in a word or an ending.
    alike = ((e.same_words or (e.title >= 0.9 and e.span >= 3)) and e.numbers) or (e.part and e.span != 1)
    return alike and e.weight >= 2 and (e.authors.first or e.authors.share >= 0.75)


def _whole_range(e: Evidence) -> bool:
    """No two papers fill the same three or more pages."""
    if e.span < 3 or not e.place or e.journal != 1 or e.issue < 0 or not e.numbers:
        return False
    return e.same_authors and e.year_gap == 0


def _place_but_name(e: Evidence) -> bool:
    """Same place and title, though a volume is missing or the journal named otherwise (translated, or as a book)."""
    if e.issue < 0 and not (e.span >= 3 and e.journal == e.volume == 1 and e.weight >= 5):
        return False  # the issue may be mistyped where all else agrees
    alike = e.exact_place and (e.volume == 1 or (e.volume == 0 and e.journal == 1)) and e.same_words and e.numbers
    return alike and e.same_authors and 0 <= e.year_gap <= 1 and e.weight >= 3


def _place_without_authors(e: Evidence) -> bool:
    alike = e.authors.share < 0 and e.place and e.journal == 1 and e.issue >= 0 and e.same_words and e.numbers
    return alike and e.weight >= 4 and 0 <= e.year_gap <= 1


def _place_without_title(e: Evidence) -> bool:
    alike = e.title < 0 and e.place and e.journal == 1 and e.span > 1 and e.year_gap == 0
    return alike and e.same_authors and e.authors.common >= 2


def _issue_without_authors(e: Evidence) -> bool:
    """One names nobody: a long title in the same volume of a journal is the same paper."""
    alike = e.authors.share < 0 and e.journal == e.volume == 1 and e.issue >= 0 and e.same_words and e.numbers
    return alike and not e.against and e.weight >= 5 and e.year_gap == 0


def _issue_but_journal(e: Evidence) -> bool:
    """A journal that is translated or transliterated: no two journals print one paper in the same volume and issue."""
    alike = e.volume == e.issue == 1 and e.pages >= 0 and e.same_words and e.numbers and e.year_gap == 0
    return alike and e.same_authors and e.authors.common >= 2 and e.weight >= 5


def _page_but_issue(e: Evidence) -> bool:
    """Volumes are paged through: the same first page with an issue that is mistyped, or a running number."""
    alike = e.journal == e.volume == e.pages == 1 and e.same_words and e.numbers and e.year_gap == 0
    return alike and e.same_authors and e.weight >= 5 and (e.authors.common >= 3 or e.span >= 2)


def _same_title_and_people(e: Evidence) -> bool:
    return e.same_words and e.numbers and e.same_authors and not e.against and e.issue >= 0


def _same_journal(e: Evidence) -> bool:
    if not _same_title_and_people(e) or e.journal != 1:
        return False
    in_year = e.year_gap == 0 or (e.year_gap <= 1 and e.volume == 1)
    return in_year and (e.weight >= 5 or (e.weight >= 3 and (e.authors.common >= 2 or e.volume == e.issue == 1)))


def _ahead_of_print(e: Evidence) -> bool:
    """Online in December, printed in January: one of them has neither volume nor pages that could contradict."""
    if not _same_title_and_people(e) or e.journal != 1 or e.year_gap != 1 or e.volume or e.pages:
        return False
    return e.weight >= 6 and e.authors.common >= 2


def _no_journal(e: Evidence) -> bool:
    if not _same_title_and_people(e) or e.year_gap != 0:
        return False
    if e.unclear_journal:  # a journal and its supplement, or two journals
        return e.weight >= 6 and e.authors.common >= 2
    return e.weight >= 6 or (e.weight >= 4 and e.authors.common >= 2)


CERTAIN: tuple[Rule, ...] = (
    Rule(_doi, "same DOI and title {title} % alike"),
    Rule(_accession, "same accession number and title {title} % alike"),
    Rule(_place, "same volume and pages, same author and title {title} % alike"),
    Rule(_doi_and_place, "same DOI, authors, volume and pages; title {title} % alike"),
    Rule(_whole_range, "same journal, year, authors, first and last page; title {title} % alike"),
    Rule(_place_but_name, "same title, authors and pages, in a volume or journal that is missing or named otherwise"),
    Rule(_place_without_authors, "same journal, volume, pages and title; one names no authors"),
    Rule(_issue_without_authors, "same journal, year, volume and title; one names no authors"),
    Rule(_page_but_issue, "same title, authors, journal, year, volume and first page; another issue"),
    Rule(_place_without_title, "same journal, year, volume, pages and authors; one has no title"),
    Rule(_same_journal, "same title, authors, year and journal; nothing contradicts"),
    Rule(_ahead_of_print, "same title, authors and journal; one was not printed yet, the year before or after"),
    Rule(_issue_but_journal, "same title, authors, year, volume and issue; the journal is named otherwise"),
    Rule(_no_journal, "same title, authors and year; nothing contradicts"),
)


def _identifier(e: Evidence) -> bool:
    return e.doi == 1 or e.accession == 1


def _same_title(e: Evidence) -> bool:
    if e.other_authors or len(e.against) > 1 or not e.kind:
        return False
    return (e.same_words and e.weight >= 3) or (
        e.part and not e.counted and e.weight >= 4 and (e.same_authors or e.place)
    )


def _alike_title(e: Evidence) -> bool:
    return e.title >= 0.85 and e.weight >= 2 and e.same_authors and len(e.against) <= 1 and e.kind and e.numbers


def _same_place(e: Evidence) -> bool:
    if not e.place or e.journal < 0 or e.issue < 0 or e.doi < 0 or not e.kind:
        return False
    return e.same_authors and 0 <= e.year_gap <= 1 and (e.title < 0 or e.title >= 0.4)


def _retitled(e: Evidence) -> bool:
    alike = e.journal == 1 and e.year_gap == 0 and e.same_authors and e.authors.common >= 4 and e.title >= 0.7
    return alike and not e.against and e.kind and e.numbers


POSSIBLE: tuple[Rule, ...] = (
    Rule(_identifier, "same DOI or accession number and title {title} % alike"),
    Rule(_same_title, "title {title} % alike"),
    Rule(_alike_title, "same authors and title {title} % alike"),
    Rule(_same_place, "same authors and pages and title {title} % alike"),
    Rule(_retitled, "same authors, journal and year and title {title} % alike"),
)


def judge(e: Evidence) -> Verdict | None:
    """The verdict on one pair, or None when they are not duplicates."""
    title = round(100 * max(0.0, e.title))
    if _may_be_certain(e):
        for rule in CERTAIN:
            if rule.holds(e):
                return Verdict("certain", round(0.9 + 0.1 * _agreement(e), 3), rule.says.format(title=title))
    if e.trial == -1:
        return None
    for rule in POSSIBLE:
        if rule.holds(e):
            return Verdict("possible", score(e), f"{rule.says.format(title=title)}; {_but(e)}")
    return None


def score(e: Evidence) -> float:
    """0..0.9: what a pair that isn't certain is sorted by."""
    return round(0.9 * _agreement(e), 3)


def _but(e: Evidence) -> str:
    """What keeps a possible pair from being certain, in words."""
    if e.against:
        return f"but not the same {' and '.join(e.against)}"
    if e.issue < 0:
        return "but not the same issue"
    if e.title >= 0 and not e.numbers:
        return "but the numbers in the titles differ"
    if e.authors.share < 0:
        return "but one names no authors"
    if not e.same_authors:
        return "but the authors differ in part"
    return "but too little else to be sure"


def _agreement(e: Evidence) -> float:
    """0..1: how much agrees, weighed; it sorts the queue of possible pairs and is no probability."""
    title = max(0.0, e.title) if e.title >= 0 else 0.5
    people = 0.5 if e.authors.share < 0 else e.authors.share
    where = sum(x == 1 for x in (e.journal, e.volume, e.pages)) / 3 + (e.doi == 1 or e.accession == 1)
    return max(0.0, min(1.0, 0.5 * title + 0.25 * people + 0.25 * min(1.0, where) - 0.1 * len(e.against)))
