"""Notes and tags by plain forms on a record's page, and what leads there and back."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.enums import Role
from screening.models.note import Note, Tag, Tagging
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def record(ada, client):
    client.force_login(ada)
    return builders.record(builders.review(reviewers=[ada]))


def post(client, record, what, *args, **data):
    address = reverse(f"screening:record-{what}", args=[record.review_id, record.pk, *args])
    return client.post(address, data, follow=True)


def note(client, record, text, private="no", **fields):
    return post(client, record, "note", text=text, private=private, idempotency_key=str(uuid4()), **fields)


def test_a_note_is_written_changed_and_removed(client, record):
    assert "Look at page 4" in note(client, record, "Look at page 4").content.decode()
    page = note(client, record, "Look at page 5", replaces=Note.objects.get().pk).content.decode()
    assert "Look at page 5" in page
    assert "Look at page 4" not in page
    page = note(client, record, "", replaces=Note.objects.latest("pk").pk)
    assert "The note is removed." in page.content.decode()
    assert page.context["notes"] == []


@pytest.mark.parametrize("text", ["", "x" * 5_001])
def test_a_note_that_can_not_stand_is_refused_with_a_sentence(client, record, text):
    assert "Nothing was stored" in note(client, record, text).content.decode()
    assert not Note.objects.exists()


def test_markup_in_a_note_is_text(client, record):
    page = note(client, record, "<script>alert(1)</script>").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_tag_goes_on_and_comes_off(client, record):
    assert [tag["name"] for tag in post(client, record, "tag", name="cohort").context["tags"]] == ["cohort"]
    assert post(client, record, "untag", Tag.objects.get().pk).context["tags"] == []
    assert not Tagging.objects.exists()


def test_who_only_reads_finds_no_form_and_is_refused(client, record):
    builders.join(record.review, observer := builders.user(), Role.OBSERVER)
    client.force_login(observer)
    assert "Save note" not in client.get(record.get_absolute_url()).content.decode()
    assert note(client, record, "x").status_code == 403
    assert post(client, record, "tag", name="x").status_code == 403


def test_a_record_of_another_review_is_not_there(client, record):
    other = builders.record(builders.review())
    for name, args in (("note", []), ("tag", []), ("untag", [1])):
        for review in (record.review, other.review):
            address = reverse(f"screening:record-{name}", args=[review.pk, other.pk, *args])
            assert client.post(address).status_code == 404


def test_slash_in_the_workbench_leads_into_the_search_field(client, record):
    page = reverse("screening:records", args=[record.review_id])
    assert "autofocus" in client.get(page, {"focus": "search"}).content.decode()
    assert "autofocus" not in client.get(page).content.decode()


def test_after_marking_a_duplicate_one_is_back_at_the_workbench(client, record):
    other = builders.record(record.review)
    page = reverse("screening:mark-duplicate", args=[record.review_id, record.pk])
    back = reverse("screening:screen", args=[record.review_id, "title_abstract"])
    assert client.get(page, {"next": back}).context["back"] == back
    assert client.post(page, {"of": other.pk, "next": back})["Location"] == back


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "/accounts/logout/"])
def test_no_other_address_is_gone_to(client, record, address):
    other = builders.record(record.review)
    page = reverse("screening:mark-duplicate", args=[record.review_id, record.pk])
    assert client.get(page, {"next": address}).context["back"] == ""
    assert client.post(page, {"of": other.pk, "next": address})["Location"] == page
