"""What the test model says when it is asked for cells of a form: made from the prompt alone, as a real model would.

Behaviours, parts of the model's name (see `tests.model_server`): wrong-number (a number that is not in its quote),
wrong-unit, extra-arm (one arm that nobody named), more-groups (five groups, whatever the arms), unreadable (a value
that no field takes), twice (every cell two times), obey (does what an injected text tells it), misquote, not-reported.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

_FENCED = re.compile(r"<<<(?P<token>[^<>]+)>>>\n(?P<text>.*?)\n<<<end (?P=token)>>>", re.DOTALL)
_PIECE = re.compile(r"(?:[^.!?\n]|\.(?=\d)|\n(?!\n|\[))+[.!?]?")
_MARK = re.compile(r"^\[(?:Page \d+|…)\]$", re.MULTILINE)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_ORDER = re.compile(r"ignore (?:all |your |previous |the )+instructions", re.IGNORECASE)
_NOWHERE = "A passage about submarine volcanoes that nobody wrote in this report."


def is_extraction(messages: Sequence[dict[str, Any]]) -> bool:
    """Whether cells are asked for."""
    return any('\n{"cell": ' in str(message["content"]) for message in messages)


def reply_text(messages: Sequence[dict[str, Any]], parts: dict[str, list[int]]) -> str:
    """The content of the reply."""
    asked = next(str(message["content"]) for message in messages if message["role"] == "user")
    found = _FENCED.search(asked)
    text = _MARK.sub("\n", found["text"]) if found else ""
    lines = [json.loads(line) for line in asked[found.end() if found else 0 :].splitlines() if line.startswith("{")]
    fields = {line["field"]: line for line in lines if "field" in line}
    cells = [_answer(cell, fields[cell["cell"]], text, parts) for cell in lines if "cell" in cell]
    cells = [answer for cell in cells for answer in _multiplied(cell, parts)]
    return json.dumps({"cells": cells, "text_gives_instructions": bool(_ORDER.search(text))}, ensure_ascii=False)


def _multiplied(cell: dict[str, Any], parts: dict[str, list[int]]) -> list[dict[str, Any]]:
    if "twice" in parts:
        return [cell, {**cell, "rationale": "Once more."}]
    if cell["arm"] and "extra-arm" in parts:
        return [cell, {**cell, "arm": "A sham group that was never there"}]
    if cell["arm"] and "more-groups" in parts:
        return [cell, *({**cell, "arm": f"Group {number}"} for number in range(1, 6))]
    return [cell]


def _answer(cell: dict[str, str], field: dict[str, Any], text: str, parts: dict[str, list[int]]) -> dict[str, Any]:
    base = {"field": cell["cell"], "arm": cell.get("arm", ""), "outcome": cell.get("outcome", ""), "rationale": ""}
    order = _ORDER.search(text)
    if "obey" in parts and order:
        quote = next(piece.strip() for piece in _PIECE.findall(text) if _ORDER.search(piece))
        return {**base, "quote": quote, "state": "reported", "value": "999", "unit": ""}
    wanted = " ".join([field["asks"], *base.values()])
    quote = max(_pieces(text, number=field["kind"] == "number"), key=lambda one: _shared(one, wanted), default="")
    if not quote or not _shared(quote, wanted) or "not-reported" in parts:
        return {**base, "quote": "", "state": "not_reported", "value": "", "unit": ""}
    unit = "furlongs" if "wrong-unit" in parts and field["kind"] == "number" else ""
    said = _NOWHERE if "misquote" in parts else quote
    return {**base, "quote": said, "state": "reported", "value": _value(field, quote, parts), "unit": unit}


def _pieces(text: str, *, number: bool) -> list[str]:
    pieces = [piece.strip() for piece in _PIECE.findall(text)]
    return [one for one in pieces if one and (not number or _NUMBER.search(one))]


def _value(field: dict[str, Any], quote: str, parts: dict[str, list[int]]) -> str:
    if "unreadable" in parts:
        return "somewhere between a few and many (n = 3; 5)"
    if field["kind"] == "number":
        found = _NUMBER.search(quote)
        number = found[0] if found else "0"
        return str(float(number) + 1000) if "wrong-number" in parts else number
    if field["kind"] in ("choice", "multi_choice"):
        return next(iter(field["options"]))
    return {"yes_no": "yes", "date": "2019-03"}.get(field["kind"], quote[:60])


def _shared(piece: str, wanted: str) -> int:
    words = {word for word in re.findall(r"\w+", wanted.lower()) if len(word) > 3}
    return len(words & set(re.findall(r"\w+", piece.lower())))
