"""A worker is killed with kill -9 in the midst of a run over studies: the run ends, and nothing is proposed twice."""

from collections import Counter

import pytest

from audit.models.model_call import ModelCall, ModelOutcome
from extraction.actions import extraction_runs
from extraction.models.proposal import Proposal
from reviewapp.queue import enqueue
from screening.actions import sweeping
from screening.enums import ItemStatus, RunStatus
from screening.models.run import Run, RunItem
from screening.queries.assistants.runs import spent
from screening.running import bells, claims
from tests import assisting
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.extraction.proposals.conftest import trial, version
from tests.extraction.proposals.test_llm import LONG
from tests.screening.suggestions.test_killed_worker import until

STUDIES, CALLS, CELLS = 6, 3, 60


@pytest.mark.django_db(transaction=True)
def test_after_kill_9_every_study_is_proposed_once_and_no_reply_is_paid_for_twice(start_worker, model_server):  # noqa: F811
    review = assisting.review()
    form = version(review, LONG)
    studies = [trial(review) for _ in range(STUDIES)]
    assistant = assisting.llm(review, model_server, "extractor")
    model_server.stats.hold_after = 6
    worker = start_worker(concurrency=3, env={"LLM_CALLS_IN_FLIGHT": "3"})
    run = extraction_runs.start(
        review=review, form_version=form, assistant=assistant, by=review.created_by, studies=studies
    )
    until(lambda: ModelOutcome.objects.count() >= 4 and model_server.stats.calls > 6)
    worker.kill()
    model_server.stats.hold_after = None
    answered = ModelOutcome.objects.filter(state="answered").count()
    in_flight = ModelCall.objects.filter(outcome=None).count()
    assert in_flight
    assert answered < STUDIES * CALLS

    start_worker(concurrency=3, env={"LLM_CALLS_IN_FLIGHT": "3"})
    sweeping.return_abandoned(grace=claims.GRACE * 0)  # what the clock does half a minute later
    sweeping.sweep()
    for item_id in RunItem.objects.values_list("id", flat=True):  # every message twice
        enqueue(bells.bells(run).item, item_id=item_id)
    until(lambda: Run.objects.get(pk=run.pk).status == RunStatus.FINISHED)

    assert set(RunItem.objects.values_list("status", flat=True)) == {ItemStatus.DONE}
    proposed = Counter(Proposal.objects.values_list("study_id", "cell"))
    assert (len(proposed), set(proposed.values())) == (STUDIES * CELLS, {1})
    counted = spent(run)
    assert (counted["unknown"], counted["answered"]) == (in_flight, STUDIES * CALLS)
    assert counted["calls"] == STUDIES * CALLS + in_flight
    assert not ModelCall.objects.filter(outcome=None).exists()
    # a call that was recorded and then cut off may or may not have reached the server
    assert counted["calls"] - in_flight <= model_server.stats.calls <= counted["calls"]
