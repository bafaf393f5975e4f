"""The offline engine end to end: really computed, explained, learning only from what people settled."""

import pytest

from screening.actions import offline
from screening.enums import ItemStatus, RunStatus
from screening.models.decision import Decision
from screening.models.run import RunItem
from screening.models.suggestion import Suggestion
from screening.queries.stages.decided import settled
from tests import assisting, builders

pytestmark = pytest.mark.django_db
TRIAL = "We randomised 80 adults with asthma to exercise or usual care. Symptoms fell."
MICE = "Mice were exposed to smoke. Cytokines rose in their lungs after weeks."


@pytest.fixture
def review():
    made = assisting.review(reviewers_per_record=1, reviewers=[builders.user("rita")], may_be_sent_to_ai=False)
    rita = made.memberships.get(role="reviewer").user
    for place in range(14):
        wanted = place % 2 == 0
        record = builders.record(made, title=f"Study {place}", abstract=TRIAL if wanted else MICE)
        builders.decide(record, rita, "include" if wanted else "exclude")
    for place in range(4):
        builders.record(made, title=f"Open {place}", abstract=TRIAL if place % 2 == 0 else MICE)
    return made


def run_over(review):
    run = assisting.start(assisting.local(review))
    while offline.screen_batch(run_id=run.pk):
        pass
    run.refresh_from_db()
    return run


def test_every_record_gets_a_suggestion_and_nothing_is_sent_or_decided(review):
    before = Decision.objects.count()
    run = run_over(review)
    assert run.status == RunStatus.FINISHED
    assert set(RunItem.objects.values_list("status", flat=True)) == {ItemStatus.DONE}
    assert Suggestion.objects.filter(call_id=None, answered_by="").count() == 18
    assert Decision.objects.count() == before


def test_it_says_which_decided_records_and_words_moved_it(review):
    run_over(review)
    opinion = Suggestion.objects.filter(record__title="Open 0").get()
    assert opinion.explanation["basis"] == "criteria and decisions"
    assert {near["verdict"] for near in opinion.explanation["neighbours"]} == {"include"}
    assert all(near["title"].startswith("Study") for near in opinion.explanation["neighbours"])
    assert opinion.explanation["terms"]
    assert (opinion.band_method, opinion.explanation["embedding"]) == ("uncalibrated", "")


def test_what_is_like_the_included_stands_before_what_is_like_the_excluded(review):
    run_over(review)
    scores = dict(Suggestion.objects.values_list("record__title", "score"))
    assert min(scores["Open 0"], scores["Open 2"]) > max(scores["Open 1"], scores["Open 3"])


def test_a_record_never_teaches_the_engine_about_itself(review):
    run_over(review)
    for opinion in Suggestion.objects.all():
        assert opinion.record_id not in {near["record"] for near in opinion.explanation["neighbours"]}


def test_an_opinion_that_is_not_settled_is_not_learned_from():
    made = assisting.review(reviewers_per_record=2, reviewers=[builders.user("otto")])
    record = builders.record(made)
    builders.decide(record, made.memberships.get(role="reviewer").user)
    assert settled(made.pk, "title_abstract") == []
