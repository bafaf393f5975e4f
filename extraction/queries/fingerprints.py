"""What a value's event says of it: enough to find a row that was changed, and nothing that could be read from it."""

import hashlib
import json

from extraction.models.value import Value

OF_ROW = ("study_id", "cell", "author_id", "capacity", "state", "value", "unit", "note", "quote", "document_id", "page")


def value_sha256(value: Value) -> str:
    """The hash of what somebody said. The row's random key is in it, so that no number can be guessed from it."""
    said = [str(value.idempotency_key), *(getattr(value, name) for name in OF_ROW), value.places]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()
