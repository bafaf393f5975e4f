"""How extraction's events read. What follows the actor's name; plain text, escaped where it is shown."""

from typing import Any

from audit.presenters import present


@present("instrument.added")
def _instrument_added(data: dict[str, Any]) -> str:
    return f"added the risk-of-bias instrument {data['name']}"


@present("form.created")
def _form_created(data: dict[str, Any]) -> str:
    return f"made the form {data['name']} with {data['fields']} fields"


@present("form.drafted")
def _form_drafted(data: dict[str, Any]) -> str:
    return f"changed the draft of {data['name']}: {data['what']}"


@present("form.renamed")
def _form_renamed(data: dict[str, Any]) -> str:
    return f"renamed the form {data['old']} to {data['name']}"


@present("form.published")
def _form_published(data: dict[str, Any]) -> str:
    return f"published version {data['number']} of the form {data['name']}"


@present("form.retired")
def _form_retired(data: dict[str, Any]) -> str:
    return f"retired the form {data['name']}; its values stay"


@present("form.resumed")
def _form_resumed(data: dict[str, Any]) -> str:
    return f"took up the form {data['name']} again"
