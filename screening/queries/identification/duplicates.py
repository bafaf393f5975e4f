"""Possible pairs of duplicates as people judge them: which is next, and the two records side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from rapidfuzz.distance import Levenshtein

from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from screening.models.review import Review

COMPARED = (
    ("title", "Title"),
    ("authors", "Authors"),
    ("year", "Year"),
    ("journal", "Journal"),
    ("volume", "Volume"),
    ("issue", "Issue"),
    ("pages", "Pages"),
    ("doi", "DOI"),
    ("accessions", "Identifiers"),
    ("type", "Type"),
    ("language", "Language"),
    ("abstract", "Abstract"),
)
LONGEST = 6_000  # characters of a text that are compared one by one
TOO_UNLIKE = 0.5  # below it, single letters that happen to agree say nothing

Part = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Row:
    """A field of both records as parts: (text, does it differ?)."""

    label: str
    left: list[Part]
    right: list[Part]
    same: bool


def shown_records(pair: DuplicateCandidate) -> tuple[Record, Record]:
    """The two records as they stand now: each is the one that it was merged into."""
    return pair.first.merged_into or pair.first, pair.second.merged_into or pair.second


def side_by_side(left: Record, right: Record) -> list[Row]:
    """The fields that at least one of them has, with what differs marked character by character."""
    return compared(left, right, COMPARED)


def compared(left: Record, right: Record, fields: Iterable[tuple[str, str]]) -> list[Row]:
    """`side_by_side` of some fields, each (name, label)."""
    rows = []
    for name, label in fields:
        one, two = _text(left, name), _text(right, name)
        if one or two:
            rows.append(_row(label, one, two))
    return rows


def _text(record: Record, name: str) -> str:
    if name == "authors":
        return "; ".join(record.authors)
    if name == "accessions":
        return ", ".join(f"{scheme} {value}" for scheme, value in record.accessions)
    return str(getattr(record, name) or "")


def _row(label: str, one: str, two: str) -> Row:
    if one == two:
        return Row(label, [(one, False)], [(two, False)], same=True)
    if max(len(one), len(two)) > LONGEST or Levenshtein.normalized_similarity(one, two) < TOO_UNLIKE:
        return Row(label, _parts(one, [(0, len(one), True)]), _parts(two, [(0, len(two), True)]), same=False)
    codes = Levenshtein.opcodes(one, two)
    left = [(code.src_start, code.src_end, code.tag != "equal") for code in codes]
    right = [(code.dest_start, code.dest_end, code.tag != "equal") for code in codes]
    return Row(label, _parts(one, left), _parts(two, right), same=False)


def _parts(text: str, spans: list[tuple[int, int, bool]]) -> list[Part]:
    return [(text[start:end], differs) for start, end, differs in spans if end > start]


def merges(review: Review) -> QuerySet[Merge]:
    """All merges, newest first, with what was taken back."""
    rows = Merge.objects.filter(review=review)
    return rows.select_related("kept", "absorbed", "created_by", "undone", "undone__created_by")
