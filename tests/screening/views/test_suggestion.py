"""The page of a suggestion: what it says and stands on, its calls, what was said again; and who may see it."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models.model_call import ModelCall, ModelOutcome
from screening.actions import again, offline, runs
from screening.enums import Oversight, Role
from screening.models.run import Run
from screening.models.stage import StageRule
from screening.models.suggestion import Suggestion
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db


def said(server, behaviour="a+met+wobble-1", **fields):
    """A suggestion of a model that answers otherwise the second time."""
    review = assisting.review(**fields)
    builders.record(review, title="A trial of things", abstract="Adults with a thing were given another.")
    run = assisting.start(assisting.llm(review, server, behaviour, price_in=1, price_out=2))
    assisting.work(run)
    return Suggestion.objects.standing().get(item__run=run)


def address(suggestion, more=""):
    return f"/reviews/{suggestion.review_id}/suggestions/{suggestion.pk}/{more}"


def page(client, suggestion, by=None, more=""):
    client.force_login(by or suggestion.review.created_by)
    answer = client.get(address(suggestion, more))
    assert answer.status_code == 200, answer.content.decode()[:300]
    return html.unescape(answer.content.decode())


def run_again(client, suggestion, work=True):
    client.force_login(suggestion.review.created_by)
    client.post(address(suggestion, "again/"))
    run = Run.objects.filter(again_of=suggestion).latest("id")
    runs.prepare(run_id=run.pk)
    if work:
        assisting.work(run)
    return run


def test_it_shows_what_was_sent_and_what_came_and_what_it_stands_on(client, model_server):  # noqa: F811
    first = said(model_server)
    outcome = ModelOutcome.objects.select_related("call").get()
    shown = page(client, first)
    for expected in (
        outcome.reply, str(outcome.cost), outcome.call.prompt_sha256, "Title: A trial of things",
        first.assistant.sha256, first.assistant.prompt_version, str(first.protocol), first.assistant.card.name,
        f"{outcome.tokens_in} in, {outcome.tokens_out} out", "Title and abstract of", "the suggestion stands on it",
        "Run again",
    ):  # fmt: skip
        assert expected in shown, expected
    card = first.assistant.card
    assert f"SHA-256 <code>{card.approved_sha256[:12]}" in shown
    assert address(first) in page_of_record(client, first)


def page_of_record(client, suggestion):
    return client.get(suggestion.record.get_absolute_url()).content.decode()


def test_a_call_that_failed_and_a_reply_that_was_used_again_are_told_as_such(client, model_server):  # noqa: F811
    first = said(model_server, "a+met+babble-1")
    shown = page(client, first)
    assert ModelCall.objects.count() == 2
    assert "asked once more because the reply before could not be used" in shown
    assert shown.count("the suggestion stands on it") == 1
    item = first.item.run.items.create(record=builders.record(first.review))
    twin = suggestion_for(item, call_id=first.call_id, replayed=True)
    shown = page(client, twin)
    assert "asked earlier, used again" in shown
    assert "nothing; then USD" in shown


def test_to_whoever_may_not_see_it_yet_there_is_no_such_suggestion(client, model_server):  # noqa: F811
    lead, reviewer = builders.user(), builders.user()
    first = said(model_server, lead=lead, reviewers=[lead, reviewer])
    nowhere = first.pk + 1_000
    for person in (lead, reviewer):
        client.force_login(person)
        for more in ("", "?part=beside"):
            hidden, missing = (
                client.get(f"/reviews/{first.review_id}/suggestions/{pk}/{more}") for pk in (first.pk, nowhere)
            )
            assert hidden.status_code == missing.status_code == 404
            assert hidden.content == missing.content
    client.force_login(lead)
    assert client.post(address(first, "again/")).status_code == 404
    builders.decide(first.record, lead, "exclude")
    assert "Title: A trial of things" in page(client, first, lead)
    builders.decide(first.record, reviewer, "exclude")
    shown = page(client, first, reviewer)
    assert "This is what the quoted passage says." in shown
    assert "are shown to leads and auditors" in shown
    assert "Title: A trial of things" not in shown
    assert "Run again" not in shown
    assert client.post(address(first, "again/")).status_code == 403
    StageRule.objects.filter(review=first.review).update(oversight=Oversight.OFF)
    assert client.get(address(first)).status_code == 404


def test_hidden_and_missing_cost_the_same_queries(client, model_server):  # noqa: F811
    reviewer = builders.user()
    first = said(model_server, reviewers=[reviewer])
    client.force_login(reviewer)
    counts = []
    for pk in (first.pk, first.pk, first.pk + 1_000):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/reviews/{first.review_id}/suggestions/{pk}/")
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_run_again_shows_as_waiting_and_then_beside_with_what_differs(client, model_server):  # noqa: F811
    first = said(model_server)
    run = run_again(client, first, work=False)
    waiting = page(client, first)
    assert "It is being asked, for" in waiting
    assert f'hx-get="{address(first)}?part=beside"' in waiting
    assert address(first, "again/") not in waiting
    assisting.work(run)
    part = page(client, first, more="?part=beside")
    second = Suggestion.objects.get(role="again")
    assert "hx-get" not in part
    assert "<html" not in part
    for expected in (
        address(second),
        "differs",
        "there include",
        "there met",
        "Quoted there only",
        "the same prompt",
        "1 call, USD",
    ):
        assert expected in part, expected
    shown = page(client, second)
    assert f"Suggestion {first.pk}, which it stands beside" in shown
    assert f"suggestion {first.pk} proposes include" in shown
    assert address(second, "again/") not in shown


def test_what_says_the_same_again_says_so(client, model_server):  # noqa: F811
    first = said(model_server, "a+met")
    run_again(client, first)
    assert "the same throughout" in page(client, first)


def test_a_run_that_stands_still_or_failed_is_told_with_its_reason(client, model_server):  # noqa: F811
    first = said(model_server)
    run = run_again(client, first, work=False)
    runs.pause(run=run, by=first.review.created_by)
    assert "It stands still: somebody paused it." in page(client, first)
    run.items.update(status="failed", error="The model is gone.")
    Run.objects.filter(pk=run.pk).update(status="finished", stopped_for="")
    assert "it brought nothing: The model is gone." in page(client, first)


def test_it_asks_as_much_for_three_as_for_one(client, model_server):  # noqa: F811
    first = said(model_server, "a+met")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            run_again(client, first)
        page(client, first)
        with CaptureQueriesContext(connection) as queries:
            page(client, first)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_panel_leads_to_its_members_and_they_back(client, model_server):  # noqa: F811
    review = assisting.review()
    builders.record(review)
    members = [assisting.llm(review, model_server, name) for name in ("a+not-met", "b+met+wobble-1")]
    run = assisting.start(assisting.panel(review, *members))
    assisting.work(run)
    first = Suggestion.objects.standing().get()
    shown = page(client, first)
    for member in Suggestion.objects.filter(role="member"):
        assert address(member) in shown
        theirs = page(client, member)
        assert f"Suggestion {first.pk} of the panel" in theirs
        assert "A member of a panel is run again together with its panel" in theirs
    assert "None of the panel’s own" in shown
    assert "members disagree" in shown
    run_again(client, first)
    shown = page(client, first)
    assert f"<b>{members[1]}</b> proposes maybe" in shown
    assert "the same throughout" not in shown
    assert "another prompt" not in shown


def test_the_offline_engine_has_no_call_and_says_what_it_stands_on(client):
    review = assisting.review(may_be_sent_to_ai=False)
    builders.record(review)
    run = assisting.start(assisting.local(review))
    offline.screen_batch(run_id=run.pk)
    shown = page(client, Suggestion.objects.get())
    assert "The offline engine is not a language model" in shown
    assert "Words alone" in shown
    assert "by now, so it may say otherwise" in shown


def test_auditors_read_and_can_t_start(client, model_server):  # noqa: F811
    first = said(model_server)
    auditor = builders.user()
    builders.join(first.review, auditor, Role.AUDITOR)
    shown = page(client, first, auditor)
    assert "Title: A trial of things" in shown
    assert address(first, "again/") not in shown
    assert client.post(address(first, "again/")).status_code == 403
    assert not Run.objects.filter(kind="again").exists()


def test_what_a_model_says_is_only_text(client, model_server):  # noqa: F811
    first = said(model_server)
    hostile = '<img src=x onerror="alert(1)">'
    item = first.item.run.items.create(record=builders.record(first.review))
    twin = suggestion_for(item, text=hostile)
    client.force_login(first.review.created_by)
    shown = client.get(address(twin)).content.decode()
    assert hostile not in shown
    assert shown.count("&lt;img src=x") >= 4


def test_a_refusal_is_a_sentence_on_the_page(client, model_server):  # noqa: F811
    first = said(model_server)
    first.review.may_be_sent_to_ai = False
    first.review.save()
    client.force_login(first.review.created_by)
    answer = client.post(address(first, "again/"), follow=True)
    assert "may not be sent to a model" in answer.content.decode()
    with pytest.raises(runs.RunRefusedError):
        again.start(suggestion=first, by=first.review.created_by)
