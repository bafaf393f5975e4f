"""Who extracts which study: taking a place, leaving it, being done, and being at it again (EXT-06)."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from audit import events
from extraction.enums import AssignmentStatus, ValueState
from extraction.models.assignment import Assignment
from extraction.models.form import Form, FormVersion
from extraction.models.value import Value
from extraction.queries.grid import Cell, cells, structure_of
from extraction.queries.judging import asking
from extraction.queries.settled import Team, teams_of
from extraction.queries.sheets import own_words, schema_of
from screening.enums import Role
from screening.models.review import Membership
from screening.models.study import Study


class AssignmentRefusedError(ValueError):
    """It can't be done so; the message says why and what to do. Nothing was changed."""


class NotDoneError(AssignmentRefusedError):
    """Required cells are empty: `missing` are they, in the order of the form."""

    def __init__(self, missing: list[Cell]) -> None:
        self.missing = missing
        named = "; ".join(cell.label for cell in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        super().__init__(
            f"These required fields are empty: {named}{more}. Enter them, or say that the report does not tell."
        )


class ReasonlessError(AssignmentRefusedError):
    """Judgements depart from the published algorithm without a reason beside them (EXT-08)."""

    def __init__(self, cells_of: list[Cell]) -> None:
        self.missing = cells_of
        named = "; ".join(cell.label for cell in cells_of[:3])
        super().__init__(f"These judgements depart from the algorithm and need a reason: {named}.")


@transaction.atomic
def begin(*, study: Study, form: Form, by: User) -> Assignment:
    """Take a place at a study, while the review's rule leaves one free. Raises AssignmentRefusedError."""
    return _place(study, form, by, by)


@transaction.atomic
def assign(*, study: Study, form: Form, extractor: User, by: User) -> Assignment:
    """Give somebody a place at a study. Raises AssignmentRefusedError where they are no extractor, or none is free."""
    return _place(study, form, extractor, by, as_lead=True)


@transaction.atomic
def release(*, assignment: Assignment, by: User, reason: str = "", as_lead: bool = False) -> Assignment:
    """Take somebody off a study. What they entered is kept; it counts again should they come back.

    Nobody leaves on their own with another's values in sight: coming back would open what only a lead opens again.
    """
    held = _locked(assignment)
    if held.status == AssignmentStatus.RELEASED:
        return held
    team = _team(held.study, held.form)
    if team.all_done and len(team.status) > 1 and held.extractor_id == by.pk and not as_lead:
        raise AssignmentRefusedError(
            "All who extract this study are done and see each other's values. Ask a lead to take you off."
        )
    return _changed(held, AssignmentStatus.RELEASED, "extraction.released", by, reason)


@transaction.atomic
def done(*, assignment: Assignment, by: User) -> Assignment:
    """Say that a study is extracted. Raises NotDoneError while required cells are empty."""
    held = _locked(assignment)
    if held.status == AssignmentStatus.DONE:
        return held
    if held.status == AssignmentStatus.RELEASED:
        raise AssignmentRefusedError("You were taken off this study. Take a place again to go on.")
    if missing := missing_of(held.study, held.form, held.extractor):
        raise NotDoneError(missing)
    if reasonless := reasonless_of(held.study, held.form, held.extractor):
        raise ReasonlessError(reasonless)
    return _changed(held, AssignmentStatus.DONE, "extraction.done", by)


@transaction.atomic
def reopen(*, assignment: Assignment, by: User, as_lead: bool = False) -> Assignment:
    """Go on with a study that was done. With another's values in sight, only a lead opens it again."""
    held = _locked(assignment)
    if held.status == AssignmentStatus.WORKING:
        return held
    team = _team(held.study, held.form)
    if held.status == AssignmentStatus.RELEASED:
        raise AssignmentRefusedError("Who was taken off a study takes a place again instead.")
    if team.all_done and len(team.status) > 1 and not as_lead:
        raise AssignmentRefusedError(
            "All who extract this study are done and see each other's values. Ask a lead to open it again."
        )
    return _changed(held, AssignmentStatus.WORKING, "extraction.reopened", by)


def missing_of(study: Study, form: Form, extractor: User) -> list[Cell]:
    """The required cells of which this extractor has said nothing, of the questions that are asked."""
    asked, said = _said(study, form, extractor)
    folded = asking(form.instrument, asked, said).folded
    wanted = [cell for cell in asked if cell.spec.required and cell.spec.tier != "derived" and cell.key not in folded]
    return [cell for cell in wanted if cell.key not in said]


def reasonless_of(study: Study, form: Form, extractor: User) -> list[Cell]:
    """The judgements of this extractor that depart from the algorithm without a reason."""
    asked, said = _said(study, form, extractor)
    reasonless = asking(form.instrument, asked, said).reasonless
    return [cell for cell in asked if cell.key in reasonless]


def _said(study: Study, form: Form, extractor: User) -> tuple[list[Cell], dict[str, Value]]:
    words = own_words(study, form, extractor.pk).values()
    return list(cells(schema_of(form), *structure_of(study))), {
        word.cell: word for word in words if word.state != ValueState.WITHDRAWN
    }


def _place(study: Study, form: Form, extractor: User, by: User, *, as_lead: bool = False) -> Assignment:
    Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
    if form.retired or not FormVersion.objects.filter(form=form).exists():
        raise AssignmentRefusedError("This form is retired or was never published. Choose another.")
    if not Membership.objects.filter(review=study.review_id, user=extractor, role=Role.EXTRACTOR).exists():
        raise AssignmentRefusedError(f"{extractor} is no extractor of this review. A lead can change that in Team.")
    held = Assignment.objects.filter(study=study, form=form, extractor=extractor).first()
    if held is not None and held.status != AssignmentStatus.RELEASED:
        return held
    team = _team(study, form)
    if not team.free:
        people = "One person extracts" if team.needed == 1 else "Two people extract"
        raise AssignmentRefusedError(f"{people} {study} already. Choose another study.")
    if held is not None:
        if not as_lead and team.status and _was_done(held):
            raise AssignmentRefusedError(
                "You were done with this study and may have seen another's values. Ask a lead to assign you again."
            )
        return _changed(held, AssignmentStatus.WORKING, "extraction.begun", by)
    made = Assignment.objects.create(review_id=study.review_id, study=study, form=form, extractor=extractor)
    _record("extraction.begun", made, by)
    return made


def _was_done(held: Assignment) -> bool:
    """Whether somebody who was taken off had said that they were done."""
    before = held.history.exclude(status=AssignmentStatus.RELEASED).order_by("-history_id").first()
    return before is not None and before.status == AssignmentStatus.DONE


def _team(study: Study, form: Form) -> Team:
    return teams_of(form, [study.pk])[study.pk]


def _locked(assignment: Assignment) -> Assignment:
    Study.objects.select_for_update(of=("self",)).get(pk=assignment.study_id)
    return Assignment.objects.select_related("study", "form", "extractor").get(pk=assignment.pk)


def _changed(held: Assignment, status: str, event: str, by: User, reason: str = "") -> Assignment:
    held.status = status
    held.done_at = timezone.now() if status == AssignmentStatus.DONE else None
    held.save(update_fields=["status", "done_at"])
    _record(event, held, by, reason)
    return held


def _record(event: str, held: Assignment, by: User, reason: str = "") -> None:
    events.record(
        event,
        subject=held,
        by=by,
        review_id=held.review_id,
        reason=reason,
        study=held.study.label,
        form=held.form.name,
        extractor=held.extractor.get_full_name() or held.extractor.get_username(),
        own=held.extractor_id == by.pk,
    )
