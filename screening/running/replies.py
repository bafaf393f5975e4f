"""A reply in the form that was asked for, by a second question if need be; and sentences for those that are not."""

import hmac
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from django.conf import settings
from pydantic import BaseModel

from audit.calls import Answer
from reviewapp.ai.errors import ReplyError
from reviewapp.ai.prompt import Message, Prompt
from reviewapp.ai.structured import parse_reply

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


Ask = Callable[[Prompt, int, bool], Answer]


def asked_twice(prompt: Prompt, form: type[Form], ask: Ask) -> tuple[Form, Answer]:
    """The model's reply in the form `form`; one that is not is asked for once more (AI-06). Raises ReplyError.

    `ask(prompt, attempt, anew)` is `turns.ask_in_turn` with everything else filled in.
    """
    found, answer = _usable(prompt, form, ask, 1)
    if isinstance(found, ReplyError):
        found, answer = _usable(once_more(prompt, answer, found), form, ask, 2)
    if isinstance(found, ReplyError):
        raise found
    return found, answer


def _usable(prompt: Prompt, form: type[Form], ask: Ask, attempt: int) -> tuple[Form | ReplyError, Answer]:
    """What a reply amounts to. One to somebody else's question that could not be used then is no answer to this one."""
    answer = ask(prompt, attempt, False)
    found = _parsed(answer, form)
    if isinstance(found, ReplyError) and answer.replayed:
        answer = ask(prompt, attempt, True)
        found = _parsed(answer, form)
    return found, answer


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
