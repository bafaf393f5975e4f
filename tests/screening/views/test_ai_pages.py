"""The AI pages of a review."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from screening.actions import offline
from screening.enums import Role, RunStatus
from screening.models.assistant import Assistant
from screening.models.run import Run, RunItem
from screening.models.study import Study
from screening.queries.amendments.protocol import current_protocol
from screening.queries.assistants import agreement
from screening.queries.assistants.endpoints import available_models
from screening.queries.documents.papers import room_of
from tests import assisting, builders, reading
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(client):
    made = assisting.review(may_be_sent_to_ai=False)
    client.force_login(made.created_by)
    return made


def test_ai_off_says_so_and_turning_it_on_makes_the_offline_engine(client):
    review = builders.review()
    client.force_login(review.created_by)
    assert "AI is off for this review" in client.get(f"/reviews/{review.pk}/ai/").content.decode()
    client.post(f"/reviews/{review.pk}/ai/switch/", {"ai_enabled": "on"})
    review.refresh_from_db()
    assert (review.ai_enabled, review.may_be_sent_to_ai) == (True, False)
    assert Assistant.objects.filter(review=review, engine="local").count() == 1


def test_a_mode_is_changed_and_a_wrong_one_is_not(client, review):
    address = f"/reviews/{review.pk}/ai/oversight/"
    client.post(address, {"oversight": "assist"})
    assert review.stage_rules.get(stage="title_abstract").oversight == "assist"
    client.post(address, {"oversight": "decide for me"})
    assert review.stage_rules.get(stage="title_abstract").oversight == "assist"


def test_an_assistant_that_is_to_count_as_the_second_reviewer_is_said_first_and_then_made(client, review):
    rule = review.stage_rules.get(stage="title_abstract")
    type(rule).objects.filter(pk=rule.pk).update(reviewers_per_record=1)
    person = builders.user()
    builders.join(review, person, Role.REVIEWER)
    builders.decide(builders.record(review), person)
    address = f"/reviews/{review.pk}/ai/oversight/"
    asked = client.post(address, {"oversight": "second_reviewer", "shown": rule.oversight})
    (said,) = [one["it"] for one in asked.context["previews"]]
    assert (said.more, said.requeued) == (1, 1)
    rule.refresh_from_db()
    assert rule.oversight != "second_reviewer"
    client.post(address, {"confirmed": "yes", **dict(asked.context["question"].fields)})
    rule.refresh_from_db()
    assert rule.oversight == "second_reviewer"
    assert review.records.get().states.get(stage="title_abstract").status == "partial"


def test_a_mode_that_another_lead_changed_is_not_overwritten_unseen(client, review):
    client.post(f"/reviews/{review.pk}/ai/oversight/", {"oversight": "off"})
    sent = client.post(
        f"/reviews/{review.pk}/ai/oversight/", {"oversight": "assist", "shown": "blind_first"}, follow=True
    )
    assert "Somebody else changed the mode in the meantime: “Off”" in sent.content.decode()
    assert review.stage_rules.get(stage="title_abstract").oversight == "off"


def test_an_estimate_stands_before_the_start_and_the_run_is_shown(client, review):
    builders.record(review)
    assistant = assisting.local(review)
    page = client.get(f"/reviews/{review.pk}/ai/runs/new/", {"assistant": assistant.pk}).content.decode()
    assert "to be looked at" in page
    assert not Run.objects.exists()
    client.post(f"/reviews/{review.pk}/ai/runs/new/", {"assistant": assistant.pk})
    run = Run.objects.get()
    assisting.runs.prepare(run_id=run.pk)
    assert "every 2s" in client.get(f"/reviews/{review.pk}/ai/runs/{run.pk}/").content.decode()
    while offline.screen_batch(run_id=run.pk):
        pass
    done = client.get(f"/reviews/{review.pk}/ai/runs/{run.pk}/?part=progress").content.decode()
    assert "Finished" in done
    assert "every 2s" not in done


def test_a_run_is_paused_from_its_page(client, review):
    builders.record(review)
    run = assisting.start(assisting.local(review))
    client.post(f"/reviews/{review.pk}/ai/runs/{run.pk}/pause/")
    run.refresh_from_db()
    assert run.status == RunStatus.PAUSED


def test_a_failed_record_is_listed_with_its_reason_and_linked(client, review, model_server):  # noqa: F811
    review.may_be_sent_to_ai = True
    review.save()
    record = builders.record(review, title="<script>alert(1)</script>")
    run = assisting.start(assisting.llm(review, model_server, "babble"))
    assisting.work(run)
    page = client.get(f"/reviews/{review.pk}/ai/runs/{run.pk}/").content.decode()
    assert "did not answer in the form" in page
    assert f"/reviews/{review.pk}/records/{record.pk}/" in page
    assert "<script>alert" not in page


def test_reviewers_have_no_ai_page(client, review):
    person = builders.user()
    builders.join(review, person, Role.REVIEWER)
    client.force_login(person)
    assert client.get(f"/reviews/{review.pk}/ai/").status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_runs(client, review):
    counts = []
    for _ in (1, 3):
        while Run.objects.count() < (1 if not counts else 3):
            builders.record(review)
            run = assisting.start(assisting.local(review))
            while offline.screen_batch(run_id=run.pk):
                pass
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/reviews/{review.pk}/ai/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def compared(verdicts, proposed, *, oversight="blind_first"):
    """Two people's votes on records and what an assistant proposed for them (None: it failed)."""
    one, two = builders.user(), builders.user()
    review = assisting.review(reviewers=[one, two], oversight=oversight)
    records = [builders.record(review) for _ in verdicts]
    run = assisting.start(assisting.local(review))
    items = {item.record_id: item for item in run.items.all()}
    for record, said in zip(records, proposed, strict=True):
        if said:
            suggestion_for(items[record.pk], verdict=said)
        else:
            run.items.filter(record=record).update(status="failed")
    for record, votes in zip(records, verdicts, strict=True):
        for person, verdict in zip((one, two), votes, strict=False):
            builders.decide(record, person, verdict)
    return agreement.with_assistant(review, "title_abstract", run.assistant)


