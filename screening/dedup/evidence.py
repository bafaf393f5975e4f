"""What two prepared items say about each other, field by field. 1 agrees, -1 contradicts, 0 says nothing."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz.distance import OSA

from screening.dedup import journals, names
from screening.dedup.names import Agreement
from screening.dedup.places import Pages
from screening.dedup.prepared import Prepared
from screening.dedup.text import COUNTED
from screening.dedup.vocabulary import NEGATIONS, OPPOSITES, STOPWORDS

_JOURNAL = {"same": 1, "unclear": 0, "unknown": 0, "other": -1}


class Evidence(NamedTuple):
    """One pair's agreement.

    `title` is the likeness of the titles, 0..1 (-1: one has none); `same_words` that they differ by no more than typing
    errors; `part` that one is the beginning or the end of the other; `counted` that the rest of the longer one says
    which part it is ("Part 2"); `numbers` that both hold the same digits; `weight` how many telling words the shorter
    title has. `year_gap` is -1 when a year is missing. `span` is the number of pages when both first and last pages are
    the same, else 0; `article_number` that the page is an electronic article's number.
    """

    title: float
    same_words: bool
    part: bool
    counted: bool
    numbers: bool
    weight: int
    kind: bool
    authors: Agreement
    year_gap: int
    journal: int
    unclear_journal: bool
    volume: int
    issue: int
    pages: int
    span: int
    article_number: bool
    doi: int
    accession: int
    trial: int

    @property
    def place(self) -> bool:
        """Same pages of the same volume (or of the same journal, where a volume is missing)."""
        return self.pages == 1 and self.volume >= 0 and (self.volume == 1 or self.journal == 1)

    @property
    def same_authors(self) -> bool:
        """The same first author and, in essence, the same list (one may be cut short), or the list in another order."""
        return (self.authors.first and self.authors.share >= 0.75) or self.authors.another_order

    @property
    def other_authors(self) -> bool:
        """Both name their authors, and they are not the same people."""
        return 0 <= self.authors.share < 0.5

    @property
    def exact_place(self) -> bool:
        """Same first and last page, and more than one, or an electronic article number."""
        return self.pages == 1 and self.span > (0 if self.article_number else 1)

    @property
    def against(self) -> tuple[str, ...]:
        """The fields that contradict each other, in words; another issue counts unless the pages are the same."""
        found = {"DOI": self.doi, "journal": self.journal, "volume": self.volume, "pages": self.pages}
        out = [name for name, value in found.items() if value == -1]
        if self.issue == -1 and self.pages != 1:
            out.append("issue")
        return tuple(out + ["year"] * (self.year_gap > 1))


def compare(a: Prepared, b: Prepared, likeness: float) -> Evidence:
    """Evidence of one pair; `likeness` is the ratio of the two title texts, 0..1. Symmetric."""
    both = bool(a.title.text and b.title.text)
    same = both and (a.title.text == b.title.text or _same_words(a.title.words, b.title.words, likeness))
    journal = journals.compare(a.journal, b.journal)
    shifted = _shifted(a, b) or _shifted(b, a)
    return Evidence(
        title=likeness if both else -1.0,
        same_words=same,
        part=both and _part(a.title.text, b.title.text),
        counted=both and _counted(a.title.words, b.title.words),
        numbers=a.title.numbers == b.title.numbers or not both,
        weight=min(a.title.weight, b.title.weight),
        kind=a.title.kind == b.title.kind and a.sort == b.sort,
        authors=names.compare(a.authors, b.authors),
        year_gap=abs(a.year - b.year) if a.year and b.year else -1,
        journal=_JOURNAL[journal],
        unclear_journal=journal == "unclear",
        volume=1 if shifted else _equal(a.volume, b.volume),
        issue=_shifted_issue(a, b) if shifted else _equal(a.issue, b.issue),
        pages=0 if shifted else _pages(a, b),
        span=a.pages.last - a.pages.first + 1 if a.pages[1:] == b.pages[1:] and a.pages.first else 0,
        article_number=a.pages.first >= 10_000 or (a.pages.mark == "e" and a.pages.first >= 1000),
        doi=_equal(a.doi, b.doi),
        accession=_accessions(a, b),
        trial=_trials(a, b),
    )


def _equal(a: str, b: str) -> int:
    return 0 if not a or not b else 1 if a == b else -1


def _pages(a: Prepared, b: Prepared) -> int:
    """Page 1 is no evidence: articles published online, and papers of many proceedings, all begin there. Those of
    a first online version, and the number of an electronic one beside printed pages, contradict nothing."""
    one, two = a.pages, b.pages
    if not one.first or not two.first or one.first == two.first == 1:
        return 0
    if one.first == two.first:
        return 1 if one.mark == two.mark or one.last == two.last or not (one.mark and two.mark) else -1
    if _ahead_of_print(one, a, b) or _ahead_of_print(two, b, a) or _electronic(one) != _electronic(two):
        return 0
    if one.last == two.last and abs(one.first - two.first) <= 2 and min(one.last - one.first, two.last - two.first) > 0:
        return 1
    overlap = max(one.first, two.first) <= min(one.last, two.last)
    return 0 if overlap and one.mark == two.mark else -1


def _shifted(a: Prepared, b: Prepared) -> bool:
    """The volume stands in a's field for the issue, and the issue, if anything, in that for the pages."""
    return (
        not a.volume and a.issue != "" and a.issue == b.volume and (str(a.pages.first) == b.issue or not a.pages.first)
    )


