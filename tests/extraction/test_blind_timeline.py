"""The audit trail is no way around the blinding of two who extract one study (EXT-06)."""

from uuid import uuid4

import pytest
from django.urls import reverse

from extraction.actions import assignments, proposals, values
from screening.enums import Role
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [{"key": "country", "label": "Country", "kind": "text"}]
SCHEMA = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "G", "fields": FIELDS}]}


@pytest.fixture
def review(client):
    """Somebody has entered a value and rejected a proposal; the lead is signed in."""
    review = builders.review(ai_enabled=True)
    version = extracting.form_version(review, SCHEMA)
    study, other = extracting.study(review), extracting.extractor(review)
    assignments.begin(study=study, form=version.form, by=other)
    proposal = extracting.proposal(study, version, "country", "Peru")
    proposals.reject(proposal=proposal, by=other, reason="incorrect", note="it says Chile in table 1")
    said = {"study": study, "form": version.form, "field_key": "country", "raw": "Chile", "note": "see table 1"}
    values.record(**said, by=other, idempotency_key=uuid4())
    client.force_login(review.created_by)
    return review


def timeline(client, review, name="timeline"):
    return client.get(reverse(f"screening:{name}", args=[review.pk])).getvalue().decode()


def test_a_lead_who_does_not_extract_reads_how_somebody_came_to_a_value(client, review):
    assert "see table 1" in timeline(client, review)


def test_a_lead_who_extracts_does_not(client, review):
    builders.join(review, review.created_by, Role.EXTRACTOR)
    page = timeline(client, review)
    for told in ("see table 1", "it says Chile", "rejected the proposal", "entered Country"):
        assert told not in page
    assert "what somebody entered of a study" in page
    assert "table 1" not in timeline(client, review, "timeline-csv")
