"""How far an import, the search for its duplicates, or its undo is, and how long the rest takes.

Workers tell it through the cache, so that everybody's page shows it. Nothing depends on it: a lost word costs a number
on a page.
"""

from dataclasses import asdict, dataclass
from time import monotonic, time

from django.core.cache import cache
from django.utils import timezone

from screening.actions import import_undo
from screening.charts import spans
from screening.enums import ImportStatus
from screening.models.source import ImportedFile

KEPT = 600  # seconds
EVERY = 1.0  # seconds
TOO_SOON = 3.0  # seconds, before which nobody can say how long the rest takes
IMPORTING, TAKING_OUT, LOOKING = "Importing", "Taking records out", "Looking for duplicates"


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total`, in the words of `label`; a total of 0 where nobody knows how many there are.

    It was at `start` at the time `since` (seconds of the epoch; 0 where nobody has told).
    """

    label: str
    done: int = 0
    total: int = 0
    start: int = 0
    since: float = 0.0

    @property
    def left(self) -> str:
        """How long the rest takes, by the time that the part until now took; "" where that can't be said."""
        taken = time() - self.since
        if not self.since or taken < TOO_SOON or self.done <= self.start:
            return ""
        return f"about {spans.work(taken * (self.total - self.done) / (self.done - self.start))} left"


def of(file: ImportedFile) -> Progress | None:
    """What the page shows beside the status; None where the status says all. What is stored is asked of the rows."""
    if file.status not in (ImportStatus.RUNNING, ImportStatus.DEDUPLICATING, ImportStatus.UNDOING):
        return None
    told = cache.get(_key(file.pk))
    heard = Progress(**told) if told else Progress(LOOKING)
    if file.status == ImportStatus.DEDUPLICATING:
        return heard if heard.label not in (IMPORTING, TAKING_OUT) else Progress(LOOKING)
    if file.status == ImportStatus.RUNNING:
        return _counted(heard, IMPORTING, file.stored, file.found)
    return _counted(heard, TAKING_OUT, max(0, file.parsed - import_undo.still_in(file)), file.parsed)


def _counted(heard: Progress, label: str, done: int, total: int) -> Progress:
    clock = (heard.start, heard.since) if heard.label == label else (0, 0.0)
    return Progress(label, done, total, *clock)


class Teller:
    """Tells how far a worker is, at most once a second, and that it lives: an import nobody works on is begun anew."""

    def __init__(self, file_id: int) -> None:
        self._file_id = file_id
        self._last = self._since = 0.0
        self._label, self._start = "", 0

    def __call__(self, label: str, done: int, total: int) -> None:
        if label == self._label and monotonic() - self._last < EVERY:
            return
        if label != self._label:
            self._label, self._start, self._since = label, done, time()
        self._last = monotonic()
        cache.set(_key(self._file_id), asdict(Progress(label, done, total, self._start, self._since)), KEPT)
        ImportedFile.objects.filter(pk=self._file_id).update(heartbeat_at=timezone.now())


def _key(file_id: int) -> str:
    return f"import/{file_id}/progress"
