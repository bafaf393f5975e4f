"""A suggestion that a person has run again: asked anew, kept beside the first, and standing nowhere."""

import pytest

from audit import budgets
from audit.models.event import Event
from audit.models.model_call import ModelCall
from screening.actions import again, offline, order, panels, runs, stages, stopping
from screening.actions.runs import RunRefusedError
from screening.enums import ItemStatus, RunStatus
from screening.models.run import Run, RunItem
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.queries.assistants import agreement, exceptions
from screening.queries.assistants.suggestions import latest
from screening.queries.telling import alerts
from screening.running import claims, ends
from screening.running.lifecycle import finish_if_done
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def asked(server, behaviour="a+met+wobble-1", **fields):
    """What an assistant whose second answer differs from its first has said of a record."""
    review = assisting.review(**fields)
    builders.record(review)
    run = assisting.start(assisting.llm(review, server, behaviour))
    assisting.work(run)
    return Suggestion.objects.get(item__run=run)


def once_more(first, work=True):
    run = again.start(suggestion=first, by=first.review.created_by)
    runs.prepare(run_id=run.pk)
    if work:
        assisting.work(run)
    run.refresh_from_db()
    return run


def test_the_same_question_is_asked_anew_and_the_answer_stands_beside_the_first(model_server):  # noqa: F811
    first = asked(model_server)
    run = once_more(first)
    assert (run.status, run.kind, run.again_of) == (RunStatus.FINISHED, "again", first)
    second = Suggestion.objects.get(item__run=run)
    assert (second.role, second.beside, second.replayed) == ("again", first, False)
    assert (first.proposed_verdict, second.proposed_verdict) == ("include", "maybe")
    hashes = ModelCall.objects.values_list("prompt_sha256", flat=True)
    assert len(hashes) == model_server.stats.calls == 2
    assert len(set(hashes)) == 1


def test_each_is_a_call_of_its_own_and_no_later_run_uses_its_reply(model_server):  # noqa: F811
    first = asked(model_server)
    for calls in (2, 3):
        once_more(first)
        assert model_server.stats.calls == calls
    assert Suggestion.objects.filter(role="again", beside=first).count() == 2


