"""A form as JSON that people can read and compare: properties in a fixed order, what is at its default left out."""

import hashlib
import json
from dataclasses import fields as columns
from typing import Any

from extraction.fields.spec import FieldSpec
from extraction.schema.model import FormSchema, Group

ALWAYS = {"key", "label", "kind", "tier"}


def to_json(schema: FormSchema) -> dict[str, Any]:
    """JSON that `from_json` reads back as an equal schema. The same schema always gives the same JSON."""
    return {
        "title": schema.title,
        "purpose": schema.purpose,
        "instrument": schema.instrument,
        "groups": [_group(group) for group in schema.groups],
    }


def sha256(schema: FormSchema) -> str:
    """What a value was entered under, in 64 hexadecimal digits."""
    text = json.dumps(to_json(schema), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _group(group: Group) -> dict[str, Any]:
    return {
        "key": group.key,
        "label": group.label,
        "repeats": group.repeats,
        "help": group.help,
        "fields": [_field(field) for field in group.fields],
    }


def _field(field: FieldSpec) -> dict[str, Any]:
    written = {}
    for column in columns(field):
        value = getattr(field, column.name)
        if column.name in ALWAYS or value != column.default:
            written[column.name] = _plain(column.name, value)
    return written


def _plain(name: str, value: Any) -> Any:
    if name == "options":
        return [{"key": option.key, "label": option.label} for option in value]
    if name == "inputs":
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
