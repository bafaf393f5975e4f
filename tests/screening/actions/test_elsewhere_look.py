"""Looking for decisions ends, whatever happens, and a worker does it where it would keep a request (IMP-06)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.actions import elsewhere, elsewhere_plan
from screening.enums import DecisionImportStatus
from screening.models.decision_import import DecisionImport
from tests import builders
from tests.citations import bring_in, hand_in
from tests.elsewhere import chosen, looked, rayyan, said

pytestmark = pytest.mark.django_db

FILE = rayyan(said("Anna", "Included"), said("Anna", "Excluded"))


@pytest.fixture
def review():
    return builders.review(reviewers=[builders.user()])


def meant(row, **more):
    return elsewhere.choose(
        row=row, place="Rayyan: decision", stage="title_abstract", counts_as="final", verdicts={"Included": "include"},
        by=row.author, **more,
    )  # fmt: skip


def broken(row):
    raise RuntimeError("odd")


def test_what_a_few_records_are_matched_with_is_shown_at_once(review):
    bring_in(review, FILE)
    row = meant(elsewhere.begin(file=hand_in(review, FILE + "\n"), by=review.created_by))
    assert (row.status, row.preview["records"]) == (DecisionImportStatus.CHOOSING, 1)


def test_a_small_file_is_matched_with_many_records_by_a_worker(review, monkeypatch):
    monkeypatch.setattr(elsewhere, "MATCHED_AT_ONCE", 2)
    file = bring_in(review, FILE)
    only = looked(hand_in(review, FILE + "\n"))
    assert only.status == DecisionImportStatus.CHOOSING, "its places are found without the records"
    assert meant(only).status == DecisionImportStatus.LOOKING
    elsewhere.look(import_id=only.pk)
    only.refresh_from_db()
    assert only.preview["records"] == 1
    assert meant(elsewhere.begin(file=file, by=review.created_by)).status == DecisionImportStatus.CHOOSING, (
        "no matching"
    )


def test_an_error_ends_the_looking_with_a_sentence_and_one_can_look_again(client, review, monkeypatch):
    row = meant(looked(bring_in(review, FILE)), at_once=False)
    plan = elsewhere_plan.plan
    monkeypatch.setattr(elsewhere_plan, "plan", broken)
    elsewhere.look(import_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.preview) == (DecisionImportStatus.CHOOSING, {})
    client.force_login(review.created_by)
    page = reverse("screening:elsewhere", args=[review.pk, row.pk])
    assert "because of an error on the server" in client.get(page).content.decode()
    monkeypatch.setattr(elsewhere_plan, "plan", plan)
    assert meant(row).preview["records"] == 1
    assert "because of an error" not in client.get(page).content.decode()


def test_where_nothing_could_be_looked_at_the_page_does_not_say_that_nothing_is_there(client, review, monkeypatch):
    file = bring_in(review, FILE)
    monkeypatch.setattr(elsewhere_plan, "survey", broken)
    client.force_login(review.created_by)
    page = client.post(reverse("screening:elsewhere-begin", args=[review.pk, file.pk]), follow=True).content.decode()
    assert "because of an error on the server" in page
    assert "No entry of this file can be read" not in page
    assert "Leave these decisions alone" in page


def test_who_reads_a_long_file_is_not_taken_for_gone(review, monkeypatch):
    monkeypatch.setattr(elsewhere_plan, "BEAT_EVERY", 1)
    old = timezone.now() - timedelta(minutes=10)
    only = hand_in(review, FILE + "\n")
    for row in (chosen(bring_in(review, FILE)), looked(only)):
        for read in (elsewhere_plan.survey, elsewhere_plan.plan):
            DecisionImport.objects.filter(pk=row.pk).update(heartbeat_at=old)
            read(row)
            row.refresh_from_db()
            assert row.heartbeat_at > old, read
