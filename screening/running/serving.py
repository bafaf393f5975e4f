"""Answering a doorbell: this item, then others of its run for a while. A bell that rings for nothing does no harm."""

from collections.abc import Callable
from time import monotonic

from reviewapp.queue import enqueue
from screening.models.run import Run, RunItem
from screening.running.bells import bells
from screening.running.claims import Claim, claim, claim_next, release
from screening.running.lifecycle import finish_if_done

TURN = 10.0  # seconds

Work = Callable[[Claim], None]


def make(*, item_id: int, work: Work) -> None:
    """Work on one item, if it is to be worked on now: it ends done or failed, or waits for another try."""
    for ours in claim([item_id]):
        _serve(ours, work)
        finish_if_done(run_id=ours.run_id)


def answer_bell(*, item_id: int, work: Work) -> None:
    """Work on an item, then on others of its run for TURN seconds, and ring again if there are more.

    A message costs as much as the work on an item, so one message stands for many items; turns let other runs in.
    """
    until = monotonic() + TURN
    for ours in claim([item_id]):
        _serve(ours, work)
    run_id = RunItem.objects.values_list("run_id", flat=True).get(pk=item_id)
    while following := claim_next(run_id):
        _serve(following, work)
        if monotonic() > until:
            enqueue(bells(Run.objects.get(pk=run_id)).item, item_id=item_id)
            return
    finish_if_done(run_id=run_id)


def _serve(ours: Claim, work: Work) -> None:
    try:
        work(ours)
    finally:
        release([ours.item_id])
