"""Trying a model out: a short question that holds nobody's text, asked by a worker, recorded as any call (law 2)."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from audit import actors, calls, cards, events
from audit.models.event import Event
from audit.models.model_card import ModelCard
from reviewapp.ai.errors import AIError
from reviewapp.ai.prompt import Message, Prompt
from reviewapp.queue import enqueue
from screening.queries.assistants.endpoints import allowed_hosts, endpoint_of

PURPOSE = "connection_test"
WORKER = actors.worker("connection test")
TO_RECORD = timedelta(minutes=1)  # beyond the card's time-out: a call that old has lost its worker
LONGEST_SAID = 80  # characters of the reply that are kept in the ledger; the whole of it is with the call


@transaction.atomic
def ask_for_test(*, card: ModelCard, by: User) -> Event:
    """Let a worker ask the model of an approved card one question.

    Raises PermissionDenied for who is no administrator, and CardRefusedError where the model may not be called.
    """
    if not cards.may_approve(by):
        raise PermissionDenied("Only an administrator tries models out.")
    stands = ModelCard.objects.get(pk=card.pk)
    if why_not := cards.why_not_callable(stands):
        raise cards.CardRefusedError(f"Nothing was sent: only approved models are called, also to try them. {why_not}")
    asked = events.record("model.test_asked", subject=stands, by=by, name=stands.name, model=stands.model)
    enqueue("screening.test_card", card_id=stands.pk, event_id=asked.pk)
    return asked


def answer(*, card_id: int, event_id: int) -> None:
    """Ask, and write down what came of it; a reply that has come is not asked for again when the bell rings once more.

    Calls of earlier tests whose worker died are given their outcome first: nobody else looks after them.
    """
    card = ModelCard.objects.get(pk=card_id)
    calls.mark_cut_off(subject=card, older_than=timedelta(seconds=card.timeout_seconds) + TO_RECORD)
    if _is_answered(card, event_id):
        return
    outcome = _outcome(card, event_id)
    with transaction.atomic():
        ModelCard.objects.select_for_update(no_key=True).get(pk=card_id)  # one bell writes, the other finds it written
        if not _is_answered(card, event_id):
            events.record("model.tested", subject=card, by=WORKER, name=card.name, test=event_id, **outcome)


def _outcome(card: ModelCard, event_id: int) -> dict[str, Any]:
    """What came back, or why nothing did. The number makes each test a question of its own."""
    question = f"This is connection test number {event_id}. Reply with the word: ready"
    try:
        said = calls.ask(
            Prompt((Message("user", question),), max_tokens=200),
            endpoint=endpoint_of(card),
            purpose=PURPOSE,
            subject=card,
            sends=[card],
            review_id=None,
            allowed_hosts=allowed_hosts(),
            price=cards.price_of(card),
        )
    except AIError as error:
        return {"works": False, "said": str(error)}
    text = " ".join(said.text.split())[:LONGEST_SAID]
    return {"works": True, "said": text, "answered_by": said.answered_by, "call": said.call_id}


def _is_answered(card: ModelCard, event_id: int) -> bool:
    answered = Event.objects.filter(type="model.tested", subject_type=card._meta.label_lower, subject_id=card.pk)
    return answered.filter(data__test=event_id).exists()
