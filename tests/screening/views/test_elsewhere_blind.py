"""The list of records tells nobody who may yet vote which records have an imported opinion (SCR-02, IMP-06)."""

import pytest
from django.urls import reverse

from screening.models.record import Record
from tests import builders
from tests.citations import bring_in, hand_in, ris
from tests.elsewhere import brought_in

pytestmark = pytest.mark.django_db

NAME = "excluded by the old team.ris"
ONE = ris("Honey against nocturnal cough of children", doi="10.1234/a")


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def judge():
    return builders.user("judge")


@pytest.fixture
def review(ada, judge):
    return builders.review(reviewers=[ada, builders.user()], adjudicators=[judge])


@pytest.fixture
def row(review):
    """An opinion on the first of two records: whoever is in this file was excluded elsewhere."""
    bring_in(review, ONE + ris("Bed nets treated with permethrin in villages", doi="10.1234/b", number=4))
    file = hand_in(review, ONE, name=NAME, source="Old team")
    return brought_in(file, place="*", verdicts={"in this file": "exclude"}, counts_as="opinion")


def listed(client, user, row, asked, **more):
    client.force_login(user)
    return client.get(reverse("screening:records", args=[row.review_id]), {"elsewhere": asked, **more})


def count(answer):
    return answer.context["page"].paginator.count


def decided():
    return Record.objects.order_by("pk").first()


def test_a_reviewer_is_not_told_by_the_name_of_the_file_before_the_own_vote(client, row, ada):
    answer = listed(client, ada, row, str(row.pk), stage="title_abstract")
    assert NAME not in answer.content.decode()
    assert count(answer) != 1


def test_a_reviewer_sees_no_open_record_listed_as_decided_elsewhere_before_the_own_vote(client, row, ada):
    assert count(listed(client, ada, row, "counts", status="partial")) == 0
    assert builders.decide(decided(), ada, "include").state.status == "conflict"
    assert count(listed(client, ada, row, "counts")) == 0


def test_a_lead_who_screens_is_blind_to_it_as_well_and_one_who_does_not_is_not(client, row, review):
    lead = review.created_by
    for asked in ("counts", str(row.pk)):
        assert count(listed(client, lead, row, asked)) == 1
    builders.join(review, lead, "reviewer")
    for asked in ("counts", str(row.pk)):
        assert count(listed(client, lead, row, asked)) == 0
    builders.decide(decided(), lead, "exclude")
    for asked in ("counts", str(row.pk)):
        assert count(listed(client, lead, row, asked)) == 1


def test_who_settles_a_conflict_is_not_told_that_one_side_of_it_is_from_elsewhere(client, row, review, ada, judge):
    assert builders.decide(decided(), ada, "include").state.status == "conflict"
    assert count(listed(client, judge, row, "counts")) == 0
    assert count(listed(client, review.created_by, row, "counts")) == 1


def test_what_is_settled_is_told_to_everybody(client, row, review, ada, judge):
    builders.decide(decided(), ada, "exclude")
    for person in (judge, review.memberships.filter(role="reviewer").exclude(user=ada).get().user):
        assert count(listed(client, person, row, "counts")) == 1
