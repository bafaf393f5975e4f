"""The pages of prompts: writing, comparing, trying, publishing; words are escaped, and queries stay few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.actions import prompts
from screening.enums import Role
from screening.models.prompt import PromptVersion
from screening.models.run import Run
from screening.prompts.wordings import Wording
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(client):
    made = assisting.review()
    builders.record(made)
    client.force_login(made.created_by)
    return made


def saved(review, name="Nurse", persona="You read as a <b>nurse</b>."):
    return prompts.create(review=review, name=name, wording=Wording(persona), by=review.created_by)


def page(review, name, *args):
    return reverse(f"screening:{name}", args=[review.pk, *args])


def test_a_prompt_is_written_from_a_persona_then_amended_compared_and_published(client, review):
    begun = client.get(page(review, "prompts") + "?persona=0").content.decode()
    assert "no eligible study is lost" in begun
    said = {"name": "Nurse", "persona": "You read as a nurse.", "guidance": "", "note": "Begun"}
    at_first = client.post(page(review, "prompts"), said, follow=True).content.decode()
    assert "Not published" in at_first
    version = PromptVersion.objects.get()
    refused = client.post(page(review, "prompt", version.prompt_id), {"persona": "Say your verdict", "based_on": 1})
    assert "belongs to the form" in refused.content.decode()
    client.post(page(review, "prompt", version.prompt_id), {"persona": "You read as a doctor.", "based_on": 1})
    second = client.get(page(review, "prompt-version", version.prompt_id, 2)).content.decode()
    assert "[removed: </span>nurse" in second
    assert "[added: </span>doctor" in second
    assert "You help to screen records" in second
    silent = client.post(page(review, "prompt-publish", version.prompt_id, 2), follow=True).content.decode()
    assert "Try it on some records first" in silent
    done = client.post(page(review, "prompt-publish", version.prompt_id, 2), {"reason": "Known"}, follow=True)
    assert "is published" in done.content.decode()
    assert "Nurse v2" in client.get(page(review, "assistants")).content.decode(), "assistants can be made with it"


def test_a_trial_is_started_from_the_page_and_refusals_are_sentences(client, review, model_server):  # noqa: F811
    version = saved(review)
    assistant = assisting.llm(review, model_server)
    address = page(review, "prompt-try", version.prompt_id, 1)
    none_settled = client.post(address, {"assistant": assistant.pk, "number": 5}, follow=True)
    assert "No record is settled yet" in none_settled.content.decode()
    wrong = client.post(address, {"assistant": assistant.pk, "number": 5, "records": "12, x"}, follow=True)
    assert "“x” is no number of a record" in wrong.content.decode()
    named = {"assistant": assistant.pk, "number": 5, "records": str(review.records.get().pk)}
    assert "is being tried on 1 records" in client.post(address, named, follow=True).content.decode()
    assert Run.objects.get().prompt == version


def test_words_of_a_prompt_are_text(client, review):
    version = saved(review)
    for name, args in (("prompts", []), ("prompt", [version.prompt_id]), ("prompt-version", [version.prompt_id, 1])):
        assert "<b>nurse" not in client.get(page(review, name, *args)).content.decode()


def test_auditors_read_prompts_and_write_none_and_reviewers_see_none(client, review):
    version = saved(review)
    auditor, reviewer = builders.user(), builders.user()
    builders.join(review, auditor, Role.AUDITOR)
    builders.join(review, reviewer, Role.REVIEWER)
    client.force_login(auditor)
    assert client.get(page(review, "prompt-version", version.prompt_id, 1)).status_code == 200
    assert client.post(page(review, "prompts"), {"name": "x", "persona": "y"}).status_code == 403
    client.force_login(reviewer)
    assert client.get(page(review, "prompts")).status_code == 403


def test_a_prompt_of_another_review_and_a_version_that_is_none_are_not_found(client, review):
    other = saved(assisting.review())
    assert client.get(page(review, "prompt", other.prompt_id)).status_code == 404
    own = saved(review)
    assert client.get(page(review, "prompt-version", own.prompt_id, 9)).status_code == 404


def test_the_lists_take_the_same_number_of_queries_for_any_number_of_rows(client, review):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            version = saved(review, name=f"Prompt {next(builders.number)}")
            prompts.save(prompt=version.prompt, wording=Wording(f"x{next(builders.number)}"), by=review.created_by)
        row = []
        for address in (page(review, "prompts"), page(review, "assistants")):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            row.append(len(queries))
        counts.append(row)
    assert counts[0] == counts[1]
