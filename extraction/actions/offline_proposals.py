"""Proposals by the offline engine: no key, no network, no language model; runs in the worker `cpu`."""

import structlog

from extraction.actions.extraction_job import Drafted, ExtractionJob, job_of, matter_of, store
from extraction.prompts.drafts import Sources, drafts
from extraction.queries.asking import texts
from extraction.reader import read
from reviewapp.ai.errors import Refused
from reviewapp.queue import enqueue
from screening.enums import ItemStatus
from screening.models.run import RunItem
from screening.running import ends
from screening.running.claims import Claim, claim, release
from screening.running.lifecycle import finish_if_done

log = structlog.get_logger(__name__)

BATCH = 4  # studies; a few seconds, so that other work of the queue gets its turn
EXTRACT_LOCALLY = "extraction.extract_locally"


def read_batch(*, run_id: int) -> int:
    """Work on the next BATCH studies of a run and ring for more; the number that were worked on."""
    waiting = RunItem.objects.filter(run_id=run_id, status=ItemStatus.WAITING).order_by("id")
    claims = claim(list(waiting.values_list("id", flat=True)[:BATCH]))
    try:
        for ours in claims:
            _work(ours)
    finally:
        release([ours.item_id for ours in claims])
    if not finish_if_done(run_id=run_id) and claims:
        enqueue(EXTRACT_LOCALLY, run_id=run_id)
    return len(claims)


def _work(ours: Claim) -> None:
    job = job_of(ours.run_id)
    ends.guarded(job=job, claim=ours, work=lambda: _propose(job, ours))


def _propose(job: ExtractionJob, ours: Claim) -> None:
    matter = matter_of(job, ours)
    if not matter.documents:
        raise Refused(f"This study has no document with text. {job.fallback}")
    pages = texts(matter.documents)
    found = read(matter.asked, pages)
    alarmed = any(document.flags for document in matter.documents)
    made = drafts(found, matter.asked, Sources(pages), alarmed=alarmed)
    drafted = Drafted(made, [[document] for document in pages])
    if not store(job=job, claim=ours, drafted=[drafted]):
        log.warning("claim_lost", item=ours.item_id, run=ours.run_id)
