"""The arms of a study, and its outcomes at time points: shared by all who extract it."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from audit import events
from extraction.models.structure import Arm, Measure
from screening.models.study import Study

LONGEST = {"name": 120, "outcome": 160, "time_point": 80}


class StructureRefusedError(ValueError):
    """It can't be so; the message says why and what to do. Nothing was changed."""


@transaction.atomic
def add_arm(*, study: Study, name: str, by: User) -> Arm:
    """Add an arm, or take a retired one of that name up again. Raises StructureRefusedError."""
    _lock(study)
    name = _named(name, "name", "the arm")
    arm = Arm.objects.filter(study=study, name__iexact=name).first()
    if arm is not None and not arm.retired:
        raise StructureRefusedError(f"This study has an arm called “{arm.name}” already.")
    if arm is None:
        place = _next(Arm.objects.filter(study=study).aggregate(last=Max("position"))["last"])
        arm = Arm.objects.create(review_id=study.review_id, study=study, name=name, position=place, created_by=by)
    else:
        arm.retired = False
        arm.save(update_fields=["retired"])
    events.record("arm.added", subject=arm, by=by, review_id=study.review_id, name=arm.name, study=study.label)
    return arm


@transaction.atomic
def add_measure(*, study: Study, outcome: str, by: User, time_point: str = "") -> Measure:
    """Add an outcome at a time point, or take a retired one up again. Raises StructureRefusedError."""
    _lock(study)
    outcome, time_point = _named(outcome, "outcome", "the outcome"), _named(time_point, "time_point", "", blank=True)
    measure = Measure.objects.filter(study=study, outcome__iexact=outcome, time_point__iexact=time_point).first()
    if measure is not None and not measure.retired:
        raise StructureRefusedError(f"This study has “{measure}” already.")
    if measure is None:
        measure = Measure.objects.create(
            review_id=study.review_id,
            study=study,
            outcome=outcome,
            time_point=time_point,
            position=_next(Measure.objects.filter(study=study).aggregate(last=Max("position"))["last"]),
            created_by=by,
        )
    else:
        measure.retired = False
        measure.save(update_fields=["retired"])
    events.record(
        "measure.added", subject=measure, by=by, review_id=study.review_id, name=str(measure), study=study.label
    )
    return measure


@transaction.atomic
def rename_arm(*, arm: Arm, name: str, by: User) -> Arm:
    """Give an arm another name; its values stay with it. Raises StructureRefusedError."""
    _lock(arm.study)
    old, name = arm.name, _named(name, "name", "the arm")
    if name == old:
        return arm
    if Arm.objects.filter(study=arm.study, name__iexact=name).exclude(pk=arm.pk).exists():
        raise StructureRefusedError(f"This study has an arm called “{name}” already, perhaps a retired one.")
    arm.name = name
    arm.save(update_fields=["name"])
    events.record("arm.renamed", subject=arm, by=by, review_id=arm.review_id, old=old, name=name)
    return arm


@transaction.atomic
def rename_measure(*, measure: Measure, outcome: str, time_point: str, by: User) -> Measure:
    """Give an outcome at a time point other words; its values stay with it. Raises StructureRefusedError."""
    _lock(measure.study)
    old = str(measure)
    outcome, time_point = _named(outcome, "outcome", "the outcome"), _named(time_point, "time_point", "", blank=True)
    others = Measure.objects.filter(study=measure.study, outcome__iexact=outcome, time_point__iexact=time_point)
    if others.exclude(pk=measure.pk).exists():
        raise StructureRefusedError("This study has that outcome at that time point already, perhaps a retired one.")
    if (measure.outcome, measure.time_point) == (outcome, time_point):
        return measure
    measure.outcome, measure.time_point = outcome, time_point
    measure.save(update_fields=["outcome", "time_point"])
    events.record("measure.renamed", subject=measure, by=by, review_id=measure.review_id, old=old, name=str(measure))
    return measure


@transaction.atomic
def retire_arm(*, arm: Arm, by: User) -> Arm:
    """Take an arm off the form. What was entered for it is kept, and comes back with `add_arm`."""
    arm.retired = True
    arm.save(update_fields=["retired"])
    events.record("arm.retired", subject=arm, by=by, review_id=arm.review_id, name=arm.name)
    return arm


@transaction.atomic
def retire_measure(*, measure: Measure, by: User) -> Measure:
    """Take an outcome at a time point off the form. What was entered for it is kept."""
    measure.retired = True
    measure.save(update_fields=["retired"])
    events.record("measure.retired", subject=measure, by=by, review_id=measure.review_id, name=str(measure))
    return measure


def _lock(study: Study) -> None:
    Study.objects.select_for_update(of=("self",)).get(pk=study.pk)


def _next(last: int | None) -> int:
    return (last or 0) + 1


def _named(written: str, part: str, what: str, *, blank: bool = False) -> str:
    name = " ".join(written.replace("\x00", "").split())
    if not name and not blank:
        raise StructureRefusedError(f"Give {what} a name.")
    if len(name) > LONGEST[part]:
        raise StructureRefusedError(f"A name has at most {LONGEST[part]} characters; this one has {len(name)}.")
    return name
