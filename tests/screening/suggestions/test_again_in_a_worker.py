"""Running a suggestion again with a real worker; a kill in between is in test_again.py."""

import pytest

from audit.models.model_call import ModelCall
from screening.actions import again
from screening.enums import RunStatus
from screening.models.run import Run
from screening.models.suggestion import Suggestion
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.screening.suggestions.test_killed_worker import until


@pytest.mark.django_db(transaction=True)
def test_a_worker_asks_anew_and_the_other_answer_stands_beside_the_first(start_worker, model_server):  # noqa: F811
    review = assisting.review()
    builders.record(review)
    assisting.work(assisting.start(assisting.llm(review, model_server, "a+met+wobble-1")))
    first = Suggestion.objects.get()
    start_worker(concurrency=2)
    run = again.start(suggestion=first, by=review.created_by)
    until(lambda: Run.objects.get(pk=run.pk).status == RunStatus.FINISHED)
    second = Suggestion.objects.get(role="again")
    assert (first.proposed_verdict, second.proposed_verdict, second.beside) == ("include", "maybe", first)
    assert ModelCall.objects.count() == model_server.stats.calls == 2
