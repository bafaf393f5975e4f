"""What people do about the records that models are shown as examples."""

from typing import Any

from audit.presenters import present
from screening.enums import Stage


@present("records.held_out")
def _records_held_out(data: dict[str, Any]) -> str:
    count, stage = len(data["records"]), Stage(data["stage"]).label.lower()
    return f"held {count} record{'s' if count != 1 else ''} out at {stage}: no model is shown them as examples"


@present("records.released")
def _records_released(data: dict[str, Any]) -> str:
    count, stage = len(data["records"]), Stage(data["stage"]).label.lower()
    return f"released {count} record{'s' if count != 1 else ''} of the test set “{data['test_set']}” at {stage}"
