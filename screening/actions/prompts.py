"""Writing prompts: named, versioned, hashed, and used by no assistant before a lead has published a version."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from screening.enums import SuggestionRole
from screening.models.prompt import LONGEST_NAME, Prompt, PromptPublication, PromptVersion
from screening.models.review import Review
from screening.models.suggestion import Suggestion
from screening.prompts.wordings import FRAME_VERSION, Wording, refused


class PromptRefusedError(ValueError):
    """The prompt can't be saved or published so; the message says why and what to do."""


@transaction.atomic
def create(*, review: Review, name: str, wording: Wording, by: User, note: str = "") -> PromptVersion:
    """A new prompt with its first version. Raises PromptRefusedError with a sentence."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise PromptRefusedError(f"Give the prompt a name of up to {LONGEST_NAME} characters. Nothing was saved.")
    _check(wording)
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if Prompt.objects.filter(review=review, name=name).exists():
        raise PromptRefusedError(f"There is a prompt “{name}” already. Open that one and save a new version of it.")
    prompt = Prompt.objects.create(review=review, name=name, created_by=by)
    return _saved(prompt, 1, wording, by, note)


@transaction.atomic
def save(*, prompt: Prompt, wording: Wording, by: User, note: str = "", based_on: int | None = None) -> PromptVersion:
    """The next version; the same words again are the version that there is.

    `based_on` is the number that its author had before them. Where another came since, nothing is saved.
    """
    _check(wording)
    Prompt.objects.select_for_update(no_key=True).get(pk=prompt.pk)
    before = PromptVersion.objects.filter(prompt=prompt).select_related("prompt", "created_by").first()
    if before is not None and before.wording == wording:
        return before
    number = before.number if before else 0
    if based_on is not None and based_on != number:
        raise PromptRefusedError(
            f"Version {number} was saved while you wrote, by {before.created_by if before else 'somebody'}. Nothing "
            "was saved, and your text stands here as you wrote it. Compare the two, then save again."
        )
    return _saved(prompt, number + 1, wording, by, note)


def _check(wording: Wording) -> None:
    if why := refused(wording):
        raise PromptRefusedError(why)
    if not wording.sha256:
        raise PromptRefusedError("Write a persona or guidance. Without either an assistant has the standard prompt.")


def _saved(prompt: Prompt, number: int, wording: Wording, by: User, note: str) -> PromptVersion:
    version = PromptVersion.objects.create(
        prompt=prompt,
        number=number,
        persona=wording.persona,
        guidance=wording.guidance,
        frame=FRAME_VERSION,
        note=note.strip(),
        sha256=wording.sha256,
        created_by=by,
    )
    _note("prompt.saved", version, by, note=version.note)
    return version


@transaction.atomic
def publish(*, version: PromptVersion, by: User, reason: str = "") -> PromptPublication:
    """Let assistants be made with this version. It needs a trial, or a reason why not. Once is enough."""
    locked = PromptVersion.objects.select_for_update(no_key=True).select_related("prompt").get(pk=version.pk)
    published = PromptPublication.objects.filter(version=locked).first()
    if published is not None:
        return published
    tried = Suggestion.objects.filter(role=SuggestionRole.TRIAL, item__run__prompt=locked)
    tried_on = tried.values("record").distinct().count()
    if not tried_on and not reason.strip():
        raise PromptRefusedError("Try it on some records first, or say why it is published without a trial.")
    made = PromptPublication.objects.create(version=locked, reason=reason.strip(), tried_on=tried_on, by=by)
    _note("prompt.published", locked, by, tried_on=tried_on, reason=made.reason)
    return made


def _note(event_type: str, version: PromptVersion, by: User, **data: Any) -> None:
    events.record(
        event_type,
        subject=version,
        by=by,
        review_id=version.prompt.review_id,
        prompt=str(version),
        sha256=version.sha256,
        **data,
    )
