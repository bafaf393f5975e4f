"""How far the search for duplicates of an import is, and how many records an undo has still to take out.

Told by the worker through the cache, so that everybody's page shows it. Nothing depends on it: a lost word costs a
number on a page.
"""

from dataclasses import asdict, dataclass
from time import monotonic

from django.core.cache import cache
from django.utils import timezone

from screening.actions import import_undo
from screening.enums import ImportStatus
from screening.models.source import ImportedFile

KEPT = 120  # seconds
EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total`, in the words of `label`; a total of 0 where nobody knows how many there are."""

    label: str
    done: int = 0
    total: int = 0


def of(file: ImportedFile) -> Progress | None:
    """What the page shows beside the status; None where the status says all."""
    if file.status == ImportStatus.UNDOING:
        left = import_undo.still_in(file)
        return Progress("Taking records out", max(0, file.parsed - left), file.parsed)
    if file.status != ImportStatus.DEDUPLICATING:
        return None
    told = cache.get(_key(file.pk))
    return Progress(**told) if told else Progress("Looking for duplicates")


class Teller:
    """Tells how far a worker is, at most once a second, and that it lives: an import nobody works on is begun anew."""

    def __init__(self, file_id: int) -> None:
        self._file_id = file_id
        self._last = 0.0
        self._label = ""

    def __call__(self, label: str, done: int, total: int) -> None:
        if label == self._label and monotonic() - self._last < EVERY:
            return
        self._label, self._last = label, monotonic()
        cache.set(_key(self._file_id), asdict(Progress(label, done, total)), KEPT)
        ImportedFile.objects.filter(pk=self._file_id).update(heartbeat_at=timezone.now())


def _key(file_id: int) -> str:
    return f"import/{file_id}/duplicates"
