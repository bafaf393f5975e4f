"""Two studies that both have values are not made one."""

import pytest

from screening.actions import studies
from screening.queries.identification.studies import hanging
from tests import builders, extracting

pytestmark = pytest.mark.django_db
SCHEMA = {
    "title": "Form",
    "purpose": "data",
    "groups": [
        {"key": "g", "label": "G", "repeats": "study", "fields": [{"key": "n", "label": "N", "kind": "number"}]}
    ],
}


def test_two_studies_with_values_stay_two_and_the_reason_is_said():
    review = builders.review()
    version, person = extracting.form_version(review, SCHEMA), extracting.extractor(review)
    first, second = extracting.study(review), extracting.study(review)
    for study in (first, second):
        extracting.value(study, version, "n", "1", person)
    with pytest.raises(studies.StudyRefusedError, match="1 extracted value"):
        studies.link(study=second, into=first, by=review.created_by)


def test_nothing_hangs_on_a_study_without_values():
    assert hanging(extracting.study(builders.review())) == []
