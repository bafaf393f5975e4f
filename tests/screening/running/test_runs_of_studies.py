"""What runs have in common knows no record: items of studies are claimed, end, are swept and are rung for alike."""

from dataclasses import dataclass

import pytest

from audit.actors import Actor
from audit.models.event import Event
from screening.actions import sweeping
from screening.enums import ItemStatus, RunStatus
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.study import Study
from screening.queries.amendments.protocol import current_protocol
from screening.running import ends, lifecycle
from screening.running.bells import bells
from screening.running.claims import Claim, claim, claim_next, release
from tests import assisting, builders

pytestmark = pytest.mark.django_db
ACTOR = Actor("worker", "assistant of a test")


ASSISTANT = Actor("worker", "assistant of a test")


@dataclass(frozen=True)
class Work:
    """A job whose failures go into a list."""

    run_id: int
    review: Review
    assistant: Assistant
    failures: list[str]
    worker: Actor = ASSISTANT
    noun: str = "study"
    fallback: str = "People extract this study."

    def failed(self, claim: Claim, why: str) -> None:
        self.failures.append(f"{claim.study}: {why}")


@pytest.fixture
def job():
    review = assisting.review()
    run = Run.objects.create(
        review=review, purpose="extraction", assistant=assisting.local(review), status=RunStatus.RUNNING,
        protocol=current_protocol(review), created_by=review.created_by,
    )  # fmt: skip
    for _ in range(3):
        study = Study.objects.create(review=review, label=f"Study {next(builders.number)}")
        RunItem.objects.create(run=run, study=study)
    yield Work(run.pk, review, run.assistant, [])
    release(list(RunItem.objects.values_list("id", flat=True)))


def test_a_claim_says_which_study_it_is_of_and_that_there_is_no_record(job):
    ours = claim_next(job.run_id)
    assert (ours.record_id, ours.study) == (None, RunItem.objects.get(pk=ours.item_id).study_id)
    with pytest.raises(LookupError):
        _ = ours.record


def test_a_failure_is_told_to_the_job_and_a_run_of_failures_pauses(job, monkeypatch):
    monkeypatch.setattr(ends, "IN_A_ROW", 2)
    for _ in range(2):
        ends.fail(job=job, claim=claim_next(job.run_id), why="Nothing to read.")
    assert [line.split(": ")[1] for line in job.failures] == ["Nothing to read."] * 2
    assert Run.objects.get().status == RunStatus.PAUSED
    assert claim_next(job.run_id) is None


def test_a_fault_of_the_program_neither_keeps_the_item_nor_stops_the_worker(job):
    ends.guarded(job=job, claim=(ours := claim_next(job.run_id)), work=lambda: 1 / 0)
    item = RunItem.objects.get(pk=ours.item_id)
    assert (item.status, item.not_before is None) == (ItemStatus.WAITING, False)


def test_a_claim_that_was_lost_to_another_worker_can_not_end_the_item(job):
    (ours,) = claim([RunItem.objects.order_by("id").first().pk])
    ends.put_back(claim=ours)
    (theirs,) = claim([ours.item_id])
    assert not ends.done(claim=ours)
    assert ends.done(claim=theirs)


def test_the_sweeper_stops_and_ends_runs_over_studies_too(job):
    RunItem.objects.update(status=ItemStatus.DONE)
    sweeping.sweep()
    assert Run.objects.get().status == RunStatus.FINISHED
    finished = Event.objects.get(type="run.finished")
    assert (finished.data["purpose"], finished.data["done"]) == ("extraction", 3)


def test_each_purpose_has_bells_of_its_own(job):
    run = Run.objects.get()
    assert bells(run).item == "extraction.extract_item"
    lifecycle.pause(run=run, by=job.review.created_by)
    lifecycle.cancel(run=run, by=job.review.created_by)
    assert set(RunItem.objects.values_list("status", flat=True)) == {ItemStatus.CANCELLED}
