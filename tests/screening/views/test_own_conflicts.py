"""Where adjudicators may not settle conflicts of their own, these are none of theirs (SCR-05)."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.actions import reviews, stages
from screening.enums import Facet, Origin
from screening.models.decision import Decision
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db
TA = "title_abstract"
SENTENCE = "somebody else settles it"


@pytest.fixture
def people():
    return [builders.user(name) for name in ("ada", "ben", "cleo")]


@pytest.fixture
def review(client, people):
    """Ada adjudicates and screens; the oldest conflict and the newest are her own."""
    made = builders.review(reviewers=people, adjudicators=[people[0]])
    for pair in ((0, 1), (1, 2), (0, 2)):
        item = builders.record(made)
        for person, verdict in zip(pair, ("include", "exclude"), strict=True):
            builders.decide(item, people[person], verdict)
    client.force_login(people[0])
    return made


def barred(review):
    reviews.change_rule(rule=stages.rule_for(review, TA), by=review.created_by, own_conflicts=False)


def conflicts(client, review):
    answer = client.get(reverse("screening:conflicts", args=[review.pk]))
    return [row["state"] for row in answer.context["rows"]], answer


def address(review, state):
    return reverse("screening:conflict", args=[review.pk, state.pk])


def settle(client, review, state, **data):
    return client.post(address(review, state), {"verdict": "include", "idempotency_key": str(uuid4()), **data})


def test_own_ones_are_listed_where_the_rule_allows_it(client, review):
    assert len(conflicts(client, review)[0]) == 3


def test_own_ones_are_in_no_list_no_count_and_never_next(client, review):
    barred(review)
    listed, answer = conflicts(client, review)
    (other,) = listed
    assert "2 more conflicts are left to another adjudicator" in answer.content.decode()
    assert [one["count"] for one in answer.context["review_nav"] if one["label"] == "Conflicts"] == [1]
    assert client.get(address(review, other)).context["waiting"] == 1
    done = settle(client, review, other)
    assert done.url == reverse("screening:conflicts", args=[review.pk])
    assert conflicts(client, review)[0] == []


def test_opening_an_own_one_says_so_and_has_no_form(client, review):
    barred(review)
    ada = review.memberships.get(role="adjudicator").user_id
    own = StageState.objects.filter(status="conflict", voters__contains=[ada]).first()
    answer = client.get(address(review, own))
    assert SENTENCE in answer.content.decode()
    assert 'name="verdict"' not in answer.content.decode()
    opened = client.post(reverse("screening:conflict-opinions", args=[review.pk, own.pk]))
    assert opened.status_code == 403


def test_it_is_settled_under_the_version_that_the_page_showed(client, review):
    first, second = (row for row in conflicts(client, review)[0][:2])
    shown = client.get(address(review, first)).context["protocol"]
    assert f'name="protocol" value="{shown.pk}"' in client.get(address(review, first)).content.decode()
    newer = builders.protocol(review, by=review.created_by, criteria=[("adults", Facet.POPULATION)])
    settle(client, review, first, protocol=shown.pk)
    settle(client, review, second, protocol="not a number")
    said = Decision.objects.filter(origin=Origin.ADJUDICATION).order_by("id")
    assert [one.protocol_id for one in said] == [shown.pk, newer.pk]
