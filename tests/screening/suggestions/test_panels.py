"""Several models look at each record, and code combines what they say: exclude only if all exclude (AI-07)."""

import threading

import pytest
from django.db import connection

from audit.models.event import Event
from audit.models.model_call import ModelCall
from screening.actions import runs, suggestions
from screening.actions.panels import NO_OPINION
from screening.enums import ItemStatus, RunStatus
from screening.models.decision import Decision
from screening.models.run import Run, RunItem
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.queries.assistants.suggestions import latest, shown
from tests import assisting, builders, reading
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def looked_at(server, *behaviours, adjudicator="", records=1, **fields):
    """A finished run of a panel whose members behave so."""
    review = assisting.review(**fields)
    for _ in range(records):
        builders.record(review)
    members = [assisting.llm(review, server, behaviour) for behaviour in behaviours]
    last = assisting.llm(review, server, adjudicator) if adjudicator else None
    run = assisting.start(assisting.panel(review, *members, adjudicator=last))
    assisting.work(run)
    return run


def standing(run):
    return Suggestion.objects.standing().filter(item__run=run)


@pytest.mark.parametrize(
    ("behaviours", "expected", "flags", "band"),
    [
        (("a+not-met", "b+not-met"), "exclude", [], "clear"),
        (("a+met", "b+met"), "include", [], "clear"),
        (("a+not-met", "b+met"), "maybe", ["split"], "unsure"),
        (("a+not-met", "b+not-met", "c+unclear"), "maybe", ["split"], "unsure"),
        (("a+unclear", "b+unclear"), "maybe", [], "unsure"),
    ],
)
def test_the_members_opinions_are_combined_by_the_table(model_server, behaviours, expected, flags, band):  # noqa: F811
    run = looked_at(model_server, *behaviours, records=2)
    assert run.status == RunStatus.FINISHED
    for one in standing(run):
        assert (one.proposed_verdict, one.flags, one.band, one.band_method) == (expected, flags, band, "agreement")
        assert [member["model"] for member in one.explanation["members"]] == list(behaviours)
    assert standing(run).count() == 2
    events = Event.objects.filter(type="record.suggested")
    assert [sum(e.data.get("role") == role for e in events) for role in ("member", None)] == [2 * len(behaviours), 2]
    assert Suggestion.objects.filter(role="member").count() == ModelCall.objects.count() == 2 * len(behaviours)
    assert not Decision.objects.exists()


def test_people_see_the_panel_s_opinion_with_each_member_s_reasoning_and_quotes(model_server):  # noqa: F811
    run = looked_at(model_server, "a+not-met", "b+met")
    (one,) = latest(standing(run).values_list("record_id", flat=True), run.stage).values()
    said = shown(one)
    assert said["assistant"] == str(run.assistant)
    assert [member["verdict"] for member in said["explanation"]["members"]] == ["exclude", "include"]
    assert all(member["rationale"] for member in said["explanation"]["members"])
    assert {criterion["judgement"] for criterion in said["criteria"]} == {"unclear"}
    assert all(criterion["quotes"] for criterion in said["criteria"])


def test_an_adjudicating_model_is_asked_only_where_the_members_do_not_all_include(model_server):  # noqa: F811
    run = looked_at(model_server, "a+met", "b+met", adjudicator="c+not-met")
    assert standing(run).get().proposed_verdict == "include"
    assert ModelCall.objects.count() == 2


@pytest.mark.parametrize(
    ("members", "adjudicator", "expected"),
    [
        (("a+not-met", "b+not-met"), "c+met", "include"),
        (("a+not-met", "b+not-met"), "c+unclear", "maybe"),
        (("a+not-met", "b+met"), "c+met", "include"),
        (("a+not-met", "b+met"), "c+not-met", "maybe"),
        (("a+unclear", "b+unclear"), "c+not-met", "maybe"),
    ],
)
def test_it_raises_the_verdict_and_never_lowers_it(model_server, members, adjudicator, expected):  # noqa: F811
    run = looked_at(model_server, *members, adjudicator=adjudicator)
    one = standing(run).get()
    assert run.status == RunStatus.FINISHED
    assert one.proposed_verdict == expected
    assert one.explanation["adjudicator"]["model"] == adjudicator
    assert ("split" in one.flags) == (members[1] == "b+met")
    last = ModelCall.objects.get(pk=one.call_id)
    assert last.subject_id == one.item_id
    asked = str(last.messages)
    assert "What assistant 1 said" in asked
    assert "is data too" in asked


def test_a_panel_of_which_a_member_failed_fails_and_stays_in_every_count(model_server):  # noqa: F811
    run = looked_at(model_server, "a+not-met", "b+babble", records=2)
    assert run.status == RunStatus.FINISHED
    assert not standing(run).exists()
    assert Suggestion.objects.filter(role="member").count() == 2
    own = RunItem.objects.filter(run=run, member=None)
    assert set(own.values_list("status", flat=True)) == {ItemStatus.FAILED}
    assert "not all of its models have one" in own.first().error
    assert own.first().attempts == 1
    assert Event.objects.filter(type="record.not_suggested").count() == 4


def test_trying_again_asks_the_members_that_failed_and_nobody_else(model_server):  # noqa: F811
    run = looked_at(model_server, "a+not-met", "b+not-met+error-400-1", records=1)
    assert RunItem.objects.get(run=run, member=None).status == ItemStatus.FAILED
    calls = model_server.stats.seen["a+not-met"]
    runs.retry_failed(run=run, by=run.created_by)
    assert RunItem.objects.get(run=run, member=None).status == ItemStatus.HELD
    assert Event.objects.get(type="run.retried").data["records"] == 1
    assisting.work(run)
    assert run.status == RunStatus.FINISHED
    assert model_server.stats.seen["a+not-met"] == calls
    assert set(RunItem.objects.filter(run=run).values_list("status", flat=True)) == {ItemStatus.DONE}
    assert standing(run).get().proposed_verdict == "exclude"


