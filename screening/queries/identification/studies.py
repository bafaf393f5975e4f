"""Studies and their reports: which count, what a page shows of them, and who has a say before two become one."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from screening.enums import Stage, StageStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState
from screening.models.study import Study, StudyReport

Guard = Callable[[Study], str]
guards: list[Guard] = []
"""What else hangs on a study: each says, in words for a person ("12 extracted values"), or "" for nothing.

Two studies on which something hangs are not made one: extraction appends its own guard when its app is ready.
"""


def hanging(study: Study) -> list[str]:
    """What hangs on a study, in words."""
    return [words for guard in guards if (words := guard(study))]


def included_records(review_id: int) -> QuerySet[StageState]:
    """Ids of the records that are included at full text, as a subquery."""
    states = StageState.objects.filter(review=review_id, stage=Stage.FULL_TEXT, status=StageStatus.INCLUDED)
    return states.values("record_id")  # type: ignore[return-value]


def counted_reports(review: Review) -> QuerySet[StudyReport]:
    """Reports that are included, with their records."""
    reports = StudyReport.objects.filter(review=review, record__in=included_records(review.pk))
    return reports.select_related("record").order_by("-main", "id")


def cited_reports(review: Review) -> QuerySet[StudyReport]:
    """Id of one record for each study that counts: its main report, or another where that is not included."""
    return counted_reports(review).order_by("study_id", "-main", "id").distinct("study_id").values("record_id")  # type: ignore[return-value]


def included_studies(review: Review) -> QuerySet[Study]:
    """Studies with at least one included report, by label; `study.counted` are those reports, the main one first."""
    counts = counted_reports(review).filter(study=OuterRef("pk")).order_by()
    return (
        Study.objects.filter(Exists(counts), review=review)
        .prefetch_related(Prefetch("reports", counted_reports(review), to_attr="counted"))
        .order_by("label", "id")
    )


def study_of(record: Record) -> Study | None:
    """The study that a record, or what it was merged into, reports; None where it was never included."""
    report = StudyReport.objects.filter(record=record.merged_into_id or record.pk).select_related("study").first()
    return report.study if report else None


def found(review: Review, words: str, *, but: Study, limit: int = 10) -> list[Study]:
    """Other studies whose label, registration or reports' titles and authors hold all the words."""
    studies = included_studies(review).exclude(pk=but.pk)
    for word in words.split()[:8]:
        reports = StudyReport.objects.filter(
            Q(record__title__icontains=word) | Q(record__doi__icontains=word) | Q(record__authors__icontains=word),
            study=OuterRef("pk"),
        )
        studies = studies.filter(Q(label__icontains=word) | Q(registrations__icontains=word) | Exists(reports))
    return list(studies[:limit])


@dataclass(frozen=True, slots=True)
class Shown:
    """A report on a study's page. `counts` is false where it is not included any more."""

    report: StudyReport
    counts: bool


def reports_of(study: Study) -> list[Shown]:
    """All reports of a study, those that are not included any more last. Two queries."""
    reports = StudyReport.objects.filter(study=study).select_related("record", "record__merged_into")
    counted = set(counted_reports(study.review).filter(study=study).values_list("pk", flat=True))
    shown = [Shown(report, report.pk in counted) for report in reports]
    return sorted(shown, key=lambda one: (not one.counts, not one.report.main, one.report.pk))
