"""A model's reply as a validated object, or a sentence that says what was wrong with it.

Models wrap JSON in code fences, think aloud before it, and stop in the middle. What can be taken off without guessing
is taken off; everything else is a `ReplyError` whose message is at most 200 characters, of one line, and quotes at most
a short, escaped excerpt of the reply, which is untrusted text.
"""

import json
import re
from collections import Counter
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reviewapp.ai.errors import ReplyError

M = TypeVar("M", bound=BaseModel)

LIMIT = 200
_THINKING = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_FENCE, _BEFORE = "```", 200  # letters that may stand before a fence, none of them a bracket
_LANGUAGE = re.compile(r"[ \t]*+\w*+")
_OPENING = re.compile(r"\A[^{}\[\]]{0,200}(?=\{)")  # “Here is the JSON:” and the like
_OWN_KINDS = {"unknown_criterion", "missing_criterion", "repeated_criterion"}


def parse_reply(text: str, model: type[M], *, finish_reason: str = "") -> M:
    """`text` as an instance of `model`; `ReplyError` says in a sentence why not.

    `finish_reason` is the provider's: "length" means that the reply was cut off.
    """
    value = _read(text, cut=finish_reason == "length")
    try:
        return model.model_validate_json(json.dumps(value), strict=True)
    except RecursionError:
        raise _error("wrong_type", "The reply is nested deeper than anything that was asked for.") from None
    except ValidationError as error:
        raise _invalid(error.errors(include_url=False, include_context=True, include_input=False)) from None


def excerpt(text: str, size: int = 60) -> str:
    """The beginning of untrusted text on one line, with anything unprintable escaped."""
    line = " ".join(text[: size * 4].split())
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    safe = safe.replace("<", "‹").replace(">", "›")  # no markup, wherever the sentence is shown
    return safe if len(safe) <= size else safe[: size - 1] + "…"


def _read(text: str, *, cut: bool) -> dict[str, Any]:
    body = _unwrapped(text)
    if not body.strip():
        raise _error("cut_off" if cut else "empty", _CUT if cut else "The reply was empty.")
    start = body.find("{")
    decoder = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_each_name_once)
    try:
        value, end = decoder.raw_decode(body, max(start, 0))
    except (ValueError, RecursionError):
        raise _unreadable(body, start, cut=cut) from None
    if not isinstance(value, dict):
        raise _error(
            "not_json",
            f"The reply is JSON, but not one object; it begins: {excerpt(body)}",
        )
    if body[end:].strip():
        raise _error(
            "extra_text",
            f"The reply goes on after its JSON object: {excerpt(body[end:].strip())}",
        )
    return value


_CUT = "The reply was cut off before its end; allow it more tokens, or ask about fewer criteria."


def _unwrapped(text: str) -> str:
    body = _out_of_fence(_THINKING.sub("", text.lstrip("\ufeff"), count=1).strip())
    return _OPENING.sub("", body, count=1)


def _out_of_fence(body: str) -> str:
    """What stands between a code fence and its end. By hand: a pattern took hours where a reply was mostly blanks."""
    start = body.find(_FENCE, 0, _BEFORE + len(_FENCE))
    inner = body[start + len(_FENCE) : -len(_FENCE)]
    if start < 0 or not inner or not body.endswith(_FENCE) or any(bracket in body[:start] for bracket in "{}[]"):
        return body
    return _LANGUAGE.sub("", inner, count=1).strip()


def _unreadable(body: str, start: int, *, cut: bool) -> ReplyError:
    """Cut off, if the provider says so or if an object was opened and never closed; else not JSON."""
    if cut or (start >= 0 and body.count("{") > body.count("}")):
        return _error("cut_off", _CUT)
    return _error(
        "not_json",
        f"The reply is not the JSON object that was asked for; it begins: {excerpt(body)}",
    )


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON leaves open which of two values of one name counts; nobody should have to guess which a model meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise _error("wrong_type", f"The reply says {excerpt(twice)} twice in one object.")
    return found


def _invalid(details: list[ErrorDetails]) -> ReplyError:
    first = details[0]
    if first["type"] in _OWN_KINDS:  # our own validators write the rest of the sentence
        return _error(first["type"], f"The reply {excerpt(first['msg'], 150)}.")
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return _error(
        "wrong_type",
        f"The reply has the wrong form at {_where(first)}: {excerpt(_what(first), 90)}{more}.",
    )


def _where(detail: ErrorDetails) -> str:
    parts = [f"item {part + 1}" if isinstance(part, int) else str(part) for part in detail["loc"]]
    return excerpt(", ".join(parts), 50) or "its top"


def _what(detail: ErrorDetails) -> str:
    if detail["type"] == "missing":
        return "it is missing"
    if detail["type"] == "extra_forbidden":
        return "nothing of that name was asked for"
    return detail["msg"][:1].lower() + detail["msg"][1:]


def _error(kind: str, message: str) -> ReplyError:
    return ReplyError(message if len(message) <= LIMIT else message[: LIMIT - 1] + "…", kind=kind)
