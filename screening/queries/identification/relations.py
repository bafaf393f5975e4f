"""What stands between a record and others, told from its side: notices, other reports of its study, and what it is no
copy of (DED-02)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from screening.enums import CandidateStatus, RelationSort
from screening.models.merge import DuplicateCandidate
from screening.models.record import Record

TOLD = (CandidateStatus.CORRECTION, CandidateStatus.SAME_STUDY, CandidateStatus.NOT_DUPLICATE)
# What the other record is to this one; then what this one is to the other.
_IT_IS = {
    "correction": "Correction of this record",
    "retraction": "Retraction of this record",
    "concern": "Expression of concern about this record",
    "preprint": "Preprint of this record",
    "congress": "Congress abstract of this record",
    "registry": "Register entry of this study",
    "protocol": "Protocol of this study",
    "secondary": "Secondary report of this study",
}
_THIS_IS = {
    "correction": "This record corrects it",
    "retraction": "This record retracts it",
    "concern": "This record is an expression of concern about it",
    "preprint": "This record is its preprint",
    "congress": "This record is its congress abstract",
    "registry": "This record is its register entry",
    "protocol": "This record is its protocol",
    "secondary": "This record is its secondary report",
}
# The plain badge for whoever screens: what the other is, and what this one is.
_BADGES = {
    "correction": ("Corrected", "Is a correction"),
    "retraction": ("Retracted", "Is a retraction"),
    "concern": ("Expression of concern", "Is an expression of concern"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """Another record, what it is to this one in words, and who said so when. `badge` is "" but for notices."""

    record: Record
    words: str
    badge: str
    status: str
    pair_id: int
    who: str
    at: datetime | None


def words_of(status: str, sort: str, *, it_is: bool) -> str:
    """A relation in words; `it_is`: the other record is the `sort` of this one."""
    if status == CandidateStatus.NOT_DUPLICATE:
        return "Not a duplicate"
    if not sort:
        return "Other report of the same study"
    return (_IT_IS if it_is else _THIS_IS)[sort]


def badge_of(sort: str, *, it_is: bool) -> str:
    """“Retracted”, “Is a retraction” and the like; "" for what is no notice."""
    return _BADGES[sort][0 if it_is else 1] if sort in _BADGES else ""


def relations_of(record: Record) -> list[Told]:
    """What people said of this record, or of what was merged into it, and others: notices first. Two queries."""
    family = list(Record.objects.filter(Q(pk=record.pk) | Q(merged_into=record.pk)).values_list("pk", flat=True))
    found: dict[tuple[int, str], Told] = {}
    for pair in _said(family):
        mine_is_first = pair.first_id in family
        other = pair.second if mine_is_first else pair.first
        other = other.merged_into or other
        if other.pk not in family and other.active:  # not one whose import was undone
            told = _told(pair, other, it_is=pair.of_first == mine_is_first)
            found.setdefault((other.pk, told.words), told)
    return sorted(found.values(), key=lambda told: (TOLD.index(CandidateStatus(told.status)), told.record.pk))


def _said(family: Collection[int]) -> QuerySet[DuplicateCandidate]:
    pairs = DuplicateCandidate.objects.filter(Q(first__in=family) | Q(second__in=family), status__in=TOLD)
    return pairs.select_related("first__merged_into", "second__merged_into", "judged_by").order_by("-judged_at")


def _told(pair: DuplicateCandidate, other: Record, *, it_is: bool) -> Told:
    return Told(
        record=other,
        words=words_of(pair.status, pair.sort, it_is=it_is),
        badge=badge_of(pair.sort, it_is=it_is) if pair.status == CandidateStatus.CORRECTION else "",
        status=pair.status,
        pair_id=pair.pk,
        who=pair.judged_by.username if pair.judged_by else "",
        at=pair.judged_at,
    )


def in_words(record_ids: Collection[int]) -> dict[int, list[str]]:
    """Record id -> its notices and other reports as "correction of record 12", for a file. Two queries.

    The ids are of kept records; what was said of records merged into them counts for them.
    """
    roots = {pk: pk for pk in record_ids}
    merged = Record.objects.filter(merged_into__in=record_ids)
    roots |= {pk: root for pk, root in merged.values_list("pk", "merged_into_id") if root}
    pairs = DuplicateCandidate.objects.filter(Q(first__in=roots) | Q(second__in=roots), status__in=TOLD[:2])
    found: dict[int, set[str]] = {pk: set() for pk in record_ids}
    for pair in pairs.select_related("first__merged_into", "second__merged_into"):
        whole = [end.merged_into or end for end in (pair.first, pair.second)]
        if not all(record.active for record in whole):
            continue  # its import was undone
        ends = [record.pk for record in whole]
        for mine, other, it_is in ((ends[0], ends[1], pair.of_first), (ends[1], ends[0], not pair.of_first)):
            if mine in found and mine != other:
                found[mine].add(_brief(pair.sort, other, it_is=it_is))
    return {pk: sorted(said) for pk, said in found.items()}


def _brief(sort: str, other: int, *, it_is: bool) -> str:
    if not sort:
        return f"same study as record {other}"
    if it_is:
        return f"record {other} is its {RelationSort(sort).label.lower()}"
    return f"{RelationSort(sort).of} record {other}"
