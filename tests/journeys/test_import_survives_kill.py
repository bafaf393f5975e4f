"""A real worker, killed with kill -9 in the middle of an import: nothing is lost, nothing comes twice."""

import time
from datetime import timedelta

from django.utils import timezone

from reviewapp.queue import enqueue
from screening.actions import imports
from screening.enums import ImportStatus
from screening.models.citation import Citation
from screening.models.record import Record
from screening.models.source import ImportedFile
from screening.models.stage import StageState
from tests import builders
from tests.citations import hand_in, some_ris

COUNT = 3_000


def until(true, seconds=90):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def test_an_import_goes_on_after_kill_minus_nine(start_worker, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "data" / "files"  # where the worker, a process of its own, looks
    review = builders.review()
    worker = start_worker(queues="cpu", concurrency=1)
    file = imports.commit(file=hand_in(review, some_ris(COUNT)), by=review.created_by)
    until(lambda: ImportedFile.objects.get().stored >= 1_000)
    worker.kill()
    left = ImportedFile.objects.get()
    assert (left.status, 1_000 <= left.stored < COUNT) == (ImportStatus.RUNNING, True)
    assert Citation.objects.count() == left.stored
    ImportedFile.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert imports.sweep() == 1  # before the next worker starts, which sweeps by itself
    start_worker(queues="cpu", concurrency=1)
    until(lambda: ImportedFile.objects.get().status == ImportStatus.DONE)
    assert list(Citation.objects.values_list("position", flat=True)) == list(range(1, COUNT + 1))
    assert Record.objects.count() == StageState.objects.count() == COUNT
    enqueue("screening.run_import", file_id=file.pk)
    time.sleep(0.5)
    assert Record.objects.count() == COUNT
