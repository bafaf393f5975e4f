"""A suggestion that is run again."""

from typing import Any

from audit.presenters import present


@present("suggestion.run_again")
def _run_again(data: dict[str, Any]) -> str:
    return f"had {data['assistant']} asked again about this record, in run {data['run']}"
