"""Which reports may be of one study: what a worker finds in their texts, and what a page shows of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from screening.dedup.registrations import registrations, spans
from screening.dedup.reports import Likeness, Report, likenesses
from screening.enums import CandidateStatus, DocumentStatus, HintStatus
from screening.models.document import DocumentPage
from screening.models.merge import DuplicateCandidate
from screening.models.record import Record
from screening.models.review import Review
from screening.models.study import StudyHint, StudyReport
from screening.queries.identification.studies import included_records

FIRST_PAGES = 2  # where papers say how they are registered
JUDGED_SCORE = 0.95


def open_hints(review_id: int) -> QuerySet[StudyHint]:
    """Hints that wait for a person: both reports are included, and of different studies as yet. The likeliest first."""
    study_of = StudyReport.objects.filter(record=OuterRef("first")).values("study")
    other = StudyReport.objects.filter(record=OuterRef("second")).values("study")
    reported = included_records(review_id)
    hints = StudyHint.objects.filter(review=review_id, status=HintStatus.OPEN, first__in=reported, second__in=reported)
    return hints.annotate(one=Subquery(study_of), two=Subquery(other)).exclude(one=F("two")).order_by("-score", "id")


def found(review: Review, *, record_id: int | None = None) -> list[Likeness]:
    """Pairs of included reports that may be of one study, with `record_id` those of one report. Four queries."""
    records = Record.objects.filter(pk__in=included_records(review.pk)).defer("accessions", "keywords")
    reports, studies = _reports(records), dict(_studies(review))
    pairs = {(pair.first, pair.second): pair for pair in likenesses(reports, only=record_id)}
    known = {report.id for report in reports}
    for pair in _judged(review):
        if {pair.first, pair.second} <= known and record_id in (None, pair.first, pair.second):
            pairs.setdefault((pair.first, pair.second), pair)
    apart = [pair for pair in pairs.values() if studies.get(pair.first) != studies.get(pair.second)]
    return sorted(apart, key=lambda pair: (-pair.score, pair.first, pair.second))


def _studies(review: Review) -> QuerySet[StudyReport, tuple[int, int]]:
    return StudyReport.objects.filter(review=review).values_list("record_id", "study_id")


def _reports(records: Iterable[Record]) -> list[Report]:
    listed = list(records)
    codes = named(listed)
    return [
        Report(record.pk, record.title, tuple(record.authors), record.year, tuple(codes[record.pk]))
        for record in listed
    ]


def named(records: Collection[Record]) -> dict[int, list[str]]:
    """Record id -> the register numbers that its title, abstract and first pages name. One query."""
    pages = _first_pages([record.pk for record in records])
    return {
        record.pk: registrations("\n".join([record.title, record.abstract, *pages[record.pk]])) for record in records
    }


def _first_pages(record_ids: list[int]) -> dict[int, list[str]]:
    """What a reader sees on the first pages of the files of these records."""
    texts: dict[int, list[str]] = defaultdict(list)
    pages = DocumentPage.objects.filter(
        Q(document__record__in=record_ids) | Q(document__record__merged_into__in=record_ids),
        document__removed=False,
        document__status=DocumentStatus.READY,
        number__lte=FIRST_PAGES,
    )
    rows = pages.order_by("document", "number").annotate(
        root=Coalesce("document__record__merged_into_id", "document__record_id")
    )
    for root, text, hidden in rows.values_list("root", "text", "hidden"):
        texts[root].append(_visible(text, hidden))
    return texts


def _visible(text: str, hidden: list[tuple[int, int, str]]) -> str:
    for start, end, _ in hidden:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _judged(review: Review) -> list[Likeness]:
    """Pairs that a person, looking for duplicates, judged to be of one study."""
    said = DuplicateCandidate.objects.filter(review=review, status=CandidateStatus.SAME_STUDY)
    rows = said.annotate(
        one=Coalesce("first__merged_into_id", "first_id"), two=Coalesce("second__merged_into_id", "second_id")
    ).values_list("one", "two", "judged_by__username")
    return [
        Likeness(min(one, two), max(one, two), "judged", f"{who} judged so while looking for duplicates.", JUDGED_SCORE)
        for one, two, who in rows
        if one != two
    ]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two reports beside one another; `numbers` are (register number, whether the other names it too)."""

    record: Record
    report: StudyReport
    abstract: list[tuple[str, bool]]
    numbers: list[tuple[str, bool]]


def sides(hint: StudyHint) -> list[Side]:
    """The two reports of a hint; register numbers that both name are marked. Three queries."""
    records = (hint.first, hint.second)
    ids = [record.pk for record in records]
    reports = StudyReport.objects.select_related("study").in_bulk(ids, field_name="record_id")
    codes = named(records)
    both = set(codes[ids[0]]) & set(codes[ids[1]])
    return [
        Side(
            record,
            reports[record.pk],
            marked(record.abstract, both),
            [(code, code in both) for code in codes[record.pk]],
        )
        for record in records
    ]


def following(hints: QuerySet[StudyHint], hint: StudyHint) -> int | None:
    """Id of the open hint after this one, or of the first one where this is the last; None if it is alone."""
    ids = list(hints.values_list("pk", flat=True))
    others = [*ids[ids.index(hint.pk) + 1 :], *ids[: ids.index(hint.pk)]] if hint.pk in ids else ids
    return others[0] if others else None


def marked(text: str, codes: Iterable[str]) -> list[tuple[str, bool]]:
    """A text in parts, those that are one of these register numbers marked."""
    wanted, last = set(codes), 0
    parts: list[tuple[str, bool]] = []
    for start, end, code in spans(text):
        if code in wanted:
            parts += [(text[last:start], False), (text[start:end], True)]
            last = end
    return [(part, is_code) for part, is_code in [*parts, (text[last:], False)] if part]
