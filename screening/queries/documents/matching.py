"""Which record a file belongs to: by DOI, then by title, and only where one record alone fits (EXT-01).

A wrong match is worse than none: a file without a plain answer waits in the tray for a person.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.db.models import QuerySet

from screening.enums import MatchedBy, Stage, StageStatus
from screening.importing import clean
from screening.models.record import Record
from screening.queries.documents.documents import of_records

ALIKE = 92.0  # of 100: how much of a title must stand on the first page, letter by letter
PLAUSIBLE = 75.0  # the same for a record whose DOI stands there: a page also names the DOIs of other papers
SHORTEST = 25  # characters; "Asthma" stands on many first pages
LOOKED_AT = 4_000  # characters of the first page, and of the name
MOST_DOIS = 20  # on a first page; more is a list of references

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}|\\^`]+", re.IGNORECASE)
# How publishers write the paper's own DOI into a file: XMP (prism, Crossmark, pdfx, Dublin Core), or the Info entry.
_OWN_DOI = re.compile(
    rb"(?:prism:doi|crossmark:doi|pdfx:doi|dc:identifier|/doi|/WPS-ARTICLEDOI)[^0-9]{0,80}?(10\.\d{4,9}/[^\s<>\"'()]{1,200})",
    re.IGNORECASE,
)


def find(*, review_id: int, name: str, content: bytes = b"", first_page: str = "") -> tuple[int, MatchedBy] | None:
    """(record id, how) for a file: its name, its bytes (or their beginning and end) and the text of its first page.

    Only active records are answered; by title only those that are at full text. None where no record or more than one
    fits, and for a record that has a document already: that may be a supplement, and a person says.
    """
    own = {_clean(doi.decode("latin-1")) for doi in _OWN_DOI.findall(content)}
    found = _by_doi(review_id, name, own, first_page) or _by_title(
        review_id, name, own | _printed(first_page), first_page
    )
    return found if found is not None and not taken(found[0]) else None


def taken(record_id: int) -> bool:
    """Whether a record has a document already: another one is given to it by people alone."""
    return of_records([record_id]).exists()


def _by_doi(review_id: int, name: str, own: set[str], first_page: str) -> tuple[int, MatchedBy] | None:
    known = _known_dois(review_id)
    if not known:
        return None
    named, whole = _named(name, known)
    if named and (record := _of(known[named])) and (whole or _agrees(record[0], first_page)):
        return record
    if not named and (written := _only(doi for doi in own if doi in known)):
        return _of(known[written])
    printed = _only(doi for doi in _printed(first_page) if doi in known)
    if printed and (record := _of(known[printed])) and _agrees(record[0], first_page):
        return record
    return None


def _known_dois(review_id: int) -> dict[str, set[int]]:
    """DOI -> the active records that have it, or that took in one that had it."""
    rows = Record.objects.filter(review=review_id).exclude(doi="").values_list("doi", "id", "merged_into_id", "active")
    known: dict[str, set[int]] = {}
    for doi, record_id, root, active in rows:
        if root or active:
            known.setdefault(doi.lower(), set()).add(root or record_id)
    return known


def _named(name: str, known: Iterable[str]) -> tuple[str, bool]:
    """The DOI in a file's name, where "/" can't stand, and whether it is the whole name: 10.1234_abc.5 (1).pdf.

    More than a DOI may be a supplement of the paper, another version of it, or an answer to it.
    """
    stem = _folded(re.sub(r"\s*\(\d{1,2}\)$", "", name.rsplit(".", 1)[0]))
    if not re.search(r"(?:^|_)10_\d{4,9}_", stem):
        return "", False
    fitting = [doi for doi in known if f"_{_folded(doi)}_" in f"_{stem}_"]
    longest = max(fitting, key=len, default="")
    return longest, bool(longest) and stem.strip("_") == _folded(longest).strip("_")


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"%2f", "/", text.lower()))


def _printed(page: str) -> set[str]:
    """DOIs in the text of a page, also one that is broken at a line's end."""
    head = page[:LOOKED_AT]
    found = {_clean(match) for text in (head, head.replace("\n", "")) for match in _DOI.findall(text)}
    return found if len(found) <= MOST_DOIS else set()


def _clean(text: str) -> str:
    return clean.doi(text)


def _agrees(record_id: int, page: str) -> bool:
    """Whether the title of the record stands on the page, more or less."""
    title = _plain(Record.objects.values_list("title", flat=True).get(pk=record_id))
    return not title or _part(title, _plain(page[:LOOKED_AT]), PLAUSIBLE) > 0


def _by_title(review_id: int, name: str, dois: set[str], first_page: str) -> tuple[int, MatchedBy] | None:
    """`dois` are those that the file says; where none of them is the record's, it is another paper of that title."""
    page, stem = _plain(first_page[:LOOKED_AT]), _plain(name.rsplit(".", 1)[0])
    fitting = []
    for record_id, title, doi in _at_full_text(review_id).values_list("id", "title", "doi"):
        wanted = _plain(title)
        if len(wanted) >= SHORTEST and (_part(wanted, page, ALIKE) or _part(wanted, stem, ALIKE)):
            fitting.append((record_id, doi.lower()))
    if len(fitting) != 1 or _contradicts(fitting[0][1], dois):
        return None
    return fitting[0][0], MatchedBy.TITLE


def _contradicts(doi: str, said: set[str]) -> bool:
    """Whether a file says DOIs, and none that is the record's; one that was cut at a line's end, or runs on, may be."""
    return bool(doi and said) and not any(doi.startswith(one) or one.startswith(doi) for one in said)


def _at_full_text(review_id: int) -> QuerySet[Record, Record]:
    places = Record.objects.filter(review=review_id, active=True, states__stage=Stage.FULL_TEXT)
    return places.exclude(states__stage=Stage.FULL_TEXT, states__status=StageStatus.INACTIVE)


def _part(title: str, text: str, least: float) -> float:
    """How much of the title stands in the text, 0 to 100; 0 below `least`."""
    from rapidfuzz.fuzz import partial_ratio  # not needed by the web process

    return partial_ratio(title, text, score_cutoff=least) if len(text) >= len(title) * 0.9 else 0.0


def _plain(text: str) -> str:
    """Letters and digits only, accents off: line ends and ligatures in a PDF are nobody's choice."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"[-‐]\n", "", plain)))


def _only(found: Iterable[str]) -> str:
    different = set(found)
    return different.pop() if len(different) == 1 else ""


def _of(records: set[int]) -> tuple[int, MatchedBy] | None:
    return (next(iter(records)), MatchedBy.DOI) if len(records) == 1 else None
