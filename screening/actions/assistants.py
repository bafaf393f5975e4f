"""Making assistants: named, numbered, immutable configurations. A change is a new version (AI-07)."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from reviewapp.ai import embedding
from reviewapp.deadlocks import begun_again
from screening.actions import applying, fallbacks, model_cards, reviews, runs
from screening.enums import Engine, Oversight, PauseReason, RunStatus
from screening.models.assistant import Assistant
from screening.models.panel import PanelSeat
from screening.models.prompt import PromptPublication, PromptVersion
from screening.models.review import Review
from screening.models.run import Run
from screening.models.stage import StageRule
from screening.prompts.screening import PROMPT_VERSION
from screening.queries.assistants.endpoints import Offer, available_models
from screening.queries.audited.fingerprints import assistant_sha256
from screening.ranking.local import ENGINE_VERSION

LOCAL_NAME = "Offline engine"
PANEL_VERSION = "panel-1"  # of the rule by which members' opinions are combined (`prompts.panel`)
LEAST_MEMBERS, MOST_MEMBERS = 2, 5


class AssistantRefusedError(ValueError):
    """The assistant can't be made so; the message says why and what to do."""


@transaction.atomic
def create(
    *,
    review: Review,
    name: str,
    engine: str,
    by: User,
    offer: Offer | None = None,
    parameters: dict[str, Any] | None = None,
    prompt: PromptVersion | None = None,
    falls_back_on: Sequence[Offer] = (),
) -> Assistant:
    """The assistant of this name and configuration: the newest version if nothing differs, else the next one.

    `offer` is the model of an `llm`, as `available_models` lists them; its address is kept in the configuration.
    `prompt` is a published version of this review, or the standard one where there is none. `falls_back_on`
    are asked in their order where the model does not answer (`running.lines`).
    """
    if not name.strip():
        raise AssistantRefusedError("Give the assistant a name.")
    _check_prompt(review, engine, prompt)
    more = {**(parameters or {}), **_fallbacks(review, name.strip(), offer, falls_back_on)}
    return _versioned(review, name, by, _configured(engine, offer, more, prompt), prompt)


def _fallbacks(review: Review, name: str, offer: Offer | None, chosen: Sequence[Offer]) -> dict[str, Any]:
    if not chosen:
        return {}
    if offer is None:
        raise AssistantRefusedError("The offline engine calls no model, and needs no fallback. Nothing was made.")
    try:
        made = fallbacks.configured(offer, chosen)
        fallbacks.check_seats(review, name, [offer.model, *made["fallback_models"]])
    except fallbacks.FallbackRefusedError as error:
        raise AssistantRefusedError(str(error)) from error
    return made


def _check_prompt(review: Review, engine: str, prompt: PromptVersion | None) -> None:
    if prompt is None:
        return
    if engine != Engine.LLM:
        raise AssistantRefusedError("The offline engine is told nothing in words: choose the standard prompt for it.")
    if prompt.prompt.review_id != review.pk:
        raise AssistantRefusedError("That prompt belongs to another review.")
    if not PromptPublication.objects.filter(version=prompt).exists():
        raise AssistantRefusedError(f"{prompt} is not published yet. Try it on records, publish it, then use it.")


@transaction.atomic
def create_panel(
    *, review: Review, name: str, members: Sequence[Assistant], by: User, adjudicator: Assistant | None = None
) -> Assistant:
    """A panel of two to five assistants with different models, or its next version (AI-07).

    `adjudicator` is asked where the members do not all include, and may be one of them. What a panel is hangs on its
    members' configurations alone, whose hashes stand in its own. Raises AssistantRefusedError with a sentence.
    """
    if not name.strip():
        raise AssistantRefusedError("Give the panel a name.")
    _check_members(review, members, adjudicator)
    hashes = {
        "members": [member.sha256 for member in members],
        "adjudicator": adjudicator.sha256 if adjudicator else "",
    }
    made = {"engine": "panel", "model": "", "card_id": None, "prompt_version": PANEL_VERSION, "parameters": hashes}
    panel = _versioned(review, name, by, made)
    if not PanelSeat.objects.filter(panel=panel).exists():
        asked = [(member, False) for member in members] + ([(adjudicator, True)] if adjudicator else [])
        PanelSeat.objects.bulk_create(
            PanelSeat(panel=panel, member=member, position=position, adjudicates=adjudicates)
            for position, (member, adjudicates) in enumerate(asked, 1)
        )
    return panel


