"""What the extraction screen is told of its cells: the same for the page and for the answers of its API."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html_join

from extraction.bias import Judgement
from extraction.enums import CellState, Manner, OverrideReason, ValueState
from extraction.fields import FieldError, FieldSpec, kind_of
from extraction.models.proposal import Proposal
from extraction.models.value import Value
from extraction.policies import parsed
from extraction.prompts.flags import FLAGS
from extraction.queries.grid import Place, places
from extraction.queries.proposals import stands
from extraction.queries.sheets import Entry, Sheet

STATES = {
    CellState.EMPTY: ("circle-dashed", "Empty"),
    CellState.SUGGESTED: ("sparkles", "AI suggests"),
    CellState.ACCEPTED: ("check", "Accepted"),
    CellState.EDITED: ("pencil", "Entered"),
    CellState.PARTIAL: ("hourglass", "Waiting for the other extractor"),
    CellState.VERIFIED: ("checks", "Verified"),
    CellState.CONFLICT: ("arrows-split", "In conflict"),
}
STATED = [(state.value, state.label) for state in ValueState if state not in ("reported", "withdrawn")]
# built once: a screen shows it dozens of times
REASONS = format_html_join(
    "",
    '<option value="{}">{} {}</option>',
    ((code, n, label) for n, (code, label) in enumerate(OverrideReason.choices, 1)),
)
Json = dict[str, Any]


def sheet_shown(sheet: Sheet) -> list[Json]:
    """The groups of the form with their places and cells, for the template."""
    return [
        {
            "group": group,
            "places": [
                {"place": place, "cells": [cell_shown(sheet, key) for key in _keys(place)]}
                for place in places(group, sheet.arms, sheet.measures)
            ],
        }
        for group in sheet.schema.groups
    ]


def cell_shown(sheet: Sheet, key: str) -> Json:
    """One cell: its field, the own word, and what may be seen beside it."""
    entry = sheet.entries[key]
    spec, said = entry.cell.spec, entry.said
    icon, word = STATES[entry.state]
    judgement = sheet.asking.judgements.get(key)
    return {
        "key": key,
        "dom": key.replace("@", "-"),
        "field": spec.key,
        "arm": str(entry.cell.place.ids[0] or ""),  # text: numbers are formatted one by one, which takes long
        "measure": str(entry.cell.place.ids[1] or ""),
        "spec": spec,
        "place": entry.cell.place.name,
        "state": entry.state.value,
        "icon": icon,
        "word": "Edited" if said and said.manner == Manner.EDITED else word,
        "text": _typed(spec, said),
        "unit": said.unit if said else "",
        "chosen": _chosen(spec, said),
        "kept": _kept(spec, said),
        "stated": said.get_state_display() if said and said.state != ValueState.REPORTED else "",
        "quote": _quote(said),
        "override": said.get_override_display() if said else "",
        "proposal": _proposal(entry, spec),
        "blind": entry.hidden,
        "doubts": sheet.doubts.get(key, []),
        "computed": sheet.derived.get(key),
        "judgement": _judgement(spec, judgement, said, reasonless=key in sheet.asking.reasonless),
        "folded": key in sheet.asking.folded,
    }


def sides(sheet: Sheet, keys: Iterable[str]) -> dict[str, Json]:
    """Cell to its state, its own word and the markup beside its control: what a script puts in place after a save."""
    found = {}
    for key in keys:
        shown = cell_shown(sheet, key)
        context = {"cell": shown, "writable": sheet.writable, **furniture()}
        found[key] = {
            "state": shown["state"],
            "text": shown["text"],
            "chosen": shown["chosen"],
            "unit": shown["unit"],
            "stated": shown["stated"],
            "folded": shown["folded"],
            "html": render_to_string("extraction/_cell_side.html", context),
        }
    return found


def around(sheet: Sheet, key: str) -> list[str]:
    """The cells that a new word in one of them can change: itself, what is computed, and its risk-of-bias form."""
    ids = sheet.entries[key].cell.place.ids if key in sheet.entries else None
    near = [other for other, entry in sheet.entries.items() if entry.cell.place.ids == ids]
    return list(dict.fromkeys([key, *sheet.derived, *(near if sheet.asking.judgements else [])]))


def furniture() -> Json:
    """What every cell's markup needs."""
    return {"sprite": static("vendor/tabler/icons.svg"), "reasons": REASONS, "states": STATED}


