"""The index of words while many records come or go: their words are sorted in together, which takes half the time."""

from django.contrib.postgres.indexes import GinIndex
from django.db import connection

from screening.models.record_index import RecordIndex

TOGETHER = "64MB"
"""Of words that wait. A search looks through them one by one, which takes it some 50 ms more while an import runs."""


def in_bulk() -> None:
    """For the rest of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL gin_pending_list_limit TO '{TOGETHER}'; SET LOCAL work_mem TO '{TOGETHER}'")


def tidy() -> None:
    """Sort in what waits now, so that no search looks through it and no request pays for it."""
    with connection.cursor() as cursor:
        for index in RecordIndex._meta.indexes:
            if isinstance(index, GinIndex):
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index.name])