def test_sensitivity_and_specificity_are_counted_over_all_settled_records_failed_ones_included():
    found = compared(
        [("include", "maybe"), ("include", "include"), ("exclude", "exclude"), ("exclude", "exclude"), ("include",)],
        ["include", None, "exclude", "maybe", "include"],
    )
    assert (found.records, found.settled, found.undecided, found.failed) == (5, 4, 1, 1)
    assert (found.sensitivity.hits, found.sensitivity.n) == (1, 2)
    assert (found.specificity.hits, found.specificity.n) == (1, 2)
    assert (found.same.hits, found.same.n, found.kappa.n) == (2, 4, 3)


def test_a_vote_that_had_seen_the_suggestion_does_not_count_as_agreement():
    one, two = builders.user(), builders.user()
    review = assisting.review(reviewers=[one, two], oversight="assist")
    record = builders.record(review)
    run = assisting.start(assisting.local(review))
    suggestion = suggestion_for(run.items.get(), verdict="include")
    for person in (one, two):
        builders.decide(record, person, "include", citing_id=suggestion.pk)
    found = agreement.with_assistant(review, "title_abstract", run.assistant)
    assert (found.settled, found.undecided) == (0, 1)


def test_a_mind_that_was_changed_after_the_reveal_counts_as_it_first_was():
    one = builders.user()
    review = assisting.review(reviewers=[one], reviewers_per_record=1)
    record = builders.record(review)
    run = assisting.start(assisting.local(review))
    suggestion = suggestion_for(run.items.get(), verdict="include")
    builders.decide(record, one, "exclude")
    builders.decide(record, one, "include", citing_id=suggestion.pk)
    found = agreement.with_assistant(review, "title_abstract", run.assistant)
    assert (found.settled, found.same.hits) == (1, 0)


def test_a_lead_starts_a_run_over_full_texts_and_is_told_first_what_it_can_not_read(client, review, model_server):  # noqa: F811
    review.may_be_sent_to_ai = True
    review.save()
    reading.document(reading.at_full_text(review))
    reading.document(reading.at_full_text(review), may_be_sent_to_ai=False)
    reading.document(reading.at_full_text(review), layer="scan", characters=0)
    assistant = assisting.llm(review, model_server)
    address = f"/reviews/{review.pk}/ai/runs/new/"
    page = client.get(address, {"assistant": assistant.pk, "stage": "full_text"}).content.decode()
    assert "1 record has no text that can be read" in page
    assert "1 document may not be sent to AI" in page
    assert "full texts of these records" in page
    client.post(address, {"assistant": assistant.pk, "stage": "full_text"})
    run = Run.objects.get()
    assert (run.stage, run.estimate["records"], run.estimate["no_text"]) == ("full_text", 1, 1)


def test_an_assistant_can_be_given_less_room_for_full_texts(client, review, model_server):  # noqa: F811
    assisting.llm(review, model_server)
    (offer,) = available_models()
    address = f"/reviews/{review.pk}/ai/assistants/"
    client.post(address, {"name": "Small", "model": offer.key, "context_characters": "8000"})
    assert room_of(Assistant.objects.get(name="Small")) == 8_000


def test_the_page_of_an_extraction_run_speaks_of_studies(client, review):
    study = Study.objects.create(review=review, label="Okafor 2021")
    run = Run.objects.create(
        review=review, purpose="extraction", assistant=assisting.local(review), status=RunStatus.FINISHED,
        protocol=current_protocol(review), created_by=review.created_by,
    )  # fmt: skip
    RunItem.objects.create(run=run, study=study, status="failed", error="Nothing to read.")
    page = client.get(f"/reviews/{review.pk}/ai/runs/{run.pk}/").content.decode()
    assert "Okafor 2021" in page
    assert "people extract these without proposals" in page
    assert "What was proposed" not in page
    assert "Extraction" in client.get(f"/reviews/{review.pk}/ai/").content.decode()
