"""How screening's events read. What follows the actor's name; plain text, escaped where it is shown."""

from collections.abc import Iterable
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


@present("review.started")
def _review_started(data: dict[str, Any]) -> str:
    return f"started the review “{data['title']}”"


@present("review.changed")
def _review_changed(data: dict[str, Any]) -> str:
    return f"changed the review's {_listed(name.replace('_', ' ') for name in data['new'])}"


@present("team.changed")
def _team_changed(data: dict[str, Any]) -> str:
    if not data["new"]:
        return f"took {data['person']} off the team"
    return f"made {data['person']} {_listed(data['new'])}" + (f" (was {_listed(data['old'])})" if data["old"] else "")


@present("stage.changed")
def _stage_changed(data: dict[str, Any]) -> str:
    return f"changed the rules of the stage {STAGE[data['stage']]}"


@present("reasons.changed")
def _reasons_changed(data: dict[str, Any]) -> str:
    return f"changed the exclusion reasons at {STAGE[data['stage']]}"


@present("protocol.written")
def _protocol_written(data: dict[str, Any]) -> str:
    return f"wrote the protocol with {len(data['criteria'])} criteria"


@present("protocol.amended")
def _protocol_amended(data: dict[str, Any]) -> str:
    return f"amended the protocol (version {data['number']})"


def _listed(words: Iterable[str]) -> str:
    """a, b and c."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


@present("conflict.opened")
def _conflict_opened(data: dict[str, Any]) -> str:
    return f"opened the opinions in conflict at {STAGE[data['stage']]}"
