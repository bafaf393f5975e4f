"""By which prompt an assistant was asked is kept with the call and the run, for an assistant may do both tasks."""

import pytest
from django.urls import reverse

from audit.models.event import Event
from audit.models.model_call import ModelCall
from extraction.prompts.question import PROMPT_VERSION
from extraction.reader import READER_VERSION
from reviewapp.ai.prompt import Message, Prompt
from screening.prompts.screening import PROMPT_VERSION as OF_SCREENING
from tests import assisting
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.extraction.proposals.conftest import start, trial, version, work

pytestmark = pytest.mark.django_db


def test_one_assistant_is_asked_by_the_prompt_of_each_task(model_server):  # noqa: F811
    review = assisting.review()
    study, form = trial(review), version(review)
    assistant = assisting.llm(review, model_server)
    of_extraction = start(assistant, form, study)
    work(of_extraction)
    of_screening = assisting.start(assistant)
    assisting.work(of_screening)
    kept = {call.purpose: call.parameters["prompt_version"] for call in ModelCall.objects.all()}
    assert kept == {"extraction": PROMPT_VERSION, "screening": OF_SCREENING}
    assert of_extraction.estimate["prompt_version"] == PROMPT_VERSION
    assert of_screening.estimate["prompt_version"] == OF_SCREENING


def test_the_page_of_a_run_says_it_and_that_the_offline_engine_is_no_llm(client):
    review = assisting.review()
    run = start(assisting.local(review), version(review), trial(review))
    client.force_login(review.created_by)
    page = client.get(reverse("screening:run", args=[review.pk, run.pk])).content.decode()
    assert f"offline engine, not an LLM {READER_VERSION}" in page
    assert Event.objects.get(type="run.started").data["prompt_version"] == READER_VERSION


def test_a_prompt_is_the_same_whatever_its_version_is_called():
    messages = (Message("user", "What does it say?"),)
    assert Prompt(messages, version="a").sha256() == Prompt(messages, version="b").sha256()
    assert Prompt(messages, version="a").and_then(Message("user", "Again.")).version == "a"
