"""Forms to begin with: one JSON file each in `templates/`, in the format that forms are exported in."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extraction.schema.model import FormSchema
from extraction.schema.reading import from_json

FOLDER = Path(__file__).parent / "templates"
# In the order in which they are offered, each with what it is for.
ABOUT = {
    "rct_characteristics": "What was done, in whom, by whom: design, setting, participants, arms, funding.",
    "rct_continuous": "Means and standard deviations of outcomes on a scale, with what they can be computed from.",
    "rct_dichotomous": "Events and numbers analysed for outcomes that happen or don't.",
    "rct_time_to_event": "Hazard ratios with their intervals, events and follow-up.",
    "diagnostic_accuracy": "Two-by-two tables of an index test against a reference standard.",
    "observational": "Cohort and case-control studies: exposure, comparison, adjusted estimates.",
}


@dataclass(frozen=True, slots=True)
class Template:
    key: str
    title: str
    about: str
    schema: FormSchema


@cache
def templates() -> tuple[Template, ...]:
    """All templates, in the order in which they are offered."""
    return tuple(_template(key, about) for key, about in ABOUT.items())


def _template(key: str, about: str) -> Template:
    schema = from_json(json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8")))
    return Template(key, schema.title, about, schema)
