"""EXT-06: the panel behind a cell is no way round the blinding."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from extraction.models.form import FormVersion
from extraction.models.proposal import Rejection
from extraction.queries.provenance import Proposed, provenance
from extraction.queries.table_wanted import Eyes
from screening.enums import Role
from screening.models.review import Review
from screening.models.study import Study
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [
    {"key": "country", "label": "Country", "kind": "text"},
    {"key": "weight", "label": "Weight", "kind": "number", "unit": "g", "units": ["kg"]},
]
SCHEMA: dict[str, object] = {
    "title": "D",
    "purpose": "data",
    "groups": [{"key": "g", "label": "G", "fields": FIELDS}],
}


@pytest.fixture
def review() -> Review:
    return builders.review(ai_enabled=True)


@pytest.fixture
def version(review: Review) -> FormVersion:
    return extracting.form_version(review, SCHEMA)


@pytest.fixture
def rejected(review: Review, version: FormVersion) -> tuple[Study, User, User]:
    """Two extractors at work; the other one has rejected the proposal."""
    study, person, other = extracting.study(review), extracting.extractor(review), extracting.extractor(review)
    for one in (person, other):
        extracting.assign(study, version, one)
    proposed = extracting.proposal(study, version, "country", "Peru")
    Rejection.objects.create(proposal=proposed, author=other, reason="incorrect", note="It is Chile")
    return study, person, other


def proposal_seen(study: Study, version: FormVersion, person: User, *roles: str) -> Proposed:
    found = provenance(study, version, "country@0@0", Eyes(person.pk, set(roles)))
    assert found is not None
    (one,) = found.proposed
    return one


def test_an_extractor_at_work_is_not_told_what_another_rejected(
    version: FormVersion, rejected: tuple[Study, User, User]
) -> None:
    study, person, other = rejected
    assert proposal_seen(study, version, person, Role.EXTRACTOR).rejections == ()
    assert len(proposal_seen(study, version, other, Role.EXTRACTOR).rejections) == 1
    study.assignments.update(status="done", done_at=timezone.now())
    assert len(proposal_seen(study, version, person, Role.EXTRACTOR).rejections) == 1


def test_a_reader_is_told_who_rejected_only_when_all_are_done(
    version: FormVersion, rejected: tuple[Study, User, User]
) -> None:
    study, _, _ = rejected
    lead = study.review.created_by
    assert proposal_seen(study, version, lead, Role.LEAD).rejections == ()
    study.assignments.update(status="done", done_at=timezone.now())
    assert len(proposal_seen(study, version, lead, Role.LEAD).rejections) == 1
