"""How extraction's events read. What follows the actor's name; plain text, escaped where it is shown."""

from typing import Any

from audit.presenters import present


@present("instrument.added")
def _instrument_added(data: dict[str, Any]) -> str:
    return f"added the risk-of-bias instrument {data['name']}"
