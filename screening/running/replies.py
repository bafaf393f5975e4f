"""A reply in the form that was asked for, by a second question if need be; and sentences for those that are not."""

import hmac
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from django.conf import settings
from django.db.models import Subquery
from pydantic import BaseModel

from audit.calls import Answer
from audit.models.event import Event
from audit.models.model_call import ModelCall
from reviewapp.ai.errors import ReplyError
from reviewapp.ai.prompt import Message, Prompt
from reviewapp.ai.structured import parse_reply
from screening.models.run import Run

Form = TypeVar("Form", bound=BaseModel)

# Sentences by what was wrong with both replies. What the model said is kept with the call, for those who may see it.
NOT_USABLE = {
    "empty": "The model answered with nothing",
    "not_json": "The model did not answer in the form that was asked for",
    "cut_off": "The model's reply was cut off before its end",
    "extra_text": "The model said more than it was asked for",
    "unknown_criterion": "The model judged a criterion that the protocol does not have",
    "missing_criterion": "The model left out a criterion",
    "repeated_criterion": "The model judged a criterion twice",
    "wrong_type": "The model did not answer in the form that was asked for",
}


def said_of(error: ReplyError) -> str:
    """What was wrong with a reply, as the beginning of a sentence; nothing of what the model said is in it."""
    return NOT_USABLE.get(error.kind, NOT_USABLE["wrong_type"])


Ask = Callable[[Prompt, int, int], Answer]


def asked_twice(prompt: Prompt, form: type[Form], ask: Ask, *, run_id: int) -> tuple[Form, Answer]:
    """The model's reply in the form `form`; one that is not is asked for once more (AI-06). Raises ReplyError.

    `ask(prompt, attempt, instead_of)` is `turns.ask_in_turn` with everything else filled in.
    """
    found, answer = _usable(prompt, form, ask, 1, run_id)
    if isinstance(found, ReplyError):
        found, answer = _usable(once_more(prompt, answer, found), form, ask, 2, run_id)
    if isinstance(found, ReplyError):
        raise found
    return found, answer


def _usable(prompt: Prompt, form: type[Form], ask: Ask, attempt: int, run_id: int) -> tuple[Form | ReplyError, Answer]:
    """What a reply amounts to. One that could not be used at another time is no answer: it is asked for anew."""
    answer = ask(prompt, attempt, 0)
    while isinstance(found := _parsed(answer, form), ReplyError) and _of_another_time(answer, run_id):
        answer = ask(prompt, attempt, answer.call_id)
    return found, answer


def _of_another_time(answer: Answer, run_id: int) -> bool:
    """Whether it answered somebody else's question, or this one before somebody asked to try again what failed."""
    return answer.replayed or (answer.found and _tried_again_since(run_id, answer.call_id))


def _tried_again_since(run_id: int, call_id: int) -> bool:
    asked_at = ModelCall.objects.filter(pk=call_id).values("at")
    tries = Event.objects.filter(type="run.retried", subject_type=Run._meta.label_lower, subject_id=run_id)
    return tries.filter(at__gt=Subquery(asked_at)).exists()


def _parsed(answer: Answer, form: type[Form]) -> Form | ReplyError:
    try:
        return parse_reply(answer.text, form, finish_reason=answer.finish_reason)
    except ReplyError as error:
        return error


def once_more(prompt: Prompt, answer: Answer, error: ReplyError) -> Prompt:
    """The second question says what was wrong; a reply that was cut off is given more room instead."""
    if error.kind == "cut_off":
        return replace(prompt, max_tokens=prompt.max_tokens * 2)
    return prompt.and_then(
        Message("assistant", answer.text[:4_000] or "(nothing)"),
        Message("user", f"This can't be used. {error} Reply once more with the complete JSON object only."),
    )


def fence(*about: str | int) -> str:
    """The delimiter's secret part: nobody outside can know it, and it is the same when the same is asked again.

    `about` names what is asked about and how, not for which run: identical questions are to be identical prompts.
    """
    said = "fence of " + "/".join(str(one) for one in about)
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), "sha256").hexdigest()[:16]
