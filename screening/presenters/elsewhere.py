"""How the bringing in of decisions that were made elsewhere reads (IMP-06)."""

from typing import Any

from audit.presenters import present
from screening.enums import Stage

STAGE = {value: label.lower() for value, label in Stage.choices}


@present("record.decided_elsewhere")
def _decided_elsewhere(data: dict[str, Any]) -> str:
    at, source = STAGE[data["stage"]], f"“{data['file']}”"
    if data["new"] == "withdrawn":
        return f"took back the imported decision “{data['old']}” at {at}, which {source} brought"
    reason = f" ({data['exclusion_reason']})" if data.get("exclusion_reason") else ""
    return f"brought in the decision “{data['new']}” at {at}{reason}, made elsewhere, from {source}"


@present("decisions.import_begun")
def _begun(data: dict[str, Any]) -> str:
    return f"looked for decisions made elsewhere in “{data['name']}”"


@present("decisions.chosen")
def _chosen(data: dict[str, Any]) -> str:
    place, at = data["new"]["place"], STAGE[data["new"]["stage"]]
    where = "the whole file" if place == "*" else f"“{place}”"
    return f"chose how decisions are read out of “{data['name']}”: from {where}, at {at}"


@present("decisions.import_started")
def _started(data: dict[str, Any]) -> str:
    verb = "went on with bringing in" if data["again"] else "started to bring in"
    return f"{verb} decisions on {data['records']} records from “{data['name']}”, at {STAGE[data['new']['stage']]}"


@present("decisions.brought_in")
def _brought_in(data: dict[str, Any]) -> str:
    return f"brought in {data['records']} decisions made elsewhere at {STAGE[data['stage']]}, from “{data['name']}”"


@present("decisions.import_failed")
def _failed(data: dict[str, Any]) -> str:
    return f"could not finish the decisions from “{data['name']}”; {data['stored']} are stored"


@present("decisions.returning")
def _returning(data: dict[str, Any]) -> str:
    return f"had the decisions from “{data['name']}” taken back"


@present("decisions.taken_back")
def _taken_back(data: dict[str, Any]) -> str:
    return f"took back {data['records']} imported decisions at {STAGE[data['stage']]}, from “{data['name']}”"


@present("decisions.discarded")
def _discarded(data: dict[str, Any]) -> str:
    return f"left the decisions in “{data['name']}” alone"
