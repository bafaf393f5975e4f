"""What people do with studies: link reports of one study, part them again, name it. Making one is `founding`'s."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from audit.models.event import Event
from screening.actions import founding
from screening.models.study import Study, StudyReport
from screening.queries.identification.studies import hanging

LINKED = "study.linked"
MOST_LETTERS = 120
MOST_REGISTRATIONS = 20


class StudyRefusedError(ValueError):
    """The studies can't be changed so; the message says why and what to do. Nothing was changed."""


@transaction.atomic
def link(
    *, study: Study, into: Study, by: User, reason: str = "", hint_id: int | None = None, merge_id: int | None = None
) -> Study:
    """Make the reports of two studies those of one; the study that is kept. It may follow from a hint or a merge.

    `into` is kept, unless something (extracted values, say) hangs on `study` alone: then that one is. The other stays
    as a study without reports, which no longer counts. Raises StudyRefusedError where something hangs on both, and
    where one was emptied so a moment ago.
    """
    first, second = _held(study, into)
    _refuse_emptied(first, second)
    kept, gone = _kept(first, second)
    reports = list(StudyReport.objects.filter(study=gone).order_by("id"))
    main = next((report.pk for report in reports if report.main), None)
    has_main = StudyReport.objects.filter(study=kept, main=True).exists()
    for report in reports:
        report.study, report.main = kept, report.main and not has_main
        report.save()
    added = [code for code in gone.registrations if code not in kept.registrations]
    if added:
        kept.registrations = [*kept.registrations, *added]
        kept.save()
    events.record(
        LINKED,
        subject=kept,
        by=by,
        review_id=kept.review_id,
        reason=reason,
        study=gone.pk,
        old=gone.label,
        new=kept.label,
        reports=[report.pk for report in reports],
        main=main,
        registrations=added,
        hint=hint_id,
        merge=merge_id,
    )
    return kept


def _held(study: Study, into: Study) -> tuple[Study, Study]:
    """Both, locked in the order of ids."""
    if study.pk == into.pk or study.review_id != into.review_id:
        raise StudyRefusedError("Link a study with another one of the same review. Nothing was changed.")
    rows = Study.objects.select_for_update(no_key=True).filter(pk__in=[study.pk, into.pk]).order_by("id")
    held = {row.pk: row for row in rows}
    return held[study.pk], held[into.pk]


def _refuse_emptied(*held: Study) -> None:
    """Two people may link at once: what one of them saw as a study may be part of another one by now."""
    for study in held:
        last = None if study.reports.exists() else last_linking(study)
        if last is not None:
            into = Study.objects.get(pk=last.subject_id).label
            raise StudyRefusedError(f"{study.label} was linked with {into} before, and is empty. Nothing was changed.")


def _kept(study: Study, into: Study) -> tuple[Study, Study]:
    """(the one that stays, the one that is emptied)."""
    on_study, on_into = hanging(study), hanging(into)
    if on_study and on_into:
        raise StudyRefusedError(
            f"{study.label} has {_and(on_study)}, and {into.label} has {_and(on_into)}: which of them hold for the "
            "study that they would become, no program can say. Nothing was changed. Clear those of one first."
        )
    return (study, into) if on_study else (into, study)


def _and(words: Iterable[str]) -> str:
    return " and ".join(words)


@transaction.atomic
def restore(*, study: Study, by: User, reason: str = "") -> Study:
    """Take back the last linking that emptied this study: its reports are its own again.

    Raises StudyRefusedError when it has reports, or was never linked into another.
    """
    last = last_linking(study)
    if last is None:
        raise StudyRefusedError(f"{study.label} was not linked with another study. Nothing was changed.")
    kept = Study.objects.get(pk=last.subject_id)
    kept, study = _held(kept, study)
    if StudyReport.objects.filter(study=study).exists():
        raise StudyRefusedError(f"{study.label} has reports of its own already. Nothing was changed.")
    reports = list(StudyReport.objects.filter(pk__in=last.data["reports"], study=kept).order_by("id"))
    for report in reports:
        _move(report, study, main=report.pk == last.data["main"] or len(reports) == 1)
    kept.registrations = [code for code in kept.registrations if code not in last.data["registrations"]]
    kept.save()
    _give_main(kept)
    _give_main(study)
    _write_parted(study, kept, reports, by, reason)
    return study


