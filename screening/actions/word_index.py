"""The index of words while many records come or go: their words are sorted in together, which takes half the time.

Of a large import they are sorted in beside it, by a thread with a connection of its own: PostgreSQL takes longer to cut
an abstract into words than to store everything else of its record. Until then a record is there, and not found.
"""

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, transaction

from screening.models.record_index import RecordIndex
from screening.models.source import ImportedFile

TOGETHER = "64MB"
"""Of words that wait. A search looks through them one by one, which takes it some 50 ms more while an import runs."""
LARGE = 5_000
"""Entries of a file, from which on its words are sorted in beside it."""


def in_bulk() -> None:
    """For the rest of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL gin_pending_list_limit TO '{TOGETHER}'; SET LOCAL work_mem TO '{TOGETHER}'")


def later() -> None:
    """For the rest of this transaction no words are sorted in: its import owes them (`complete`)."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL screening.words TO 'later'")


def complete(file: ImportedFile) -> None:
    """Sort in the words of all of the file's records that lack them."""
    _sort_in(file.pk, 0, file.found)


def tidy() -> None:
    """Sort in what waits now, so that no search looks through it and no request pays for it."""
    with connection.cursor() as cursor:
        for index in RecordIndex._meta.indexes:
            if isinstance(index, GinIndex):
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index.name])


class Beside:
    """Sorts words in while an import goes on. What it does not manage is left to `complete`."""

    def __init__(self, file: ImportedFile) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sorts-words-in") if file.found >= LARGE else None

    def __enter__(self) -> Self:
        return self

    def hold(self) -> None:
        """The records of this transaction get their words here, if the file is large enough to be worth it."""
        if self._thread:
            later()
        else:
            in_bulk()

    def stored(self, after: int, upto: int) -> None:
        """Entries `after` (not that one) to `upto` are stored, and committed."""
        if self._thread:
            self._thread.submit(_beside, self._file.pk, after, upto)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Wait until all words are in; after an error what still waits is left."""
        if self._thread:
            self._thread.shutdown(cancel_futures=kind is not None)


def _beside(file_id: int, after: int, upto: int) -> None:
    try:
        _sort_in(file_id, after, upto)
    finally:
        connection.close()  # the thread's own


@transaction.atomic
def _sort_in(file_id: int, after: int, upto: int) -> None:
    in_bulk()
    with connection.cursor() as cursor:
        cursor.execute("SELECT screening_index_import(%s, %s, %s)", [file_id, after, upto])
