"""The WHO's International Clinical Trials Registry Platform, "export results to XML": registered trials as citations.

A trial has no authors; its primary sponsor stands for them, and its registry for a journal. What a reviewer would look
for in an abstract stands in separate elements, each with its label here.
"""

from __future__ import annotations

import re

from lxml import etree

from . import clean
from .accessions import Accession, by_shape, in_url
from .draft import Draft
from .xml_tree import every, one

_MARKUP = re.compile(r"<\s*/?\s*(?:br|p|li|ul|div|b|i|strong|span)\b[^<>]{0,200}>", re.IGNORECASE)
_EMPTY = frozenset(("", "n/a", "na", "none", "not applicable", "null"))
_SECTIONS = (
    ("Condition", "Condition"),
    ("Intervention", "Intervention"),
    ("Study type", "Study_type"),
    ("Study design", "Study_design"),
    ("Phase", "Phase"),
    ("Inclusion criteria", "Inclusion_Criteria"),
    ("Exclusion criteria", "Exclusion_Criteria"),
    ("Age from", "Inclusion_agemin"),
    ("Age to", "Inclusion_agemax"),
    ("Sex", "Inclusion_gender"),
    ("Sample size", "Target_size"),
    ("Primary outcome", "Primary_outcome"),
    ("Secondary outcome", "Secondary_outcome"),
    ("Countries", "Countries"),
    ("Recruitment status", "Recruitment_Status"),
)


def draft(root: etree._Element) -> Draft:
    """The fields of a Trial."""
    public, scientific = one(root, "Public_title"), one(root, "Scientific_title")
    sections = [("Scientific title", scientific)] if _folded(scientific) not in ("", _folded(public)) else []
    sections = (sections if public else []) + [(label, one(root, name)) for label, name in _SECTIONS]
    lines = [(label, clean.text(_MARKUP.sub(" ", value))) for label, value in sections]
    # registries repeat the label at the beginning of the text
    lines = [(label, line.removeprefix(f"{label}:").strip()) for label, line in lines]
    return Draft(
        title=_MARKUP.sub(" ", public or scientific),
        authors=every(root, "Primary_sponsor"),
        year=one(root, "Date_registration3", "Date_registration", "Date_enrollement"),
        journal=one(root, "Source_Register"),
        abstract="\n".join(f"{label}: {line}" for label, line in lines if line.lower() not in _EMPTY),
        url=one(root, "web_address", "url"),
        type="Trial registration",
        keywords=[word for words in every(root, "Condition") for word in re.split(r"[;\r\n]|<br\s*/?>", words)],
        accessions=_accessions(root),
    )


def _folded(title: str) -> str:
    return clean.text(title).casefold().strip(" .")


def _accessions(root: etree._Element) -> list[Accession]:
    numbers = [clean.text(number) for number in every(root, "TrialID", "Secondary_ID", "SecondaryIDs")]
    found = [by_shape(number) or ("trial", number) for number in numbers[:1]]
    found += [pair for number in numbers[1:] for part in re.split(r"[;,\s]+", number) if (pair := by_shape(part))]
    return found + in_url(one(root, "web_address"))
