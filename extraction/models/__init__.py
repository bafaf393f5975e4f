"""Registers the models; import each from its own module."""

from extraction.models import (  # noqa: F401  (registration is the import's purpose)
    assignment,
    form,
    plan,
    proposal,
    rule,
    structure,
    value,
)