def _check_members(review: Review, members: Sequence[Assistant], adjudicator: Assistant | None) -> None:
    everybody = [*members, adjudicator] if adjudicator else list(members)
    if any(one.review_id != review.pk for one in everybody):
        raise AssistantRefusedError("One of these assistants belongs to another review.")
    if any(one.engine != Engine.LLM for one in everybody):
        raise AssistantRefusedError("A panel is made of language models: choose assistants that have one.")
    if not LEAST_MEMBERS <= len(members) <= MOST_MEMBERS:
        raise AssistantRefusedError(f"A panel has {LEAST_MEMBERS} to {MOST_MEMBERS} members. Nothing was made.")
    voices = {(one.model, str(one.parameters.get("prompt_sha256", ""))) for one in members}
    if len(voices) < len(members):
        raise AssistantRefusedError(
            "Two of these members are the same model, asked in the same way: they would agree with themselves. "
            "Choose assistants with different models or prompts."
        )
    try:
        fallbacks.check_panel(members)
    except fallbacks.FallbackRefusedError as error:
        raise AssistantRefusedError(str(error)) from error


def _versioned(
    review: Review, name: str, by: User, made: dict[str, Any], prompt: PromptVersion | None = None
) -> Assistant:
    """The newest version of this name if it is configured so, else the next one, with its event."""
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    digest = assistant_sha256(made)
    before = Assistant.objects.filter(review=review, name=name.strip()).first()
    if before is not None and before.sha256 == digest:
        return before
    version = before.version + 1 if before else 1
    assistant = Assistant.objects.create(
        review=review, name=name.strip()[:80], version=version, sha256=digest, created_by=by, prompt=prompt, **made
    )
    events.record(
        "assistant.created",
        subject=assistant,
        by=by,
        review_id=review.pk,
        assistant=str(assistant),
        engine=str(assistant.engine),
        model=assistant.model,
        sha256=digest,
    )
    return assistant


def _configured(
    engine: str, offer: Offer | None, parameters: dict[str, Any], prompt: PromptVersion | None
) -> dict[str, Any]:
    """Everything that decides what the assistant says, as fields; its canonical JSON is what is hashed."""
    if engine != Engine.LLM:
        return {
            "engine": "local",
            "model": "",
            "card_id": None,
            "prompt_version": ENGINE_VERSION,
            "parameters": {"embedding": embedding.model_hash() if embedding.available() else "", **parameters},
        }
    if offer is None:
        raise AssistantRefusedError("Choose a model. An administrator can add one as a model card.")
    told = {"prompt_sha256": prompt.sha256} if prompt else {}  # nothing for the standard one: older hashes hold
    return {
        "engine": "llm",
        "model": offer.model,
        "card_id": offer.card_id,
        "prompt_version": prompt.wording.version if prompt else PROMPT_VERSION,
        "parameters": {**parameters, **told, "api_base": offer.api_base},
    }


def ensure_defaults(*, review: Review, by: User) -> list[Assistant]:
    """The assistants that every review has: the offline engine, and one of the first approved model, if any.

    An assistant of an LLM that the review has already is left as it is. What the environment offers without a card gets
    a draft, which an administrator can approve.
    """
    model_cards.draft_of_environment(by=by)
    made = [create(review=review, name=LOCAL_NAME, engine=Engine.LOCAL, by=by)]
    offers = available_models()
    if offers and not Assistant.objects.filter(review=review, engine=Engine.LLM).exists():
        name = offers[0].model.rpartition("/")[2][:80]
        made.append(create(review=review, name=name, engine=Engine.LLM, offer=offers[0], by=by))
    return made


@begun_again
@transaction.atomic
def switch(*, review: Review, by: User, ai_enabled: bool, may_be_sent_to_ai: bool) -> Review:
    """Turn AI, and the sending of text to providers, on or off. What no longer may run is paused, and orders follow."""
    changed = reviews.change(review=review, by=by, ai_enabled=ai_enabled, may_be_sent_to_ai=may_be_sent_to_ai)
    if ai_enabled:
        ensure_defaults(review=changed, by=by)
    going = Run.objects.filter(review=changed, status=RunStatus.RUNNING)
    if ai_enabled and may_be_sent_to_ai:
        going = going.none()
    elif ai_enabled:
        going = going.exclude(assistant__engine=Engine.LOCAL)
    for run in going:
        why = "AI was switched off" if not ai_enabled else "texts may not be sent any more"
        runs.pause(run=run, by=by, why=why, stopped_for=PauseReason.FORBIDDEN)
    if changed.ai_enabled != review.ai_enabled:
        for rule in StageRule.objects.filter(review=changed).select_related("review").order_by("-stage"):
            settles, later = rule.oversight == Oversight.SECOND_REVIEWER, applying.for_a_worker(rule)
            applying.begin(rule=rule, by=by, later=later, settles=settles)
    return changed
