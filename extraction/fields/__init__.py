"""Kinds of fields of a form (EXT-03): pure. What was written comes in, a typed value or a sentence goes out."""

from extraction.fields.kinds import KINDS, kind_of
from extraction.fields.parsed import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    REPORTED,
    STATE_LABELS,
    STATES,
    UNCLEAR,
    FieldError,
    Parsed,
    stated,
)
from extraction.fields.spec import FieldSpec, Option

__all__ = [
    "KINDS",
    "NOT_APPLICABLE",
    "NOT_REPORTED",
    "REPORTED",
    "STATES",
    "STATE_LABELS",
    "UNCLEAR",
    "FieldError",
    "FieldSpec",
    "Option",
    "Parsed",
    "kind_of",
    "stated",
]