def shown_value(spec: FieldSpec | None, state: str, value: object, unit: str) -> str:
    """A stored value as people read it, even where the form has changed since."""
    said = parsed(state, value, unit)
    if said is None:
        return ""
    if spec is None:
        return f"{said.value or ValueState(said.state).label} {said.unit}".strip()
    try:
        return kind_of(spec).show(said)
    except (FieldError, ArithmeticError, TypeError):
        return f"{said.value} {said.unit}".strip()


def _keys(place: Place) -> list[str]:
    return [place.cell(spec.key) for spec in place.group.fields]


def _typed(spec: FieldSpec, said: Value | None) -> str:
    if said is None or said.state != ValueState.REPORTED:
        return ""
    if spec.kind == "number":
        return str(said.value)
    return shown_value(spec, said.state, said.value, said.unit)


def _chosen(spec: FieldSpec, said: Value | None) -> object:
    """The key of the option, or the list of keys; nothing of a value that was entered when the field was no list."""
    if said is None or said.value is None:
        return ""
    return said.value if isinstance(said.value, list) == (spec.kind == "multi_choice") else ""


def _kept(spec: FieldSpec, said: Value | None) -> Json | None:
    """A value that an older version of the form took and this one would not: it stands, and is shown as it is."""
    if said is None or (stored := parsed(said.state, said.value, said.unit)) is None:
        return None
    try:
        kind_of(spec).validate(stored)
    except FieldError as error:
        words = "; ".join(said.value) if isinstance(said.value, list) else str(said.value)
        return {"version": said.form_version.number, "text": f"{words} {said.unit}".strip(), "why": str(error)}
    return None


def _quote(said: Value | None) -> Json | None:
    if said is None or not said.quote:
        return None
    return {
        "text": said.quote,
        "document": str(said.document_id or ""),
        "page": str(said.page or ""),
        "parts": str(said.places),
    }


def _proposal(entry: Entry, spec: FieldSpec) -> Json | None:
    proposal = entry.proposal
    if proposal is None:
        return None
    said = entry.said
    offered = shown_value(spec, proposal.state, proposal.value, proposal.unit)
    return {
        "id": str(proposal.pk),
        "shown": offered,
        "quote": proposal.quote,
        "document": str(proposal.document_id or ""),
        "page": str(proposal.page or ""),
        "parts": str(proposal.places),
        "found": proposal.quote_found,
        "warning": warning(proposal),
        "rationale": proposal.rationale,
        "by": proposal.said_by,
        "read": proposal.read,
        "at": proposal.created_at,
        "rejected": OverrideReason(entry.rejected).label if entry.rejected else "",
        "taken": said is not None and said.citing_id == proposal.pk,
        "same": said is not None and shown_value(spec, said.state, said.value, said.unit) == offered,
        "usable": "not_readable" not in proposal.flags,
    }


def warning(proposal: Proposal) -> str:
    """What must be looked at before it is accepted; "" where nothing is."""
    said = list(proposal.doubts)
    if proposal.state == ValueState.NOT_REPORTED:
        said.append("Needs your own look: the assistant did not find it.")
    elif proposal.state == ValueState.REPORTED and not said and not stands(proposal):
        said.append(FLAGS["number_not_in_quote" if proposal.quote_found else "quote_not_found"])
    return " ".join(said)


def _judgement(spec: FieldSpec, judgement: Judgement | None, said: Value | None, *, reasonless: bool) -> Json | None:
    if judgement is None:
        return None
    option = spec.option(judgement.code)
    own = said.value if said else ""
    return {
        "code": judgement.code,
        "label": option.label if option else judgement.code,
        "why": judgement.why,
        "confirmed": bool(own) and own == judgement.code,
        "departs": bool(own and judgement.code) and own != judgement.code,
        "reasonless": reasonless,
    }


def progress(sheet: Sheet) -> Mapping[str, int]:
    """How many of the cells that are asked have a word."""
    return {"filled": sheet.filled, "of": len(sheet.counted)}
