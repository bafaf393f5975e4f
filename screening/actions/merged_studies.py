"""Records that were judged to be one report one study: after a merge theirs become one, after its undoing two again."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from audit.models.event import Event
from screening.actions import studies
from screening.models.merge import Merge
from screening.models.record import Record
from screening.models.study import Study, StudyReport

WHY = "Two of their records were judged to be one."
WHY_NOT = "The merge of their records was undone."


def unite(*, merge: Merge, by: User) -> None:
    """Make one study of those that the merged records report; the one with extracted values is kept.

    In the caller's transaction, after the pointers were written: a study whose only report was absorbed would count no
    more, and what was extracted for it would leave every list unsaid. Raises studies.StudyRefusedError where two of
    them have values.
    """
    reports = _reports_of(Q(pk=merge.kept_id) | Q(merged_into=merge.kept_id)).select_related("study")
    found = list({report.study_id: report.study for report in reports.order_by("id")}.values())
    own = next((report.study for report in reports if report.record_id == merge.kept_id), None)
    into = own or (found[0] if found else None)
    for study in found:
        if into is not None and study != into:
            into = studies.link(study=study, into=into, by=by, reason=WHY, merge_id=merge.pk)


def divide(*, merge: Merge, by: User) -> None:
    """After a merge was undone: take back the linkings that came of it, unless people have changed them since."""
    links = Event.objects.filter(type=studies.LINKED, review_id=merge.review_id, data__merge=merge.pk)
    for event in links.order_by("-id"):
        gone = Study.objects.get(pk=event.data["study"])
        if studies.last_linking(gone) == event and not gone.reports.exists():
            studies.restore(study=gone, by=by, reason=WHY_NOT)
    joined = _joined(merge)
    if joined is not None:
        studies.part(report=joined, by=by, reason=WHY_NOT)


def _joined(merge: Merge) -> StudyReport | None:
    """The kept record's report, if it is in the absorbed one's study only because it was included as merged."""
    report = StudyReport.objects.filter(record=merge.kept_id, created_at__gte=merge.created_at).first()
    if report is None or _was_linked(report):
        return None
    theirs = _reports_of(Q(pk=merge.absorbed_id) | Q(merged_into=merge.absorbed_id)).filter(study=report.study_id)
    others = _reports_of(Q(merged_into=merge.kept_id)).filter(study=report.study_id)
    return report if theirs.exists() and not others.exists() else None


def _was_linked(report: StudyReport) -> bool:
    linkings = Event.objects.filter(type=studies.LINKED, review_id=report.review_id)
    return linkings.filter(data__reports__contains=[report.pk]).exists()


def _reports_of(records: Q) -> QuerySet[StudyReport]:
    return StudyReport.objects.filter(record__in=Record.objects.filter(records).order_by().values("pk"))
