"""Registers the models; import each from its own module."""

from screening.models import (  # noqa: F401  (registration is the import's purpose)
    assistant,
    citation,
    decision,
    document,
    judgement,
    merge,
    note,
    pilot,
    protocol,
    record,
    rescreening,
    retrieval,
    review,
    reviewer,
    run,
    source,
    stage,
    study,
    suggestion,
)
