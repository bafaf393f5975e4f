"""What people did with the exceptions of assistants' work."""

from typing import Any

from audit.presenters import present
from screening.enums import ExceptionKind, Stage


@present("exception.seen")
def _exception_seen(data: dict[str, Any]) -> str:
    if not data["kind"]:
        return "marked an exception of the assistants' inbox as looked at"
    kind, stage = ExceptionKind(data["kind"]).label.lower(), Stage(data["stage"]).label.lower()
    return f"marked as looked at that the assistants' inbox says of this record at {stage}: {kind}"
