"""The stop switch of AI."""

from typing import Any

from audit.presenters import present


@present("ai.stopped")
def _ai_stopped(data: dict[str, Any]) -> str:
    return f"stopped AI {_where(data)}: “{data['why']}”"


@present("ai.stop_lifted")
def _ai_stop_lifted(data: dict[str, Any]) -> str:
    return f"let AI go on {_where(data)}: “{data['why']}”"


def _where(data: dict[str, Any]) -> str:
    return "everywhere on this server" if data.get("everywhere") else "in this review"
