"""The audit trail is no way around blind-first: who extracts does not read what a model said of a study (EXT-05)."""

import pytest
from django.urls import reverse

from audit.models.model_call import ModelCall
from screening.enums import Role
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.extraction.proposals.conftest import start, trial, version, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(model_server):  # noqa: F811
    review = assisting.review()
    study, form = trial(review), version(review)
    work(start(assisting.llm(review, model_server), form, study))
    return review


def look(client, review, person):
    client.force_login(person)
    call = ModelCall.objects.get()
    seen = client.get(reverse("screening:model-call", args=[review.pk, call.pk]))
    return seen.status_code, client.get(reverse("screening:timeline", args=[review.pk])).content.decode()


def test_a_lead_who_extracts_does_not_read_the_call(client, asked):
    builders.join(asked, asked.created_by, Role.EXTRACTOR)
    status, timeline = look(client, asked, asked.created_by)
    assert status == 403
    assert "to people who do not extract" in timeline


def test_a_lead_who_does_not_extract_reads_it(client, asked):
    status, timeline = look(client, asked, asked.created_by)
    assert status == 200
    assert "to people who do not extract" not in timeline


def test_the_page_of_a_call_names_the_texts_that_left_with_it(client, asked):
    call = ModelCall.objects.get()
    client.force_login(asked.created_by)
    page = client.get(reverse("screening:model-call", args=[asked.pk, call.pk])).content.decode()
    assert "Full text “paper.pdf”" in page
    assert "Names of arms and outcomes of “Study" in page
