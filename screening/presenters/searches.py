"""What people and machines did with searches of public databases."""

from typing import Any

from audit.presenters import present


def _what(data: dict[str, Any]) -> str:
    since = data.get("since")
    return f"the search of “{data['name']}”" + (f" for what is new since {since}" if since else "")


@present("search.saved")
def _search_saved(data: dict[str, Any]) -> str:
    return f"saved a search of {data['provider']} as the source “{data['name']}”"


@present("search.changed")
def _search_changed(data: dict[str, Any]) -> str:
    changed = ", ".join(name.replace("_", " ") for name in data["new"])
    return f"changed the search of “{data['name']}” ({changed})"


@present("search.removed")
def _search_removed(data: dict[str, Any]) -> str:
    return f"removed the search of “{data['name']}”; what it fetched stays"


@present("search.asked")
def _search_asked(data: dict[str, Any]) -> str:
    return f"asked how many records there are for {_what(data)}"


@present("search.counted")
def _search_counted(data: dict[str, Any]) -> str:
    return f"counted {data['hits']} records for {_what(data)}"


@present("search.started")
def _search_started(data: dict[str, Any]) -> str:
    return f"began to fetch {_what(data)}"


@present("search.resumed")
def _search_resumed(data: dict[str, Any]) -> str:
    return f"went on with {_what(data)}"


@present("search.finished")
def _search_finished(data: dict[str, Any]) -> str:
    files = "no file" if not data["files"] else "1 file" if data["files"] == 1 else f"{data['files']} files"
    return f"fetched {data['fetched']} of {data['hits']} records for {_what(data)}: {files} to be imported"


@present("search.failed")
def _search_failed(data: dict[str, Any]) -> str:
    return f"could not finish {_what(data)}"


@present("search.cancelled")
def _search_cancelled(data: dict[str, Any]) -> str:
    return f"cancelled {_what(data)}"
