"""Registers the models; import each from its own module."""

from screening.models import (  # noqa: F401  (registration is the import's purpose)
    assistant,
    citation,
    decision,
    document,
    merge,
    note,
    protocol,
    record,
    retrieval,
    review,
    run,
    source,
    stage,
    study,
    suggestion,
)
