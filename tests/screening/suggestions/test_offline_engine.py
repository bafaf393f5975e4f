"""The offline engine end to end: really computed, explained, learning only from what people settled."""

import pytest

from audit.models.event import Event
from reviewapp.ai import embedding
from screening.actions import offline
from screening.enums import ItemStatus, RunStatus
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.run import RunItem
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.queries.stages.decided import settled
from tests import assisting, builders, meanings
from tests.meanings import model  # noqa: F401  (a fixture)

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


def run_over(review, assistant=None):
    run = assisting.start(assistant or assisting.local(review))
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


def test_nothing_waits_for_meanings_and_what_is_embedded_takes_part(review, model):  # noqa: F811
    assistant = assisting.assistants.create(
        review=review, name="Meanings", engine="local", by=review.created_by,
        parameters={"embedding": embedding.model_hash()},
    )  # fmt: skip
    run_over(review, assistant)
    assert set(Suggestion.objects.values_list("explanation__embedding", flat=True)) == {""}
    meanings.embed_all(review)
    read = model.read.total()
    run_over(review, assistant)
    again = Suggestion.objects.filter(record__title__startswith="Open").order_by("-pk")[:4]
    assert {one.explanation["embedding"] for one in again} == {embedding.model_hash()}
    assert model.read.total() == read, "the engine asked the model itself"


def test_one_record_that_breaks_the_engine_fails_alone(review, monkeypatch):
    bad = Record.objects.get(title="Open 1").pk
    weigh = offline._as_stored

    def stumble(job, text, opinion, explained):
        if text.title == "Open 1":
            raise ZeroDivisionError
        return weigh(job, text, opinion, explained)

    monkeypatch.setattr(offline, "_as_stored", stumble)
    run_over(review)
    assert Suggestion.objects.count() == 17
    failed = RunItem.objects.get(record=bad)
    assert failed.status == ItemStatus.FAILED
    assert "ZeroDivisionError" in failed.error


def test_a_claim_that_was_lost_meanwhile_is_not_stored(review, monkeypatch):
    opinions = offline._opinions

    def lost(job, texts):
        RunItem.objects.filter(record=min(texts)).update(attempts=9)
        return opinions(job, texts)

    run = assisting.start(assisting.local(review))
    monkeypatch.setattr(offline, "_opinions", lost)
    offline.screen_batch(run_id=run.pk)
    assert Suggestion.objects.count() == 17
    assert Event.objects.filter(type="record.suggested").count() == 17


def test_two_workers_share_a_run_and_no_record_is_suggested_for_twice(review, monkeypatch):
    monkeypatch.setitem(offline.BATCH, "title_abstract", 5)
    rung = []
    monkeypatch.setattr(offline, "pending", lambda queue: 0)
    monkeypatch.setattr(offline, "enqueue", lambda task, **named: rung.append(task))
    run = assisting.start(assisting.local(review))
    work, first = offline._work, []

    def beside(job, claims):
        if not first:
            first.append(claims)
            offline.screen_batch(run_id=run.pk)  # the other worker, while these are in hand
        work(job, claims)

    monkeypatch.setattr(offline, "_work", beside)
    offline.screen_batch(run_id=run.pk)
    assert rung[0] == offline.SCREEN_LOCALLY
    assert Suggestion.objects.count() == 10
    while offline.screen_batch(run_id=run.pk):
        pass
    assert Suggestion.objects.values("record").distinct().count() == Suggestion.objects.count() == 18


def test_what_counts_as_the_second_opinion_settles_its_record_at_once():
    made = assisting.review(oversight="second_reviewer", reviewers_per_record=1, reviewers=[builders.user("otto")])
    record = builders.record(made)
    builders.decide(record, made.memberships.get(role="reviewer").user)
    assert StageState.objects.get(record=record, stage="title_abstract").status == "partial"
    run_over(made)
    assert StageState.objects.get(record=record, stage="title_abstract").status in {"included", "conflict"}


def test_an_opinion_that_is_not_settled_is_not_learned_from():
    made = assisting.review(reviewers_per_record=2, reviewers=[builders.user("otto")])
    record = builders.record(made)
    builders.decide(record, made.memberships.get(role="reviewer").user)
    assert settled(made.pk, "title_abstract") == []
