"""Bytes that somebody uploaded or pasted, to decoded JSON; whatever they are, a sentence and never an accident."""

import json
from typing import Any, NoReturn

from extraction.schema.faults import Fault, SchemaError

MOST_BYTES = 1_000_000


def decode(content: bytes) -> object:
    """The JSON in `content` (UTF-8, with or without a byte order mark). Raises SchemaError for anything else."""
    if len(content) > MOST_BYTES:
        _refuse(f"This is {len(content) / 1e6:.1f} MB; a form has at most {MOST_BYTES / 1e6:.0f} MB. Nothing was read.")
    if not content.strip():
        _refuse("This is empty. Choose the JSON file of a form, or paste its text.")
    if content[:5] == b"%PDF-" or content[:2] == b"PK":
        _refuse(
            "This is a PDF or an Office file. A form comes as JSON: export one from a review to see what it is like."
        )
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_not_json)
    except UnicodeDecodeError:
        _refuse("This is not text in UTF-8. Save the file as UTF-8, and hand it in again.")
    except json.JSONDecodeError as error:
        _refuse(f"This is not JSON: {error.msg}, in line {error.lineno}, character {error.colno}.")
    except RecursionError:
        _refuse("This is nested far deeper than a form is.")
    except ValueError as error:  # a number of more digits than Python reads
        if isinstance(error, SchemaError):
            raise
        _refuse("There is a number in it that is too long to be read.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON readers keep the last of two equal names without a word; here the first would be lost silently."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            _refuse(f"The property “{name[:60]}” stands twice in one object; one of the two would be lost. Remove one.")
        found[name] = value
    return found


def _not_json(word: str) -> NoReturn:
    _refuse(f"“{word}” is not JSON.")


def _refuse(sentence: str) -> NoReturn:
    raise SchemaError([Fault((), sentence)])
