"""What people do from a list of records."""

from typing import Any

from audit.presenters import present
from screening.enums import Stage

STAGE = {value: label.lower() for value, label in Stage.choices}


@present("bulk.decided")
def _bulk_decided(data: dict[str, Any]) -> str:
    left = f"; {data['left_out']} of the selection were left out" if data["left_out"] else ""
    return f"decided on {_records(data)} together at {STAGE[data['stage']]}{left}"


@present("bulk.taken_back")
def _bulk_taken_back(data: dict[str, Any]) -> str:
    return f"took back {_records(data)} of those decided on together at {STAGE[data['stage']]}"


def _records(data: dict[str, Any]) -> str:
    return f"{data['records']} record{'s' if data['records'] != 1 else ''}"
