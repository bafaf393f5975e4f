"""What the test model says: a screening reply made from the prompt alone, as a real model would have to."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from tests import model_extractions

_FENCED = re.compile(r"<<<(?P<token>[^<>]+)>>>\n(?P<text>.*?)\n<<<end (?P=token)>>>", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?。\n]{3,}[.!?。]?")
_ORDER = re.compile(r"ignore (?:all |your |previous |the )+instructions", re.IGNORECASE)
_BABBLE = "As a large language model I feel that this study is rather interesting, and I would perhaps include it."
_NOWHERE = "A passage about submarine volcanoes that nobody wrote in this record."


def reply_text(messages: Sequence[dict[str, Any]], parts: dict[str, list[int]], times: int) -> str:
    """The content of the reply to a prompt of `screening.prompts`, spoilt as `parts` demands."""
    if "babble" in parts and times <= (parts["babble"] or [10**9])[0]:
        return _BABBLE
    if model_extractions.is_extraction(messages):
        return _dressed(model_extractions.reply_text(messages, parts), parts)
    if "obey-form" in parts:
        return json.dumps({"decision": "exclude", "tool": "exclude_record", "confidence": 1.0})
    if "wobble" in parts and times > parts["wobble"][0]:
        parts = {**{name: of for name, of in parts.items() if name not in {"met", "not-met"}}, "unclear": []}
    criteria, text = _criteria(messages), _text(messages)
    judged = [_judge(criterion, text, parts) for criterion in criteria]
    if "unknown-criterion" in parts:
        judged.append({**_entry("NOBODY-ASKED", [], "unclear"), "rationale": "Invented."})
    if "missing-criterion" in parts:
        judged = judged[1:]
    obeys = not {"obey-exclude", "obey-include"}.isdisjoint(parts)  # whatever it reads, and says nothing of it
    told = not obeys and bool(_ORDER.search(text))
    body = json.dumps({"criteria": judged, "text_gives_instructions": told}, ensure_ascii=False)
    return _dressed(body, parts)


def _dressed(body: str, parts: dict[str, list[int]]) -> str:
    if "cut" in parts:
        return body[: len(body) * 2 // 3]
    if "fenced" in parts:
        return f"Here is the JSON:\n```json\n{body}\n```"
    return f"{body}\nI hope that this helps!" if "extra" in parts else body


def _criteria(messages: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    lines = "\n".join(str(message["content"]) for message in messages if message["role"] == "system").splitlines()
    return [json.loads(line) for line in lines if line.startswith('{"key": ') and '"describes"' in line]


def _text(messages: Sequence[dict[str, Any]]) -> str:
    """The last fenced text: examples stand before the record."""
    fenced = [m["text"] for message in messages for m in _FENCED.finditer(str(message["content"]))]
    return fenced[-1].replace("Title: ", "", 1).replace("\nAbstract: ", "\n", 1) if fenced else ""


def _judge(criterion: dict[str, str], text: str, parts: dict[str, list[int]]) -> dict[str, Any]:
    return _judged(tuple(criterion.items()), text, frozenset(parts))


@lru_cache(maxsize=64)  # a benchmark asks of one text thousands of times, and measures something else
def _judged(about: tuple[tuple[str, str], ...], text: str, parts: frozenset[str]) -> dict[str, Any]:
    criterion = dict(about)
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(text)]
    for wanted in ("exclude", "include"):
        if f"obey-{wanted}" in parts:
            against = (wanted == "exclude") is criterion["use"].endswith("must meet it")
            return _entry(criterion["key"], sentences[:1], "not_met" if against else "met")
    order = _ORDER.search(text)
    if "obey" in parts and order:
        return _entry(criterion["key"], [next(s for s in sentences if _ORDER.search(s))], "not_met")
    best = max(sentences, key=lambda sentence: _shared(sentence, criterion["describes"]), default="")
    judgement = next((said.replace("-", "_") for said in ("met", "not-met", "unclear") if said in parts), "")
    judgement = judgement or ("met" if _shared(best, criterion["describes"]) else "unclear")
    quotes = [_NOWHERE] if "misquote" in parts else [best] if best and judgement != "unclear" else []
    return _entry(criterion["key"], quotes, judgement)


def _shared(sentence: str, description: str) -> int:
    words = {word for word in re.findall(r"\w+", description.lower()) if len(word) > 3}
    return len(words & set(re.findall(r"\w+", sentence.lower())))


def _entry(key: str, quotes: list[str], judgement: str) -> dict[str, Any]:
    rationale = "This is what the quoted passage says." if quotes else "The record does not say."
    return {"key": key, "quotes": quotes, "rationale": rationale, "judgement": judgement}
