"""What differs, field by field, as text for people."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models

from audit.timeline.entry import Change
from audit.timeline.registry import Tracked

Names = Mapping[int, str]


def of_event(data: Mapping[str, Any]) -> tuple[Change, ...]:
    """An event's `old` and `new`: two mappings are compared key by key."""
    if "old" not in data and "new" not in data:
        return ()
    old, new = data.get("old"), data.get("new")
    if isinstance(old, dict) or isinstance(new, dict):
        before, after = _mapping(old), _mapping(new)
        keys = [*before, *(key for key in after if key not in before)]
        return _differing((key.replace("_", " "), as_text(before.get(key)), as_text(after.get(key))) for key in keys)
    # a first word needs no "nothing before it": the sentence says what it is
    return () if old is None else _differing([("value", as_text(old), as_text(new))])


def of_history(tracked: Tracked, row: Any, previous: Any, names: Names) -> tuple[Change, ...]:
    """A history row against the one before it: what was created stands there as new, what was deleted as old."""
    changes = []
    for field in row.tracked_fields:
        if field.primary_key:
            continue
        now = _shown(tracked, field, getattr(row, field.attname), names)
        before = _shown(tracked, field, getattr(previous, field.attname), names) if previous is not None else ""
        if row.history_type == "-":
            before, now = now, ""
        changes.append((str(field.verbose_name), before, now))
    return _differing(changes)


def people_in(tracked: Tracked, rows: Iterable[Any]) -> set[int]:
    """The users' ids that stand in these history rows."""
    found: set[int] = set()
    for row in rows:
        for name in tracked.people:
            value = getattr(row, name, None)
            found.update(value if isinstance(value, list) else [] if value is None else [value])
    return found


def as_text(value: Any) -> str:
    """A value as people read it; empty for nothing."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S UTC")
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _shown(tracked: Tracked, field: "models.Field[Any, Any]", value: Any, names: Names) -> str:
    if field.attname in tracked.people:
        ids = value if isinstance(value, list) else [] if value is None else [value]
        return ", ".join(names.get(pk, f"user {pk}" if pk > 0 else f"import {-pk}") for pk in ids)
    if field.flatchoices and value not in (None, ""):
        return str(dict(field.flatchoices).get(value, value))
    return as_text(value)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {} if value is None else {"value": value}


def _differing(changes: Iterable[tuple[str, str, str]]) -> tuple[Change, ...]:
    return tuple(Change(*change) for change in changes if change[1] != change[2])
