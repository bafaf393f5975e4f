"""The duplicates pages: judge side by side, undo, merges, marking while screening."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.enums import CandidateStatus, Role
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from tests import builders
from tests.citations import bring_in, ris, some_ris

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(client):
    person = builders.user("reader")
    made = builders.review(reviewers=[person])
    client.force_login(person)
    return made


def url(name, review, *args):
    return reverse(f"screening:{name}", args=[review.pk, *args])


def pairs(review, count):
    """Open pairs of records that came with an import, likeliest first."""
    bring_in(review, some_ris(2 * count, start=Record.objects.count() * 10))
    records = list(Record.objects.order_by("-pk")[: 2 * count])
    return [
        DuplicateCandidate.objects.create(
            review=review,
            first=min(one, two, key=lambda r: r.pk),
            second=max(one, two, key=lambda r: r.pk),
            score=0.9 - place / 10,
            reason="Titles alike.",
            engine_version="1",
        )
        for place, (one, two) in enumerate(zip(records[::2], records[1::2], strict=True))
    ]


def answer(client, review, pair, word):
    return client.post(url("duplicate", review, pair.pk), {"answer": word})


def test_the_likeliest_pair_is_shown_with_its_reason_and_differences_marked(client, review):
    bring_in(review, ris("Honey for cough", number=1) + ris("Honey for coughs", number=2, doi="10.1234/b"))
    one, two = Record.objects.order_by("pk")
    DuplicateCandidate.objects.all().delete()
    DuplicateCandidate.objects.create(
        review=review, first=one, second=two, score=0.7, reason="Near.", engine_version="1"
    )
    page = client.get(url("duplicates", review)).content.decode()
    assert "Near." in page
    assert "Honey for cough<mark>s</mark>" in page
    assert 'data-key="d"' in page


def test_an_answer_leads_to_the_next_pair_and_can_be_undone(client, review):
    first, second = pairs(review, 2)
    assert answer(client, review, first, "duplicate").url == url("duplicate", review, second.pk)
    assert Merge.objects.count() == 1
    page = client.get(url("duplicate", review, second.pk)).content.decode()
    assert url("duplicate-reopen", review, first.pk) in page
    assert client.post(url("duplicate-reopen", review, first.pk)).url == url("duplicate", review, first.pk)
    first.refresh_from_db()
    assert (first.status, Record.objects.filter(active=True).count()) == (CandidateStatus.OPEN, 4)


def test_the_last_answer_leads_to_an_empty_queue_that_says_so(client, review):
    (only,) = pairs(review, 1)
    assert answer(client, review, only, "not_duplicate").url == url("duplicates", review)
    assert "No pair waits for you" in client.get(url("duplicates", review)).content.decode()


def test_the_queue_is_left_and_resumed(client, review):
    first, second = pairs(review, 2)
    answer(client, review, first, "same_study")
    assert client.get(url("duplicates", review)).context["candidate"] == second


def test_an_unknown_answer_changes_nothing(client, review):
    (only,) = pairs(review, 1)
    answer(client, review, only, "perhaps")
    only.refresh_from_db()
    assert only.status == CandidateStatus.OPEN


def test_merges_are_listed_and_undone(client, review):
    (only,) = pairs(review, 1)
    answer(client, review, only, "duplicate")
    merge = Merge.objects.get()
    assert "Titles alike." in client.get(url("merges", review)).content.decode()
    client.post(url("unmerge", review, merge.pk))
    assert Record.objects.filter(active=True).count() == 2
    again = client.post(url("unmerge", review, merge.pk), follow=True).content.decode()
    assert "undone before" in again


def test_a_duplicate_is_marked_while_screening(client, review):
    bring_in(review, ris("Honey for cough of children", number=1) + ris("Cough of children: honey", number=40))
    Record.objects.update(active=True, merged_into=None)
    one, two = Record.objects.order_by("pk")
    page = client.get(url("mark-duplicate", review, one.pk), {"q": "honey children"}).content.decode()
    assert f'value="{two.pk}"' in page
    client.post(url("mark-duplicate", review, one.pk), {"of": two.pk})
    assert Record.objects.filter(active=True).count() == 1


def test_html_in_titles_is_text(client, review):
    (only,) = pairs(review, 1)
    Record.objects.filter(pk=only.first_id).update(title="<script>alert(1)</script>")
    page = client.get(url("duplicates", review)).content.decode()
    assert "<script>alert" not in page
    assert "script" in page


@pytest.mark.parametrize("name", ["duplicates", "merges"])
def test_strangers_learn_nothing_and_observers_may_not_judge(client, review, name):
    client.force_login(builders.user())
    assert client.get(url(name, review)).status_code == 404
    observer = builders.user()
    builders.join(review, observer, Role.OBSERVER)
    client.force_login(observer)
    assert client.get(url(name, review)).status_code == 403


def test_only_a_lead_compares_all_again(client, review):
    assert client.post(url("deduplicate", review)).status_code == 403
    client.force_login(review.created_by)
    assert client.post(url("deduplicate", review)).status_code == 302


def test_pages_take_as_many_queries_for_three_as_for_one(client, review):
    counts = []
    for _ in range(3):
        first, second = pairs(review, 2)
        answer(client, review, second, "duplicate")
        counts.append((queries(client, url("merges", review)), queries(client, url("duplicates", review))))
        DuplicateCandidate.objects.filter(pk=first.pk).update(score=0.1)
    assert counts[0] == counts[1] == counts[2]


def queries(client, path):
    client.get(path)  # messages of the last answer are read once
    with CaptureQueriesContext(connection) as context:
        assert client.get(path).status_code == 200
    return len(context)


def test_a_search_for_what_no_text_can_hold_finds_nothing_and_breaks_nothing(client):
    person = builders.user()
    review = builders.review(reviewers=[person])
    client.force_login(person)
    address = reverse("screening:mark-duplicate", args=[review.pk, builders.record(review).pk])
    assert client.get(address, {"q": "a\0b"}).status_code == 200