def _shifted_issue(a: Prepared, b: Prepared) -> int:
    return int(str(a.pages.first) == b.issue or str(b.pages.first) == a.issue)


def _ahead_of_print(pages: Pages, of: Prepared, other: Prepared) -> bool:
    """Pages 1-6 are those of a first online version, unless they stand in an issue that the other is not in."""
    return pages.first == 1 and (not (of.volume and of.issue) or (of.volume, of.issue) == (other.volume, other.issue))


def _electronic(pages: Pages) -> bool:
    """An article that is printed has another number online: "e214", BMJ's "a1754". A supplement's "S34" is a page."""
    return len(pages.mark) == 1 and pages.mark not in "spw" and (pages.mark == "e" or pages.first >= 100)


def _accessions(a: Prepared, b: Prepared) -> int:
    """PubMed gives an article one number; other databases may hold it twice. The same DOI outweighs other numbers."""
    if a.accessions & b.accessions:
        return 1
    if a.doi and a.doi == b.doi:
        return 0
    shared = {s for s, _ in a.accessions} & {s for s, _ in b.accessions}
    return -1 if shared & {"pmid", "pmcid"} else 0


def _trials(a: Prepared, b: Prepared) -> int:
    if not a.trials or not b.trials:
        return 0
    return 1 if a.trials & b.trials else 0 if a.doi and a.doi == b.doi else -1


def _part(a: str, b: str) -> bool:
    """One title is the beginning or the end of the other: cut short, or without its subtitle or section heading."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    return len(short) >= 25 and (long.startswith(short) or long.endswith(" " + short))


def _counted(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    rest = long[len(short) : len(short) + 2]
    return bool(rest) and (rest[0] in COUNTED or (rest[0].isdigit() and len(rest[0]) == 1))


def _same_words(a: tuple[str, ...], b: tuple[str, ...], likeness: float) -> bool:
    """Only typing errors, other spellings and other word breaks apart, at most one word in six."""
    if likeness < 0.85:
        return False
    if "".join(a) == "".join(b):
        return True
    one, two = list((Counter(a) - Counter(b)).elements()), list((Counter(b) - Counter(a)).elements())
    if "".join(_telling(one)) == "".join(_telling(two)):
        return True
    allowed = max(1, min(len(a), len(b)) // 6)
    for mine, theirs in ((one, two), (two, one)):
        for word in _telling(mine):
            found = next((other for other in theirs if typing_error(word, other)), None)
            if found is None or not allowed:
                return False
            mine.remove(word)
            theirs.remove(found)
            allowed -= 1
    return True


def _telling(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in STOPWORDS]


def typing_error(a: str, b: str) -> bool:
    """Are two words one word, mistyped or spelt otherwise (haemolytic, hemolytic)? Never numbers or opposites."""
    short, long = sorted((a, b), key=len)
    if len(short) < 2 or not (a.isalpha() and b.isalpha()):
        return False
    if len(short) < 4:  # of a short word, only a letter that was lost behind the first: "moe" for "more"
        return a[0] == b[0] and len(long) == len(short) + 1 and OSA.distance(a, b, score_cutoff=1) == 1
    limit = 1 if len(short) < 8 else 2
    if OSA.distance(a, b, score_cutoff=limit) > limit:
        return False
    if long.endswith(short) and long[: len(long) - len(short)] in NEGATIONS:
        return False
    return not _opposites(a, b)


def _opposites(a: str, b: str) -> bool:
    for pair in OPPOSITES:
        x, y = pair
        if (x in a and y in b and a.replace(x, y, 1) == b) or (y in a and x in b and a.replace(y, x, 1) == b):
            return True
    return False
