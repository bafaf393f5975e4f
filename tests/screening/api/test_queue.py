"""The workbench's API: what comes next, storing decisions, and what is not revealed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from screening.enums import Role, Verdict
from screening.models.decision import Decision
from screening.models.stage import Reservation
from tests import builders

pytestmark = pytest.mark.django_db


def queue(client, review, **query):
    return client.get(f"/api/reviews/{review.pk}/queue/", query)


def post(client, review, record, verdict="include", **fields):
    body = {"record": record.pk, "stage": "title_abstract", "verdict": verdict, "idempotency_key": str(uuid4())}
    return client.post(f"/api/reviews/{review.pk}/decisions/", body | fields, content_type="application/json")


def test_a_single_reviewer_place_is_never_given_to_two(client):
    one, two = builders.user(), builders.user()
    review = builders.review(reviewers=[one, two], reviewers_per_record=1)
    for _ in range(4):
        builders.record(review)
    client.force_login(one)
    first = {card["id"] for card in queue(client, review, limit=3).json()["records"]}
    client.force_login(two)
    second = {card["id"] for card in queue(client, review, limit=3).json()["records"]}
    assert (len(first), len(second)) == (3, 1)
    assert first.isdisjoint(second)


def test_a_reservation_that_expired_frees_the_place(client):
    one, two = builders.user(), builders.user()
    review = builders.review(reviewers=[one, two], reviewers_per_record=1)
    record = builders.record(review)
    client.force_login(one)
    queue(client, review)
    Reservation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    client.force_login(two)
    assert [card["id"] for card in queue(client, review).json()["records"]] == [record.pk]


def test_a_decision_brings_the_next_record_along_and_not_the_ones_in_hand(client):
    one = builders.user()
    review = builders.review(reviewers=[one])
    for _ in range(3):
        builders.record(review)
    client.force_login(one)
    first, second = queue(client, review, limit=2).json()["records"]
    answer = post(client, review, builders.Record(pk=first["id"]), have=[second["id"]], limit=2)
    assert answer.status_code == 201
    (third,) = answer.json()["next"]
    assert third["id"] not in {first["id"], second["id"]}


def test_a_repeat_answers_200_and_stores_nothing(client):
    one = builders.user()
    review = builders.review(reviewers=[one])
    record, key = builders.record(review), str(uuid4())
    client.force_login(one)
    assert post(client, review, record, idempotency_key=key).status_code == 201
    assert post(client, review, record, idempotency_key=key).status_code == 200
    assert Decision.objects.count() == 1


def test_a_stranger_finds_nothing_and_a_member_who_may_not_screen_is_told(client):
    stranger, observer = builders.user(), builders.user()
    review = builders.review()
    builders.join(review, observer, Role.OBSERVER)
    client.force_login(stranger)
    assert queue(client, review).status_code == 404
    client.force_login(observer)
    answer = queue(client, review)
    assert answer.status_code == 403
    assert "Only reviewers" in answer.json()["detail"]


def test_a_record_of_another_review_is_refused_and_nothing_is_stored(client):
    one = builders.user()
    mine, other = builders.review(reviewers=[one]), builders.review()
    client.force_login(one)
    assert post(client, mine, builders.record(other)).status_code == 409
    assert not Decision.objects.exists()


def test_errors_have_one_shape(client):
    one = builders.user()
    review = builders.review(reviewers=[one])
    client.force_login(one)
    answer = client.post(f"/api/reviews/{review.pk}/decisions/", {"verdict": "yes"}, content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "errors"} == set(answer.json())


def test_the_queue_takes_as_many_queries_for_one_record_as_for_three(client, django_assert_num_queries):
    one = builders.user()
    client.force_login(one)
    for count in (1, 3):
        review = builders.review(reviewers=[one])
        for _ in range(count):
            builders.record(review)
        with django_assert_num_queries(14):
            assert len(queue(client, review).json()["records"]) == count


def test_a_decision_with_its_next_record_takes_a_bounded_number_of_queries(client, django_assert_max_num_queries):
    one = builders.user()
    review = builders.review(reviewers=[one])
    records = [builders.record(review) for _ in range(3)]
    client.force_login(one)
    with django_assert_max_num_queries(30):
        post(client, review, records[0], Verdict.EXCLUDE)


def test_a_body_nested_without_end_is_refused_in_words(client):
    ada = builders.user()
    client.force_login(ada)
    url = f"/api/reviews/{builders.review(reviewers=[ada]).pk}/decisions/"
    reply = client.post(url, "[" * 100_000, content_type="application/json")
    assert reply.status_code == 400
    assert "nested too deep" in reply.json()["detail"]
