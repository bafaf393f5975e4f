"""What a lead has seen is what is brought in: nobody commits what somebody else chose meanwhile (IMP-06)."""

import pytest
from django.urls import reverse

from screening.models.decision_import import DecisionImport
from tests import builders
from tests.citations import bring_in
from tests.elsewhere import chosen, looked, rayyan, said

pytestmark = pytest.mark.django_db

FILE = rayyan(said("Anna", "Included"), said("Anna", "Excluded"))


@pytest.fixture
def review(client):
    made = builders.review(reviewers=[builders.user()])
    client.force_login(made.created_by)
    return made


def page_of(client, review, row):
    return client.get(reverse("screening:elsewhere", args=[review.pk, row.pk]))


def send(client, review, row, verb, fields):
    return client.post(reverse("screening:elsewhere-change", args=[review.pk, row.pk, verb]), fields, follow=True)


def test_what_another_lead_chose_meanwhile_is_not_brought_in_unseen(client, review):
    file = bring_in(review, FILE)
    row = chosen(file)
    seen = page_of(client, review, row).context["as_seen"]
    chosen(file, verdicts={"Included": "exclude", "Excluded": "include"})
    answer = send(client, review, row, "commit", seen)
    assert "chose otherwise" in answer.content.decode()
    row.refresh_from_db()
    assert (row.status, row.verdicts["Included"]) == ("choosing", "exclude")
    send(client, review, row, "commit", answer.context["as_seen"])
    row.refresh_from_db()
    assert row.status == "queued"


def test_who_comes_late_is_told_that_something_else_is_being_brought_in(client, review):
    file = bring_in(review, FILE)
    row = chosen(file)
    seen = page_of(client, review, row).context["as_seen"]
    other = chosen(file, counts_as="opinion")
    send(client, review, other, "commit", page_of(client, review, other).context["as_seen"])
    assert "chose otherwise" in send(client, review, row, "commit", seen).content.decode()


def test_without_saying_what_was_seen_nothing_is_brought_in(client, review):
    row = chosen(bring_in(review, FILE))
    send(client, review, row, "commit", {})
    assert DecisionImport.objects.get().status == "choosing"


def test_a_place_that_is_not_in_the_file_is_refused_and_its_values_are_not_read_as_others(client, review):
    row = looked(bring_in(review, FILE))
    given = {"counts_as": "final", "stage": "title_abstract", "reason_place": "", "v0": "include", "v1": "include"}
    for place in ({"place": "Nowhere"}, {}):
        answer = send(client, review, row, "choose", {**given, **place})
        assert "no such column or tag" in answer.content.decode()
    row.refresh_from_db()
    assert (row.place, row.verdicts) == ("", {})
