"""What the workbench says where it has no record for somebody."""

import pytest
from django.urls import reverse

from screening.enums import Stage
from screening.models.pilot import PilotRound
from tests import builders

pytestmark = pytest.mark.django_db
WITHOUT = "A pilot round is open, without you"


def test_who_takes_no_part_in_a_pilot_round_is_told_why_nothing_comes(client):
    ada, bob = builders.user("ada"), builders.user("bob")
    review = builders.review(reviewers=[ada, bob])
    builders.record(review)
    page = reverse("screening:screen", args=[review.pk])
    client.force_login(bob)
    assert WITHOUT not in client.get(page).content.decode()
    round_ = PilotRound.objects.create(
        review=review, stage=Stage.TITLE_ABSTRACT, number=1, size=1, reviewers=[ada.pk], started_by=ada
    )
    assert WITHOUT in client.get(page).content.decode()
    PilotRound.objects.filter(pk=round_.pk).update(reviewers=[ada.pk, bob.pk])
    assert WITHOUT not in client.get(page).content.decode()