def last_linking(study: Study) -> Event | None:
    """The event of the linking that last emptied this study."""
    linkings = Event.objects.filter(type=LINKED, review_id=study.review_id, data__study=study.pk)
    return linkings.order_by("-id").first()


@transaction.atomic
def part(*, report: StudyReport, by: User, reason: str = "") -> Study:
    """Give a report a study of its own again: the one that it had, where that stands empty, else a new one.

    What was extracted stays with the study that it leaves. Raises StudyRefusedError for the only report of a study.
    """
    kept = Study.objects.select_for_update(no_key=True).get(pk=report.study_id)
    report = StudyReport.objects.select_related("record").get(pk=report.pk)
    others = StudyReport.objects.filter(study=kept).exclude(pk=report.pk)
    if report.study_id != kept.pk or not others.exists():
        raise StudyRefusedError(f"This is the only report of {kept.label}. Nothing was changed.")
    study = _former(report) or founding.new_studies(kept.review, [report.record])[0]
    _move(report, study, main=True)
    _give_main(kept)
    _write_parted(study, kept, [report], by, reason)
    return study


def _former(report: StudyReport) -> Study | None:
    """The study that a report was linked away from, if nothing is left in it."""
    linkings = Event.objects.filter(type=LINKED, review_id=report.review_id, data__reports__contains=[report.pk])
    last = linkings.order_by("-id").first()
    return Study.objects.filter(pk=last.data["study"], reports__isnull=True).first() if last else None


def _move(report: StudyReport, study: Study, *, main: bool) -> None:
    report.study, report.main = study, main
    report.save()


def _give_main(study: Study) -> None:
    """A study that has reports has one that it is cited by."""
    reports = StudyReport.objects.filter(study=study)
    first = reports.order_by("id").first()
    if first is not None and not reports.filter(main=True).exists():
        _move(first, study, main=True)


def _write_parted(study: Study, kept: Study, reports: list[StudyReport], by: User, reason: str) -> None:
    events.record(
        "study.parted",
        subject=study,
        by=by,
        review_id=study.review_id,
        record_id=reports[0].record_id if len(reports) == 1 else None,
        reason=reason,
        study=kept.pk,
        old=kept.label,
        new=study.label,
        reports=[report.pk for report in reports],
    )


@transaction.atomic
def set_main(*, report: StudyReport, by: User) -> StudyReport:
    """Cite a study by this report."""
    study = Study.objects.select_for_update(no_key=True).get(pk=report.study_id)
    report = StudyReport.objects.get(pk=report.pk)
    if report.main:
        return report
    before = StudyReport.objects.filter(study=study, main=True).first()
    if before is not None:
        _move(before, study, main=False)
    _move(report, study, main=True)
    events.record(
        "study.main_set",
        subject=study,
        by=by,
        review_id=study.review_id,
        record_id=report.record_id,
        label=study.label,
        old=before.record_id if before else None,
        new=report.record_id,
    )
    return report


@transaction.atomic
def change(*, study: Study, label: str, registrations: Iterable[str], by: User) -> Study:
    """Give a study another name, or other trial registrations. Raises StudyRefusedError."""
    study = Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    label, codes = " ".join(label.replace("\0", "").split()), _codes(registrations)
    if not label or len(label) > MOST_LETTERS:
        raise StudyRefusedError(f"A study needs a name of at most {MOST_LETTERS} letters. Nothing was changed.")
    if (label, codes) == (study.label, study.registrations):
        return study
    old = {"label": study.label, "registrations": study.registrations}
    study.label, study.registrations = label, codes
    study.save()
    new = {"label": label, "registrations": codes}
    events.record("study.changed", subject=study, by=by, review_id=study.review_id, old=old, new=new)
    return study


def _codes(registrations: Iterable[str]) -> list[str]:
    codes = list(dict.fromkeys(code for raw in registrations if (code := raw.replace("\0", "").strip().upper())))
    if len(codes) > MOST_REGISTRATIONS or any(len(code) > 60 for code in codes):
        raise StudyRefusedError(
            f"At most {MOST_REGISTRATIONS} registrations of 60 letters each, apart by commas. Nothing was changed."
        )
    return codes
