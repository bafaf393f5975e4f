"""What a form asks: pure. JSON comes in, a frozen schema or sentences for every fault go out (EXT-03)."""

from extraction.fields.spec import FieldSpec, Option
from extraction.schema.catalogue import Template, templates
from extraction.schema.difference import Change, Difference, difference
from extraction.schema.faults import Fault, SchemaError
from extraction.schema.model import PURPOSES, REPEATS, TIERS, FormSchema, Group, fields, group_of
from extraction.schema.reading import check, from_json
from extraction.schema.slugs import slug
from extraction.schema.writing import sha256, to_json

__all__ = [
    "PURPOSES",
    "REPEATS",
    "TIERS",
    "Change",
    "Difference",
    "Fault",
    "FieldSpec",
    "FormSchema",
    "Group",
    "Option",
    "SchemaError",
    "Template",
    "check",
    "difference",
    "fields",
    "from_json",
    "group_of",
    "sha256",
    "slug",
    "templates",
    "to_json",
]
