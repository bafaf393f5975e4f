"""What all items of an extraction run share, and the two ways in which the work on a study ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import transaction

from audit import actors, events
from extraction.models.form import FormVersion
from extraction.models.plan import ExtractionPlan
from extraction.models.proposal import Proposal
from extraction.prompts.drafts import Draft
from extraction.queries.asking import Matter, matters
from screening.enums import Engine, FailureKind, ItemStatus
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.study import Study
from screening.running import ends, lines
from screening.running.claims import Claim


@dataclass(frozen=True, slots=True)
class ExtractionJob:
    """Nothing in it ever changes, so a process reads it once. Fits `screening.running.job.Job`."""

    run_id: int
    review: Review
    assistant: Assistant
    version: FormVersion
    question: str
    fields: tuple[str, ...] = ()
    noun: str = "study"
    fallback: str = "People extract this study by hand."

    @property
    def worker(self) -> actors.Actor:
        return actors.worker(f"assistant {self.assistant}")

    def failed(self, claim: Claim, why: str) -> None:
        """Say in the ledger that there are no proposals; the item stays in every count (AI-06)."""
        note("study.not_proposed", self, claim, why=why)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What one call, or the offline engine, proposes: what it was shown, and who answered."""

    drafts: Sequence[Draft]
    seen: list[list[int]]
    answered_by: str = ""
    call_id: int | None = None


@lru_cache(maxsize=32)
def job_of(run_id: int) -> ExtractionJob:
    """Immutable rows, read once per process."""
    plan = ExtractionPlan.objects.select_related("run__review", "run__assistant", "run__protocol", "form_version__form")
    found = plan.get(run_id=run_id)
    run: Run = found.run
    return ExtractionJob(
        run_id=run_id,
        review=run.review,
        assistant=run.assistant,
        version=found.form_version,
        question=run.protocol.question,
        fields=tuple(found.fields),
    )


def matter_of(job: ExtractionJob, claim: Claim) -> Matter:
    """The study in hand, as it stands now: arms, outcomes, documents and permissions may have changed since."""
    study = Study.objects.get(pk=claim.study)
    sent = job.assistant.engine == Engine.LLM
    [matter] = matters(job.version, [study], sent=sent, only=job.fields)
    return matter


@transaction.atomic
def store(
    *,
    job: ExtractionJob,
    claim: Claim,
    drafted: Sequence[Drafted],
    unanswered: int = 0,
    failure: str = "",
    kind: FailureKind = FailureKind.FAULT,
) -> bool:
    """Proposals, event and the item's end in one transaction; False if the claim is no longer ours.

    `unanswered`: cells of which nothing was said, though asked. `failure`: what could not be had, of this `kind`: the
    item ends failed then, and what was had is kept all the same.
    """
    if not (_is_ours(claim) if failure else ends.done(claim=claim)):
        return False
    made = Proposal.objects.bulk_create(_rows(job, claim, drafted))
    offered = sum(1 for proposal in made if proposal.cell)
    counts = {"proposals": len(made), "offered": offered, "flagged": sum(bool(one.flags) for one in made)}
    note("study.proposed", job, claim, **counts, unanswered=unanswered)
    if failure:
        ends.fail(job=job, claim=claim, why=failure, kind=kind)
    else:
        ends.went_well(job)
    return True


def _is_ours(claim: Claim) -> bool:
    ours = RunItem.objects.select_for_update().filter(pk=claim.item_id, status=ItemStatus.CLAIMED)
    return ours.filter(attempts=claim.attempts).exists()


def note(event_type: str, job: ExtractionJob, claim: Claim, **data: Any) -> None:
    """An event of a study. No value in it: who may read it has perhaps not extracted yet (EXT-05)."""
    events.record(
        event_type,
        subject=Study(pk=claim.study),
        by=job.worker,
        review_id=job.review.pk,
        run=claim.run_id,
        assistant=str(job.assistant),
        form=str(job.version),
        **data,
    )


def _rows(job: ExtractionJob, claim: Claim, drafted: Sequence[Drafted]) -> list[Proposal]:
    """What is not stored yet: an item that is tried again keeps what it had from the calls that were good."""
    before = Proposal.objects.filter(item_id=claim.item_id)
    calls, cells = set(before.values_list("call_id", flat=True)), set(before.values_list("cell", flat=True))
    fell = lines.told(job.assistant, claim).get("fallback", {})
    return [
        _row(job, claim, one, draft, fell)
        for one in drafted
        for draft in one.drafts
        if (draft.cell not in cells if draft.cell else one.call_id not in calls)
    ]


def _row(job: ExtractionJob, claim: Claim, one: Drafted, draft: Draft, fallback: dict[str, Any]) -> Proposal:
    return Proposal(
        study_id=claim.study,
        item_id=claim.item_id,
        assistant=job.assistant,
        form_version=job.version,
        cell=draft.cell,
        field_key=draft.field_key,
        arm_id=draft.arm,
        measure_id=draft.measure,
        state=draft.state,
        value=draft.value,
        unit=draft.unit,
        quote=draft.quote.replace("\x00", ""),
        document_id=draft.document or None,
        page=draft.page or None,
        places=draft.places,
        quote_found=draft.quote_found,
        number_found=draft.number_found,
        rationale=draft.rationale.replace("\x00", ""),
        flags=[*draft.flags, *(["by_fallback"] if fallback else [])],
        seen=one.seen,
        answered_by=one.answered_by[:200],
        fallback=fallback,
        call_id=one.call_id,
    )
