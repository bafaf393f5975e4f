"""A random share of records is asked about once more; where the answers differ, a record is unstable (AI-12)."""

import re

import pytest

from audit.models.model_call import ModelCall
from screening.actions import repeats
from screening.enums import ItemStatus, RunStatus
from screening.models.run import RunItem
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.queries.assistants import runs as run_queries
from screening.queries.assistants.stability import number_drawn, stability, unstable
from screening.queries.assistants.suggestions import latest, shown
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def repeated(server, behaviour, *, records=4, share=50, **fields):
    review = assisting.review(**fields)
    for _ in range(records):
        builders.record(review)
    run = assisting.start(assisting.llm(review, server, behaviour), repeat_share=share)
    assisting.work(run)
    return run


def _without_fence(call):
    return re.sub(r"<<<(end )?[0-9a-f]+>>>", "<<<>>>", str(call.messages))


def test_the_same_question_is_asked_again_for_the_share_and_is_called_again(model_server):  # noqa: F811
    run = repeated(model_server, "a+met")
    assert run.status == RunStatus.FINISHED
    again = Suggestion.objects.filter(role="repeat")
    assert again.count() == 2
    assert model_server.stats.calls == ModelCall.objects.count() == 6
    for one in again:
        assert (one.beside.record_id, one.beside.role, one.flags) == (one.record_id, "stands", [])
        first, second = (ModelCall.objects.get(pk=pk) for pk in (one.beside.call_id, one.call_id))
        assert _without_fence(first) == _without_fence(second)
    found = stability(run)
    assert (found.records, found.verdicts.value, found.judgements.value) == (2, 0.0, 0.0)
    assert run_queries.progress(run).total == 4


def test_what_says_otherwise_is_marked_and_stands_nowhere(model_server):  # noqa: F811
    run = repeated(model_server, "a+met+wobble-4")
    ids = list(RunItem.objects.filter(run=run, repeat=1).values_list("record_id", flat=True))
    everyone = list(RunItem.objects.filter(run=run, repeat=0).values_list("record_id", flat=True))
    assert unstable(everyone, run.stage) == set(ids)
    found = stability(run)
    assert (found.verdicts.value, found.judgements.value) == (1.0, 1.0)
    seen = {pk: shown(one) for pk, one in latest(everyone, run.stage).items()}
    assert {pk for pk, one in seen.items() if one["unstable"]} == set(ids)
    for pk, one in seen.items():
        assert one["proposed_verdict"] == "include"
        assert (one["band"], one["method"]) == (("unsure", "agreement") if pk in ids else ("clear", "uncalibrated"))


def test_repeats_wait_until_everything_was_asked_once_and_need_a_first_answer(model_server):  # noqa: F811
    run = repeated(model_server, "a+babble", records=2, share=100)
    assert run.status == RunStatus.FINISHED
    again = RunItem.objects.filter(run=run, repeat=1)
    assert set(again.values_list("status", flat=True)) == {ItemStatus.CANCELLED}
    assert not any(call.subject_id in again.values_list("id", flat=True) for call in ModelCall.objects.all())
    assert (stability(run).dropped, stability(run).verdicts.value) == (2, None)


def test_each_member_of_a_panel_is_asked_again_and_its_panel_is_marked(model_server):  # noqa: F811
    review = assisting.review()
    record = builders.record(review)
    steady, other = (assisting.llm(review, model_server, name) for name in ("a+met", "b+met+wobble-1"))
    run = assisting.start(assisting.panel(review, steady, other), repeat_share=100)
    assisting.work(run)
    assert run.status == RunStatus.FINISHED
    assert ModelCall.objects.count() == 4
    again = {one.assistant_id: one for one in Suggestion.objects.filter(role="repeat")}
    assert again[steady.pk].flags == []
    assert (again[other.pk].flags, again[other.pk].explanation["differs"][0]) == (["unstable"], "verdict")
    assert again[other.pk].beside.assistant_id == other.pk
    assert unstable([record.pk], run.stage) == {record.pk}
    assert Suggestion.objects.standing().count() == 1


def test_an_unstable_opinion_takes_back_what_it_settled_as_second_reviewer(model_server):  # noqa: F811
    person = builders.user()
    review = assisting.review(oversight="second_reviewer", reviewers=[person], reviewers_per_record=1)
    builders.decide(builders.record(review), person, "exclude")
    run = assisting.start(assisting.llm(review, model_server, "a+not-met+wobble-1"), repeat_share=100)
    assisting.work(run)
    assert StageState.objects.get(review=review, stage="title_abstract").status == "partial"


def test_the_share_is_drawn_at_random_once_and_for_all(model_server):  # noqa: F811
    review = assisting.review()
    run = assisting.start(assisting.llm(review, model_server)) if builders.record(review) else None
    run.repeat_share = 5
    drawn = repeats.drawn(run, list(range(1_000)))
    assert drawn == repeats.drawn(run, list(range(1_000)))
    assert len(drawn) == 50
    assert drawn != set(range(50))
    assert [number_drawn(n, 5) for n in (0, 9, 10, 30, 2_000)] == [0, 0, 1, 2, 100]
