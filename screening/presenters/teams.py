"""Who screens, by which rules: team, stage rules, pilot rounds, re-screening."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field

from audit.presenters import present
from screening.enums import Stage
from screening.models.stage import StageRule

STAGE = {value: label.lower() for value, label in Stage.choices}


@present("team.changed")
def _team_changed(data: dict[str, Any]) -> str:
    if not data["new"]:
        return f"took {data['person']} off the team"
    return f"made {data['person']} {_listed(data['new'])}" + (f" (was {_listed(data['old'])})" if data["old"] else "")


@present("reviewer.suspended")
def _suspended(data: dict[str, Any]) -> str:
    return f"suspended {data['person']} from screening"


@present("reviewer.resumed")
def _resumed(data: dict[str, Any]) -> str:
    return f"let {data['person']} screen again"


@present("reviewer.seniority")
def _seniority(data: dict[str, Any]) -> str:
    if data["new"]["senior"]:
        return f"made {data['person']} a senior reviewer"
    return f"made {data['person']} a reviewer who is not senior any more"


@present("reviewer.share")
def _share(data: dict[str, Any]) -> str:
    return f"set the share of {data['person']} to {data['new']['share']} % (was {data['old']['share']} %)"


@present("reviewer.took_over")
def _took_over(data: dict[str, Any]) -> str:
    standing = "a senior reviewer" if data["new"]["senior"] else "a reviewer"
    return f"made {data['person']} {standing} with a share of {data['new']['share']} %"


@present("reviewer.replaced")
def _replaced(data: dict[str, Any]) -> str:
    return f"put {data['new']} in the place of {data['person']} as a reviewer"


@present("stage.changed")
def _stage_changed(data: dict[str, Any]) -> str:
    named = [f"{_field(name)}: {_value(name, value, data)}" for name, value in data["new"].items()]
    later = "; a worker brings its records in line" if data.get("later") else ""
    return f"changed the rules of the stage {STAGE[data['stage']]} ({'; '.join(named)}){later}"


@present("stage.applied")
def _stage_applied(data: dict[str, Any]) -> str:
    return f"brought the {data['records']} records at {STAGE[data['stage']]} in line with the rules of the stage"


def _field(name: str) -> str:
    return str(_rule_field(name).verbose_name).lower()


def _value(name: str, value: object, data: dict[str, Any]) -> str:
    if name == "adjudicators":
        return _listed(data["people"]) if data["people"] else "every adjudicator"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(dict(_rule_field(name).flatchoices).get(value, value)).lower()


def _rule_field(name: str) -> "Field[Any, Any]":
    """A field of a rule by name; ledgers of older versions name the same ones."""
    return next(field for field in StageRule._meta.fields if field.name == name)


@present("pilot.started")
def _pilot_started(data: dict[str, Any]) -> str:
    people = _listed(data["people"])
    return f"started pilot round {data['number']} at {STAGE[data['stage']]}: {data['records']} records for {people}"


@present("pilot.closed")
def _pilot_closed(data: dict[str, Any]) -> str:
    return f"closed pilot round {data['number']} at {STAGE[data['stage']]}"


@present("rescreening.begun")
def _rescreening_begun(data: dict[str, Any]) -> str:
    where = f"at {STAGE[data['stage']]} under protocol version {data['number']}"
    return f"had {data['records']} records screened anew {where}"


@present("rescreening.taken_back")
def _rescreening_taken_back(data: dict[str, Any]) -> str:
    where = f"at {STAGE[data['stage']]} under protocol version {data['number']}"
    return f"took back that {data['records']} records be screened anew {where}; nobody had decided on these again"


@present("rescreening.done")
def _rescreening_done(data: dict[str, Any]) -> str:
    return f"finished giving or taking back {data['records']} records at {STAGE[data['stage']]} for a re-screening"


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