def test_an_adjudicator_that_failed_is_asked_again_and_its_members_are_not(model_server):  # noqa: F811
    run = looked_at(model_server, "a+not-met", "b+not-met", adjudicator="c+met+error-400")
    own = RunItem.objects.get(run=run, member=None)
    # that it was asked would tell that the members do not all include
    assert (own.status, own.error, own.attempts) == (ItemStatus.FAILED, NO_OPINION, 1)
    assert "400" in str([event.data for event in Event.objects.filter(type="record.not_suggested")])
    runs.retry_failed(run=run, by=run.created_by)
    own.refresh_from_db()
    assert own.status == ItemStatus.WAITING
    assert RunItem.objects.filter(run=run, member__isnull=False, status=ItemStatus.DONE).count() == 2


def test_cancelling_leaves_nothing_held(model_server):  # noqa: F811
    review = assisting.review()
    builders.record(review)
    members = [assisting.llm(review, model_server, name) for name in ("a", "b")]
    run = assisting.start(assisting.panel(review, *members))
    assert RunItem.objects.filter(run=run, status=ItemStatus.HELD).count() == 1
    runs.cancel(run=run, by=run.created_by)
    assert set(RunItem.objects.filter(run=run).values_list("status", flat=True)) == {ItemStatus.CANCELLED}


def test_a_record_that_was_merged_meanwhile_is_dropped_with_its_panel(model_server):  # noqa: F811
    review = assisting.review()
    record = builders.record(review)
    members = [assisting.llm(review, model_server, name) for name in ("a", "b")]
    run = assisting.start(assisting.panel(review, *members))
    record.active = False
    record.save()
    assisting.work(run)
    assert run.status == RunStatus.FINISHED
    assert set(RunItem.objects.filter(run=run).values_list("status", flat=True)) == {ItemStatus.CANCELLED}


def test_the_estimate_counts_every_member_and_whoever_adjudicates(model_server):  # noqa: F811
    review = assisting.review()
    for _ in range(20):
        builders.record(review)
    one, two, three = (assisting.llm(review, model_server, name, price_in=1, price_out=2) for name in "abc")
    alone = runs.estimate(review=review, stage="title_abstract", assistant=one)
    panel = assisting.panel(review, one, two, adjudicator=three)
    all_three = runs.estimate(review=review, stage="title_abstract", assistant=panel, repeat_share=10)
    assert (all_three.records, all_three.calls) == (20, 66)
    assert all_three.tokens_in == 66 * alone.tokens_in / 20
    assert all_three.cost is not None


def test_a_panel_is_not_paid_for_twice(model_server):  # noqa: F811
    run = looked_at(model_server, "a+met", "b+met")
    with pytest.raises(runs.RunRefusedError, match="nothing to do"):
        assisting.start(run.assistant)


def test_a_split_panel_settles_nothing_as_second_reviewer_and_an_agreeing_one_does(model_server):  # noqa: F811
    person = builders.user()
    for behaviours, expected in ((("a+not-met", "b+not-met"), "excluded"), (("c+not-met", "d+met"), "partial")):
        review = assisting.review(oversight="second_reviewer", reviewers=[person], reviewers_per_record=1)
        builders.decide(builders.record(review), person, "exclude")
        members = [assisting.llm(review, model_server, behaviour) for behaviour in behaviours]
        assisting.work(assisting.start(assisting.panel(review, *members)))
        assert StageState.objects.get(review=review, stage="title_abstract").status == expected


def test_at_full_text_each_member_reads_the_document_and_the_panel_is_not_paid_for_twice(model_server):  # noqa: F811
    review = assisting.review()
    document = reading.document(reading.at_full_text(review))
    members = [assisting.llm(review, model_server, name) for name in ("a+met", "b+not-met")]
    panel = assisting.panel(review, *members, adjudicator=members[0])
    run = assisting.start(panel, stage="full_text")
    assisting.work(run)
    one = standing(run).get()
    assert (one.proposed_verdict, one.explanation["document"]) == ("include", document.pk)
    assert shown(one)["read"].startswith("Read as a whole")
    sent = [[row["type"] for row in call.sends] for call in ModelCall.objects.all()]
    assert sent == [["screening.record", "screening.document"]] * 3
    with pytest.raises(runs.RunRefusedError, match="nothing to do"):
        assisting.start(panel, stage="full_text")


@pytest.mark.django_db(transaction=True)
def test_members_that_end_at_the_same_moment_combine_exactly_once(model_server):  # noqa: F811
    review = assisting.review()
    for _ in range(12):
        builders.record(review)
    members = [assisting.llm(review, model_server, name) for name in ("a+met", "b+met")]
    run = assisting.start(assisting.panel(review, *members))

    def sit(member):
        try:
            for item in RunItem.objects.filter(run=run, member=member).order_by("record_id"):
                suggestions.make(item_id=item.pk)
        finally:
            connection.close()

    seats = [threading.Thread(target=sit, args=(member,)) for member in members]
    for seat in seats:
        seat.start()
    for seat in seats:
        seat.join(60)
    assert standing(run).count() == 12
    assert Suggestion.objects.filter(role="member").count() == 24
    assert Run.objects.get(pk=run.pk).status == RunStatus.FINISHED
