"""How screening's events read. What follows the actor's name; plain text, escaped where it is shown."""

from typing import Any

from audit.presenters import present
from screening.enums import Stage

STAGE = {value: label.lower() for value, label in Stage.choices}
VERB = {"include": "included", "exclude": "excluded", "maybe": "marked as maybe", "withdrawn": "took back the decision on"}


def _decided(data: dict[str, Any]) -> str:
    reason = f" ({data['exclusion_reason']})" if data.get("exclusion_reason") else ""
    change = f", after {data['old']}" if data.get("old") not in (None, "withdrawn") else ""
    seen = ", having seen the AI suggestion" if data.get("suggestion") else ""
    return f"{VERB[data['new']]} the record at {STAGE[data['stage']]}{reason}{change}{seen}"


@present("record.decided")
def _record_decided(data: dict[str, Any]) -> str:
    return _decided(data)


@present("record.adjudicated")
def _record_adjudicated(data: dict[str, Any]) -> str:
    return f"settled the conflict: {_decided(data)}"
