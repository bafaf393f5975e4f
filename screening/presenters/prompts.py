"""What people do with prompts."""

from typing import Any

from audit.presenters import present


@present("prompt.saved")
def _prompt_saved(data: dict[str, Any]) -> str:
    note = f": {data['note']}" if data["note"] else ""
    return f"saved the prompt {data['prompt']}{note}"


@present("prompt.tried")
def _prompt_tried(data: dict[str, Any]) -> str:
    count = data["records"]
    return f"tried the prompt {data['prompt']} on {count} record{'s' if count != 1 else ''} with {data['assistant']}"


@present("prompt.published")
def _prompt_published(data: dict[str, Any]) -> str:
    count = data["tried_on"]
    tried = f"after a trial on {count} record{'s' if count != 1 else ''}" if count else "without a trial"
    return f"published the prompt {data['prompt']} {tried}"
