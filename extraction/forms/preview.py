"""A form as an extractor will see it: what a template needs of each group and field."""

from typing import Any

from extraction.derived import COMPUTE
from extraction.schema import REPEATS, FormSchema, fields


def preview(schema: FormSchema) -> list[dict[str, Any]]:
    """Groups with their fields; a derived field with its formula in letters and the names of what it is taken from."""
    labels = {key: field.label for key, field in fields(schema).items()}
    return [
        {
            "group": group,
            "repeats": REPEATS[group.repeats],
            "fields": [
                {
                    "field": field,
                    "formula": COMPUTE.get(field.formula),
                    "inputs": [(name, labels.get(key, key)) for name, key in field.inputs],
                }
                for field in group.fields
            ],
        }
        for group in schema.groups
    ]
