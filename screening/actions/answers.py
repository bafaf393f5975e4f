"""What a person may answer to a pair of records, and whether that still fits what stands there (DED-02, DED-05)."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from screening.enums import NOTICES, CandidateStatus, RelationSort
from screening.models.merge import DuplicateCandidate

SORTED = (CandidateStatus.SAME_STUDY, CandidateStatus.CORRECTION)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw of a pair before answering: its answer, and the two records that stood there."""

    status: str
    records: frozenset[int]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says two records are. `special` is the record that is the `sort` of the other, where one is.

    `kept` is the record that stays where they are made one; without it, the fuller one does.
    """

    status: str
    sort: str = ""
    special: int | None = None
    kept: int | None = None


class MergeRefusedError(ValueError):
    """The records can't be made one, or not be parted; the message says why. Nothing was changed."""


class StaleAnswerError(MergeRefusedError):
    """Somebody else was quicker: the pair is not what was seen. The message says who and what; nothing was changed."""


class ToldApartError(MergeRefusedError):
    """Somebody has told apart what would become one: `pair` is their answer, which can be changed. Nothing was done."""

    def __init__(self, pair: DuplicateCandidate) -> None:
        who = pair.judged_by.username if pair.judged_by else "Somebody"
        super().__init__(
            f"{who} has judged records {pair.first_id} and {pair.second_id}: {pair.get_status_display().lower()}. They "
            "would become one, so nothing was merged. If they are the same after all, change that answer first."
        )
        self.pair = pair


def check(row: DuplicateCandidate, answer: Answer, by: User, seen: Seen | None) -> None:
    """Raises MergeRefusedError for an answer that is none, StaleAnswerError for one to what stands there no more."""
    if answer.status not in CandidateStatus.values:
        known = ", ".join(value for value in CandidateStatus.values if value != CandidateStatus.OPEN)
        raise MergeRefusedError(f"{answer.status!r} is not an answer: {known}.")
    if answer.sort and not _goes_with(answer.sort, answer.status):
        raise MergeRefusedError(f"{answer.sort!r} doesn’t go with that answer. Nothing was changed.")
    if seen is None or (row.status == answer.status and row.judged_by_id == by.pk):
        return  # nothing was claimed to be seen; or the browser sends once more what it sent before
    if row.status != seen.status:
        raise StaleAnswerError(
            f"{_meanwhile(row)}. That stands, and yours was not stored; you can still change it here."
        )
    if seen.records != roots(row):
        raise StaleAnswerError(
            "One of these two was merged with another record, or parted from it, while you looked. Your answer was not "
            "stored: please look at what stands there now."
        )


def _goes_with(sort: str, status: str) -> bool:
    notice = sort in NOTICES
    return sort in RelationSort.values and status == (SORTED[1] if notice else SORTED[0])


def _meanwhile(row: DuplicateCandidate) -> str:
    if row.judged_by is None:
        return "The answer to this pair was taken back meanwhile"
    return f"{row.judged_by.username} has judged this pair meanwhile: {row.get_status_display().lower()}"


def roots(row: DuplicateCandidate) -> frozenset[int]:
    """The records that a pair is of by now; one where they were merged."""
    return frozenset(record.merged_into_id or record.pk for record in (row.first, row.second))


def meant(row: DuplicateCandidate, answer: Answer) -> tuple[str, bool]:
    """The `sort` and `of_first` to store. What has none keeps those that were proposed; a notice is a correction at
    least."""
    if answer.status not in SORTED:
        return row.sort, row.of_first
    sort = answer.sort or (RelationSort.CORRECTION if answer.status == CandidateStatus.CORRECTION else "")
    if answer.special is None:
        return sort, row.of_first
    return sort, answer.special in (row.second_id, row.second.merged_into_id)
