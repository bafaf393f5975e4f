"""What a file says of itself: of which review and form it is, as it stood when, and what of it came by an assistant."""

from django.utils import timezone

from extraction.export.cells import utc
from extraction.fields import KINDS
from extraction.queries.cells_shown import STATES
from extraction.queries.table import Table
from extraction.schema import REPEATS, TIERS

FIELDS = (
    "key",
    "label",
    "group",
    "asked",
    "kind",
    "unit",
    "other_units",
    "options",
    "tier",
    "formula",
    "help",
    "kept_from",
)


def statement(table: Table) -> str:
    """What a reader must know of AI in these numbers."""
    settled = "Values are what people entered, confirmed or agreed on; no assistant enters one. "
    seen = "Where an assistant had proposed the value that a person took, the provenance names it. "
    if table.wanted.proposals:
        return f"{settled}{seen}Proposals that nobody has confirmed are in this file, marked “AI, unconfirmed”."
    return f"{settled}{seen}Proposals that nobody has confirmed are left out."


def about(table: Table, counts: dict[str, int]) -> dict[str, str | int]:
    """Title to content; `counts`: state of a cell to how many there are."""
    version = table.version
    chosen = len(table.columns) < len(table.every) or bool(table.filters)
    return {
        "Review": version.form.review.title,
        "Form": version.form.name,
        "Form version": version.number,
        "Form sha256": version.sha256,
        "Made at (UTC)": utc(timezone.now()),
        "Holds": "Some of the columns or studies, as they were chosen" if chosen else "All studies and all fields",
        "Studies": len({place.study.pk for place in table.places()}),
        "Fields": len(table.columns),
        **{f"Cells: {STATES[state].lower()}": number for state, number in counts.items()},
        "AI": statement(table),
    }


def dictionary(table: Table) -> list[list[object]]:
    """A heading, and what is asked in each field."""
    rows: list[list[object]] = [list(FIELDS)]
    for column in table.columns:
        field = column.field
        rows.append(
            [
                field.key, field.label, column.group, REPEATS[column.repeats], KINDS[field.kind].label,
                field.all_units[0] if field.all_units else "", "; ".join(field.all_units[1:]),
                "; ".join(f"{option.key} = {option.label}" for option in field.options), TIERS[field.tier],
                field.formula, field.help, f"version {column.version}" if column.version else "",
            ]
        )  # fmt: skip
    return rows
