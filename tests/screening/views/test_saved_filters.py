"""A filter under a name: one's own, or the team's where a lead shares it; it tells nobody more than they may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.actions import team
from screening.enums import Role
from screening.models.saved_filter import SavedFilter
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return builders.user("lead")


@pytest.fixture
def reviewer():
    return builders.user("rolf")


@pytest.fixture
def review(lead, reviewer):
    return builders.review(lead=lead, reviewers=[reviewer])


def save(client, review, **fields):
    data = {"name": "Kidneys", "query": "q=kidney&page=3&status=", **fields}
    return client.post(reverse("screening:saved-filters", args=[review.pk]), data, follow=True)


def change(client, review, one, **fields):
    return client.post(reverse("screening:saved-filter", args=[review.pk, one.pk]), fields, follow=True)


def test_what_was_asked_for_is_kept_without_the_page_and_opened_again(client, lead, review):
    builders.record(review, title="kidney")
    builders.record(review)
    client.force_login(lead)
    page = save(client, review)
    one = SavedFilter.objects.get()
    assert (one.query, one.owner, one.shared) == ("q=kidney", lead, False)
    assert page.context["page"].paginator.count == 1
    line = client.get(reverse("screening:saved-filters", args=[review.pk]), {"part": "list"}).content.decode()
    assert "?q=kidney" in line
    assert '<span class="count">1</span>' in line


def test_only_a_lead_shares_and_only_its_owner_changes_it(client, lead, reviewer, review):
    client.force_login(reviewer)
    save(client, review, shared="yes")
    assert not SavedFilter.objects.get().shared
    client.force_login(lead)
    save(client, review, name="Ours", shared="yes")
    shared = SavedFilter.objects.get(shared=True)
    client.force_login(reviewer)
    assert "Ours" in client.get(reverse("screening:records", args=[review.pk])).content.decode()
    assert "Only they can change it" in change(client, review, shared, name="Mine").content.decode()
    client.force_login(lead)
    assert "Kidneys" not in client.get(reverse("screening:records", args=[review.pk])).content.decode()
    assert change(client, review, SavedFilter.objects.get(owner=reviewer), name="x").status_code == 404


def test_it_is_renamed_and_deleted_and_a_name_is_used_once(client, lead, review):
    client.force_login(lead)
    save(client, review)
    assert "already" in save(client, review, name="KIDNEYS").content.decode()
    one = SavedFilter.objects.get()
    change(client, review, one, name="Renal", shared="yes")
    one.refresh_from_db()
    assert (one.name, one.shared) == ("Renal", True)
    change(client, review, one, do="delete")
    assert not SavedFilter.objects.exists()
    assert [row.history_type for row in SavedFilter.history.order_by("history_id")] == ["+", "~", "-"]


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"name": "x" * 81}, {"name": "\u200b"}, {"query": ""}, {"query": "page=2"}]
)
def test_a_filter_that_can_not_be_kept_is_answered_with_a_sentence(client, lead, review, fields):
    client.force_login(lead)
    assert save(client, review, **fields).status_code == 200
    assert not SavedFilter.objects.exists()


def test_a_search_too_long_to_be_kept_is_refused_and_not_cut(client, lead, review):
    client.force_login(lead)
    page = save(client, review, query=f"q={'%D7%A9' * 400}").content.decode()
    assert "too long to be saved" in page
    assert not SavedFilter.objects.exists()


def test_a_filter_whose_tag_is_gone_or_that_is_nonsense_still_opens(client, lead, review):
    client.force_login(lead)
    save(client, review, query="tag=99999&box=nonsense")
    save(client, review, name="Two", query="year_from=abc")
    save(client, review, name="Three", query="box=nonsense")
    assert client.get(reverse("screening:saved-filters", args=[review.pk])).status_code == 200


def test_a_list_of_filters_is_one_person_s_view_and_takes_two_queries_more_for_each(client, lead, review):
    client.force_login(lead)
    used = []
    for count in (1, 3):
        for n in range(count):
            save(client, review, name=f"{count}/{n}")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("screening:records", args=[review.pk]))
        used.append(len(queries))
    assert used[0] == used[1], "their counts come later, by a request of their own"


def test_an_observer_opens_shared_filters_and_keeps_none(client, lead, review):
    observer = builders.user()
    builders.join(review, observer, Role.OBSERVER)
    client.force_login(observer)
    assert save(client, review).status_code == 403


def test_a_lead_unshares_or_deletes_what_somebody_shared_who_has_left_the_team(client, lead, review):
    """Else it would stand above everybody's list for good."""
    other = builders.user("other")
    builders.join(review, other, Role.LEAD)
    client.force_login(other)
    save(client, review, name="Theirs", shared="yes")
    one = SavedFilter.objects.get(owner=other)
    address, page = (
        reverse("screening:saved-filter", args=[review.pk, one.pk]),
        reverse("screening:saved-filters", args=[review.pk]),
    )
    client.force_login(lead)
    client.post(address, {"do": "delete"})
    assert SavedFilter.objects.filter(pk=one.pk).exists(), "its owner is here, and answers for it"
    assert address not in client.get(page).content.decode()
    team.set_roles(review=review, user=other, roles=set(), by=lead)
    builders.join(review, member := builders.user(), Role.REVIEWER)
    client.force_login(member)
    client.post(address, {"do": "delete"})
    assert SavedFilter.objects.filter(pk=one.pk).exists()
    client.force_login(lead)
    assert address in client.get(page).content.decode()
    client.post(address, {"do": "delete"})
    assert not SavedFilter.objects.filter(pk=one.pk).exists()