def test_a_kill_between_reply_and_row_pays_for_no_second_call(model_server, monkeypatch):  # noqa: F811
    first = asked(model_server)
    run = once_more(first, work=False)
    with monkeypatch.context() as patch:
        patch.setattr(panels, "store", lambda **_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            assisting.work(run)
    assert (model_server.stats.calls, Suggestion.objects.count()) == (2, 1)
    RunItem.objects.filter(run=run).update(status=ItemStatus.WAITING)
    assisting.work(run)
    assert run.status == RunStatus.FINISHED
    assert (model_server.stats.calls, Suggestion.objects.filter(role="again").count()) == (2, 1)


def test_it_stands_nowhere_and_counts_for_nothing(model_server):  # noqa: F811
    person = builders.user()
    first = asked(
        model_server, "a+not-met+wobble-1", oversight="second_reviewer", reviewers=[person], reviewers_per_record=1
    )
    record, stage = first.record_id, first.stage
    builders.decide(first.record, person, "exclude")
    assert StageState.objects.get(record=record, stage=stage).status == "excluded"
    rule = stages.rule_for(first.review, stage)
    eyes = exceptions.Eyes(0, frozenset({"lead"}))

    def seen():
        return (
            latest([record], stage)[record].pk,
            stages.second_opinions(rule, [record]),
            order._scores(rule, None),
            agreement._proposed(first.review, stage, first.assistant),
            exceptions.counts(first.review, eyes),
            StageState.objects.get(record=record, stage=stage).status,
        )

    before = seen()
    once_more(first)
    assert Suggestion.objects.get(role="again").proposed_verdict == "maybe"
    assert seen() == before


def test_a_panel_is_asked_again_with_all_its_members_and_combined_beside(model_server):  # noqa: F811
    review = assisting.review()
    builders.record(review)
    members = [assisting.llm(review, model_server, name) for name in ("a+not-met", "b+not-met+wobble-1")]
    judge = assisting.llm(review, model_server, "c+unclear")
    run = assisting.start(assisting.panel(review, *members, adjudicator=judge))
    assisting.work(run)
    first = Suggestion.objects.standing().get()
    made = once_more(first)
    second = Suggestion.objects.get(role="again")
    assert (made.status, second.beside, second.assistant) == (RunStatus.FINISHED, first, first.assistant)
    assert [one["verdict"] for one in second.explanation["members"]] == ["exclude", "maybe"]
    assert [one["verdict"] for one in first.explanation["members"]] == ["exclude", "exclude"]
    assert "split" in second.flags
    assert model_server.stats.calls == 6
    assert Suggestion.objects.standing().get() == first


def test_the_offline_engine_says_it_again_from_what_is_settled_by_then(model_server):  # noqa: F811
    review = assisting.review(may_be_sent_to_ai=False)
    builders.record(review)
    run = assisting.start(assisting.local(review))
    offline.screen_batch(run_id=run.pk)
    first = Suggestion.objects.get()
    made = once_more(first, work=False)
    offline.screen_batch(run_id=made.pk)
    second = Suggestion.objects.get(role="again")
    assert (second.beside, second.proposed_verdict) == (first, first.proposed_verdict)
    assert not ModelCall.objects.exists()


def test_one_that_fails_says_so_in_its_run_and_the_first_stands_as_before(model_server):  # noqa: F811
    first = asked(model_server)
    run = once_more(first, work=False)
    (ours,) = claims.claim([run.items.get().pk])
    ends.fail(job=panels.job_for(ours), claim=ours, why="The model is gone.")
    claims.release([ours.item_id])
    finish_if_done(run_id=run.pk)
    event = Event.objects.get(type="record.not_suggested")
    assert event.data["why"] == "run again by a person: The model is gone."
    assert latest([first.record_id], first.stage)[first.record_id] == first
    eyes = exceptions.Eyes(0, frozenset({"lead"}))
    assert exceptions.counts(first.review, eyes)["failed"] == 0
    assert alerts._failed_runs() == []


def test_the_budget_and_the_stop_switch_hold_it_up(model_server):  # noqa: F811
    first = asked(model_server)
    lead, free = first.review.created_by, dict.fromkeys(("daily_usd", "total_usd", "daily_calls"))
    budgets.change(review_id=first.review_id, by=lead, **free, total_calls=1)
    with pytest.raises(RunRefusedError, match="budget"):
        once_more(first)
    budgets.change(review_id=first.review_id, by=lead, **free, total_calls=5)
    run = once_more(first, work=False)
    stopping.stop(review=first.review, why="Look first", by=lead)
    assisting.work(run)
    assert (run.status, model_server.stats.calls) == (RunStatus.PAUSED, 1)
    with pytest.raises(RunRefusedError, match="Look first"):
        once_more(first)
    assert Suggestion.objects.count() == 1


def test_what_is_not_run_again_says_why(model_server):  # noqa: F811
    first = asked(model_server)
    second = Suggestion.objects.get(item__run=once_more(first))
    with pytest.raises(RunRefusedError, match="was run again already"):
        once_more(second)
    waiting = once_more(first, work=False)
    with pytest.raises(RunRefusedError, match="being run again already"):
        once_more(first)
    runs.cancel(run=waiting, by=first.review.created_by)
    first.record.active = False
    with pytest.raises(RunRefusedError, match="nothing to read"):
        once_more(first)
    first.record.active = True
    first.review.ai_enabled = False
    first.review.save()
    with pytest.raises(RunRefusedError, match="AI is off"):
        once_more(first)
    assert Run.objects.filter(kind="again").count() == 2


def test_the_ledger_says_who_had_it_run_again(model_server):  # noqa: F811
    first = asked(model_server)
    run = once_more(first)
    event = Event.objects.get(type="suggestion.run_again")
    assert (event.actor_id, event.record_id, event.subject_id) == (run.created_by_id, first.record_id, first.pk)
    assert event.data == {"stage": first.stage, "assistant": str(first.assistant), "run": run.pk}
    assert [one.data.get("role") for one in Event.objects.filter(type="record.suggested").order_by("id")] == [
        None,
        "again",
    ]
