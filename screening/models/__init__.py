"""Registers the models; import each from its own module."""

from screening.models import (  # noqa: F401  (registration is the import's purpose)
    assistant,
    citation,
    decision,
    merge,
    note,
    protocol,
    record,
    review,
    run,
    source,
    stage,
    suggestion,
)
