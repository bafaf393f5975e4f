"""Extraction at a glance: what it tells of others, and to whom places are given."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from extraction.actions import assignments, values
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [{"key": "n", "label": "N", "kind": "number"}]
SCHEMA = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "G", "fields": FIELDS}]}


@pytest.fixture
def case():
    """Two extractors at work, one of whom has entered something."""
    review = builders.review()
    version = extracting.form_version(review, SCHEMA)
    study = extracting.included_study(review)
    people = [extracting.extractor(review) for _ in range(2)]
    for person in people:
        assignments.begin(study=study, form=version.form, by=person)
    given = {"study": study, "form": version.form, "field_key": "n", "raw": "5", "idempotency_key": uuid4()}
    values.record(**given, by=people[0])
    return study, version, people


def page(client, study, person):
    client.force_login(person)
    return client.get(reverse("extraction:home", args=[study.review_id])).content.decode()


def test_how_far_another_is_an_extractor_learns_when_all_are_done(client, case):
    study, _, (first, second) = case
    assert "1 entered" in page(client, study, first)
    assert "1 entered" not in page(client, study, second)
    assert "1 entered" in page(client, study, study.review.created_by)
    study.assignments.update(status="done", done_at=timezone.now())
    assert "1 entered" in page(client, study, second)


def test_whoever_is_no_member_can_not_be_named_by_number(client, case):
    study, version, _ = case
    stranger = builders.user("somebody-elsewhere")
    client.force_login(study.review.created_by)
    address = reverse("extraction:assign", args=[study.review_id, study.pk, version.form_id])
    reply = client.post(address, {"do": "assign", "extractor": stranger.pk}, follow=True)
    assert reply.status_code == 404
    assert "somebody-elsewhere" not in reply.content.decode()


def test_somebody_with_two_roles_is_assigned_once(client, case):
    study, version, (first, _) = case
    builders.join(study.review, first, "reviewer")
    assignments.release(assignment=study.assignments.get(extractor=first), by=first)
    client.force_login(study.review.created_by)
    address = reverse("extraction:assign", args=[study.review_id, study.pk, version.form_id])
    assert client.post(address, {"do": "assign", "extractor": first.pk}).status_code == 302
    assert study.assignments.get(extractor=first).status == "working"


def test_whoever_settles_sees_how_many_cells_wait(client, case):
    study, version, (first, second) = case
    lead = study.review.created_by
    assert "Consensus" not in page(client, study, lead)
    extracting.value(study, version, "n", "6", second)
    study.assignments.update(status="done", done_at=timezone.now())
    assert "Consensus · <b>1 to settle</b>" in page(client, study, lead)
    assert "Consensus" not in page(client, study, first)
    extracting.value(study, version, "n", "6", lead, capacity="consensus")
    assert "Consensus · settled</span>" in page(client, study, lead)
