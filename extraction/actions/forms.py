"""Writing forms: drafts that two people may edit, and published versions that never change (EXT-03)."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from extraction.bias import INSTRUMENTS
from extraction.derived import COMPUTE
from extraction.enums import FormPurpose
from extraction.models.form import Form, FormVersion
from extraction.queries.forms import latest_version, read_draft
from extraction.schema import SchemaError, from_json, sha256, to_json
from extraction.schema.editing import shaped
from extraction.schema.parts import UNSTORABLE
from screening.models.review import Review

LONGEST_NAME = 120


class FormRefusedError(ValueError):
    """It can't be done so; the message says why and what to do. Nothing was changed."""


class DraftMovedError(Exception):
    """Somebody changed the draft after it was read; `form` is as it is now. Nothing was changed."""

    def __init__(self, form: Form) -> None:
        super().__init__("The draft was changed meanwhile.")
        self.form = form


@transaction.atomic
def create(
    *, review: Review, name: str, by: User, purpose: str = "data", instrument: str = "", draft: object = None
) -> Form:
    """A new form: empty, or with the form that `draft` (decoded JSON) describes.

    Raises SchemaError with every fault of `draft`, and FormRefusedError for a name that is empty or taken.
    """
    Review.objects.select_for_update().get(pk=review.pk)
    name = _free(review, name)
    begun: dict[str, Any] = {"title": name, "purpose": purpose, "instrument": instrument, "groups": []}
    if draft is not None:
        schema = from_json(draft, COMPUTE)
        purpose, instrument = schema.purpose, schema.instrument or instrument
        begun = {**to_json(schema), "title": name, "instrument": instrument}
    if instrument and instrument not in INSTRUMENTS:
        raise FormRefusedError(f"There is no instrument called “{instrument}”. Leave it empty, or use one of the list.")
    form = Form.objects.create(
        review=review,
        name=name,
        purpose=FormPurpose(purpose),
        instrument=instrument,
        draft=begun,
        draft_token=1,
        created_by=by,
    )
    events.record("form.created", subject=form, by=by, review_id=review.pk, name=name, fields=_size(begun))
    return form


@transaction.atomic
def save_draft(*, form: Form, draft: dict[str, Any], token: int, what: str, by: User) -> Form:
    """Put `draft` in the place of the draft that had `token`. `what` is a phrase: "added the field “Events”".

    Raises DraftMovedError where the draft has another token by now: the caller shows both.
    """
    locked = _locked(form)
    if locked.draft_token != token:
        raise DraftMovedError(locked)
    new = {**shaped(draft), "title": locked.name}
    if new == locked.draft:
        return locked
    locked.draft, locked.draft_token = new, token + 1
    locked.save(update_fields=["draft", "draft_token"])
    events.record("form.drafted", subject=locked, by=by, review_id=locked.review_id, name=locked.name, what=what)
    return locked


@transaction.atomic
def undo_draft(*, form: Form, token: int, by: User) -> Form:
    """Bring back the draft that was there before the one with `token`. Raises DraftMovedError, FormRefusedError."""
    locked = _locked(form)
    if locked.draft_token != token:
        raise DraftMovedError(locked)
    before = locked.history.filter(draft_token=token - 1).order_by("-history_id").first()
    if before is None:
        raise FormRefusedError("There is nothing to undo.")
    return save_draft(form=locked, draft=before.draft, token=token, what="undid the last change", by=by)


@transaction.atomic
def rename(*, form: Form, name: str, by: User) -> Form:
    """Give the form another name, which is its title too. Raises FormRefusedError."""
    Review.objects.select_for_update().get(pk=form.review_id)
    locked = _locked(form)
    if name.strip() == locked.name:
        return locked
    old, locked.name = locked.name, _free(locked.review, name)
    locked.draft = {**shaped(locked.draft), "title": locked.name}
    locked.draft_token += 1
    locked.save(update_fields=["name", "draft", "draft_token"])
    events.record("form.renamed", subject=locked, by=by, review_id=locked.review_id, old=old, name=locked.name)
    return locked


@transaction.atomic
def publish(*, form: Form, by: User, reason: str = "", token: int | None = None) -> FormVersion:
    """Make the draft the version in force; the same form again makes none. From the second on, it needs a reason.

    Every value stays as it was entered, under the version that it was entered under. Raises SchemaError while the draft
    has faults, DraftMovedError where `token` is not the draft's any more, FormRefusedError otherwise.
    """
    locked = _locked(form)
    if token is not None and locked.draft_token != token:
        raise DraftMovedError(locked)
    if locked.retired:
        raise FormRefusedError("This form is retired. Take it up again before you publish it.")
    schema, faults = read_draft(locked)
    if faults:
        raise SchemaError(faults)
    before, digest = latest_version(locked), sha256(schema)
    if before is not None and before.sha256 == digest:
        return before
    if before is not None and not reason.strip():
        raise FormRefusedError("Say why the form is changed: the reason is kept with the version.")
    version = FormVersion.objects.create(
        form=locked,
        number=before.number + 1 if before else 1,
        schema=to_json(schema),
        sha256=digest,
        reason=reason.strip(),
        created_by=by,
    )
    events.record(
        "form.published",
        subject=locked,
        by=by,
        review_id=locked.review_id,
        reason=reason.strip(),
        name=locked.name,
        number=version.number,
        sha256=digest,
    )
    return version


@transaction.atomic
def set_retired(*, form: Form, retired: bool, by: User) -> Form:
    """Take a form out of use, or up again. Its versions and values stay."""
    locked = _locked(form)
    if locked.retired is not retired:
        locked.retired = retired
        locked.save(update_fields=["retired"])
        noun = "form.retired" if retired else "form.resumed"
        events.record(noun, subject=locked, by=by, review_id=locked.review_id, name=locked.name)
    return locked


def _locked(form: Form) -> Form:
    return Form.objects.select_for_update(of=("self",)).get(pk=form.pk)


def _free(review: Review, name: str) -> str:
    name = " ".join(UNSTORABLE.sub(" ", name).split())
    if not name or len(name) > LONGEST_NAME:
        raise FormRefusedError(f"Give the form a name of 1 to {LONGEST_NAME} characters.")
    if Form.objects.filter(review=review, name=name).exists():
        raise FormRefusedError(
            f"There is a form called “{name}” already, perhaps among the retired ones. Choose another name."
        )
    return name


def _size(draft: dict[str, Any]) -> int:
    return sum(len(group["fields"]) for group in draft["groups"])
