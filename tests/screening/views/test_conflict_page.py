"""A conflict's page shows the record as it is."""

import pytest
from django.urls import reverse

from screening.enums import Verdict
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db


def test_title_and_abstract_run_in_their_own_direction(client):
    ada, ben = builders.user(), builders.user()
    review = builders.review(reviewers=[ada, ben], adjudicators=[ada])
    record = builders.record(review, title="تجربة سريرية", abstract="دراسة عشوائية")
    builders.decide(record, ada, Verdict.INCLUDE)
    builders.decide(record, ben, Verdict.EXCLUDE)
    client.force_login(ada)
    state = StageState.objects.get(record=record)
    html = client.get(reverse("screening:conflict", args=[review.pk, state.pk])).content.decode()
    assert 'class="wb-title" dir="auto">تجربة سريرية<' in html
    assert 'class="wb-abstract" dir="auto">دراسة عشوائية<' in html
