"""What people did with the models that can be called."""

from typing import Any

from audit.presenters import present


@present("model.drafted")
def _drafted(data: dict[str, Any]) -> str:
    return f"noted the model “{data['name']}”, which the environment offers, to be approved"


@present("model.approved")
def _approved(data: dict[str, Any]) -> str:
    return f"approved the model “{data['name']}” ({data['model']}): it can be called"


@present("model.test_asked")
def _test_asked(data: dict[str, Any]) -> str:
    return f"asked to try the model “{data['name']}” ({data['model']})"


@present("model.tested")
def _tested(data: dict[str, Any]) -> str:
    if not data["works"]:
        return f"tried the model “{data['name']}”: no reply. {data['said']}"
    who = data["answered_by"] or "it"
    return f"tried the model “{data['name']}”: {who} replied “{data['said']}” (call {data['call']})"


@present("model.withdrawn")
def _withdrawn(data: dict[str, Any]) -> str:
    return f"withdrew the approval of the model “{data['name']}” ({data['model']}): it can't be called"
