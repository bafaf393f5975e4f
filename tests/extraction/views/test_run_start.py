"""Starting a run over studies: what it takes and what it can't ask is said first."""

import pytest
from django.urls import reverse

from extraction.actions import extraction_runs
from extraction.actions.bias import add_instrument
from screening.enums import RunPurpose
from screening.models.run import Run
from screening.models.study import Study
from screening.running.lifecycle import RunRefusedError
from tests import assisting, extracting
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.extraction.proposals.conftest import trial, version, work

pytestmark = pytest.mark.django_db


def page(client, review, method="get", **chosen):
    client.force_login(review.created_by)
    address = reverse("extraction:run-start", args=[review.pk])
    return getattr(client, method)(address, {name: row.pk for name, row in chosen.items()})


@pytest.fixture
def included(monkeypatch):
    """Every study counts as included: how that comes about is tested elsewhere."""

    def studies(review):
        return Study.objects.filter(review=review)

    monkeypatch.setattr("extraction.actions.extraction_runs.included_studies", studies)


def worked_off():
    """The newest run, after its worker."""
    run = Run.objects.latest("id")
    extraction_runs.prepare(run_id=run.pk)
    work(run)
    return run


def test_without_a_form_it_says_where_to_begin(client):
    assert "No published form" in page(client, assisting.review()).content.decode()


def test_the_estimate_says_what_can_not_be_asked_and_why(client, model_server, included):  # noqa: F811
    review = assisting.review()
    form = version(review)
    assistant = assisting.llm(review, model_server, price_in=1, price_out=2)
    trial(review)
    trial(review, may_be_sent_to_ai=False)
    extracting.study(review, label="Nobody 1999")
    text = page(client, review, form_version=form, assistant=assistant).content.decode()
    assert "What can’t be asked" in text
    assert "1 study has documents that may not be sent to AI" in text
    assert "1 study has no document with text" in text
    assert "Nobody 1999" in text
    assert "1 study has no arms named" in text
    assert "no outcomes named" not in text  # this form asks for none
    assert "Cost in USD" in text


def test_a_run_is_started_with_any_assistant_of_the_review(client, model_server, included):  # noqa: F811
    review = assisting.review()
    form, study = version(review), trial(review)
    second = assisting.llm(review, model_server, "another")
    answer = page(client, review, "post", form_version=form, assistant=second)
    run = Run.objects.get()
    assert answer.status_code == 302
    assert (run.purpose, run.assistant, run.items.get().study) == (RunPurpose.EXTRACTION, second, study)
    assert run.estimate["calls"] == 1
    assert client.get(answer["Location"]).status_code == 200


def test_the_form_of_data_is_chosen_before_that_of_bias(client, included):
    review = assisting.review()
    add_instrument(review=review, instrument="rob2", by=review.created_by)
    form = version(review)
    trial(review), assisting.local(review)
    assert page(client, review).context["version"] == form


def test_studies_that_were_read_are_left_out_unless_all_are_chosen(client, included):
    review = assisting.review()
    form, _, assistant = version(review), trial(review), assisting.local(review)
    page(client, review, "post", form_version=form, assistant=assistant)
    worked_off()
    again = page(client, review, form_version=form, assistant=assistant)
    assert "has read every included study by this form" in again.content.decode()
    fresh = trial(review)
    assert page(client, review, form_version=form, assistant=assistant).context["estimate"].studies == 1
    page(client, review, "post", form_version=form, assistant=assistant)
    assert [item.study for item in worked_off().items.all()] == [fresh]
    answer = client.post(
        reverse("extraction:run-start", args=[review.pk]),
        {"form_version": form.pk, "assistant": assistant.pk, "studies": "all"},
    )
    assert answer.status_code == 302
    assert Run.objects.latest("id").items.count() == 2


def test_a_second_run_waits_for_the_first_and_says_so(client, included):
    review = assisting.review()
    form, _, assistant = version(review), trial(review), assisting.local(review)
    page(client, review, "post", form_version=form, assistant=assistant)
    answer = page(client, review, "post", form_version=form, assistant=assistant)
    assert answer.status_code == 409
    assert "is not finished" in answer.content.decode()
    assert Run.objects.count() == 1


def test_with_ai_off_nothing_starts(client, included):
    review = assisting.review()
    form, _, assistant = version(review), trial(review), assisting.local(review)
    type(review).objects.update(ai_enabled=False)
    answer = page(client, review, "post", form_version=form, assistant=assistant)
    assert "AI is off" in answer.content.decode()
    assert not Run.objects.exists()


def test_a_panel_fills_in_no_forms_and_is_not_offered(client, model_server, included):  # noqa: F811
    review = assisting.review()
    form, _ = version(review), trial(review)
    panel = assisting.panel(review, *(assisting.llm(review, model_server, name) for name in "ab"))
    assert str(panel) not in page(client, review, form_version=form).content.decode()
    with pytest.raises(RunRefusedError, match="A panel screens records"):
        extraction_runs.start(review=review, form_version=form, assistant=panel, by=review.created_by)


def test_the_number_of_queries_does_not_grow_with_the_studies(client, included, django_assert_max_num_queries):
    review = assisting.review()
    form, assistant = version(review), assisting.local(review)
    page(client, review, form_version=form, assistant=assistant)  # what is read once per process
    counts = []
    for more in (1, 2):
        for _ in range(more):
            trial(review)
        with django_assert_max_num_queries(60) as asked:
            page(client, review, form_version=form, assistant=assistant)
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]
