"""Hashes of what decisions and suggestions were made under. Written once with the row, computed again to verify it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any


def protocol_sha256(question: str, criteria: Sequence[Mapping[str, str]]) -> str:
    """Hash of the canonical JSON of question and criteria: {label, text, facet, polarity, if_not_reported, key}."""
    canonical = json.dumps([question, [dict(criterion) for criterion in criteria]], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def assistant_sha256(configuration: Mapping[str, Any]) -> str:
    """Hash of the canonical JSON of {engine, model, card_id, prompt_version, parameters}."""
    return hashlib.sha256(json.dumps(dict(configuration), sort_keys=True, ensure_ascii=False).encode()).hexdigest()
