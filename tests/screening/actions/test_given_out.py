"""Who is given which record: seniors, shares, pilot rounds and orders of the queue (SCR-01, SCR-04, SCR-07, SCR-10)."""

from collections import Counter

import pytest

from screening.actions import pilots, reviews, team
from screening.actions.reservations import claim_next
from screening.actions.stages import rule_for
from screening.enums import Assignment, Oversight, QueueOrder, Stage
from screening.models.stage import StageRule, StageState
from tests import builders

TA = Stage.TITLE_ABSTRACT
pytestmark = pytest.mark.django_db


def reviewed_by(number, *, records, **rule):
    people = [builders.user() for _ in range(number)]
    review = builders.review(reviewers=people, **rule)
    made = [builders.record(review) for _ in range(records)]
    return review, people, made


def given(review, person, limit=10):
    return claim_next(rule=rule_for(review, TA), reviewer_id=person.pk, limit=limit, have=[])


def change(review, **new):
    reviews.change_rule(rule=StageRule.objects.get(review=review, stage=TA), by=review.created_by, **new)


def test_of_two_places_one_is_kept_for_a_senior_reviewer():
    review, (senior, one, other), records = reviewed_by(3, records=1)
    team.set_senior(review=review, user=senior, senior=True, by=review.created_by)
    change(review, senior_among=True)
    assert given(review, one) == [records[0].pk]
    assert given(review, other) == []
    assert given(review, senior) == [records[0].pk]
    builders.decide(records[0], one)
    assert given(review, other) == [], "the senior still holds the other place"


def test_a_senior_takes_a_record_above_the_number_where_the_others_came_first():
    review, (senior, one, other), records = reviewed_by(3, records=1)
    team.set_senior(review=review, user=senior, senior=True, by=review.created_by)
    for person in (one, other):
        builders.decide(records[0], person)
    assert given(review, senior) == []
    change(review, senior_among=True)
    assert given(review, senior) == [records[0].pk]
    assert builders.decide(records[0], senior).state.status == "included"


def test_with_one_reviewer_and_a_senior_among_them_only_seniors_screen():
    review, (senior, one), records = reviewed_by(2, records=1, reviewers_per_record=1)
    team.set_senior(review=review, user=senior, senior=True, by=review.created_by)
    change(review, senior_among=True)
    assert (given(review, one), given(review, senior)) == ([], [records[0].pk])


def test_shares_are_as_large_as_was_said_and_each_record_has_as_many_people_as_it_needs():
    review, people, _ = reviewed_by(4, records=300)
    for person, share in zip(people, (100, 100, 50, 0), strict=True):
        team.set_share(review=review, user=person, share=share, by=review.created_by)
    change(review, assignment=Assignment.SHARES)
    assigned = list(StageState.objects.filter(review=review).values_list("assigned", flat=True))
    assert {len(each) for each in assigned} == {2}
    records = Counter(person for each in assigned for person in each)
    assert records[people[3].pk] == 0
    assert records[people[0].pk] > 1.2 * records[people[2].pk]
    assert set(given(review, people[0], limit=300)) == {
        state.record_id for state in StageState.objects.filter(assigned__contains=[people[0].pk])
    }


def test_who_comes_or_goes_moves_only_the_records_that_are_theirs():
    review, people, _ = reviewed_by(4, records=100)
    change(review, assignment=Assignment.SHARES)
    before = dict(StageState.objects.filter(review=review).values_list("record_id", "assigned"))
    team.suspend(review=review, user=people[0], by=review.created_by)
    after = dict(StageState.objects.filter(review=review).values_list("record_id", "assigned"))
    assert all(people[0].pk not in now for now in after.values())
    for record_id, had in before.items():
        assert set(had) - {people[0].pk} <= set(after[record_id]), "nobody else lost a record of theirs"
    team.resume(review=review, user=people[0], by=review.created_by)
    assert dict(StageState.objects.filter(review=review).values_list("record_id", "assigned")) == before


def test_what_was_screened_is_not_somebody_s_share_again_when_a_reviewer_is_replaced():
    review, people, _ = reviewed_by(3, records=30)
    change(review, assignment=Assignment.SHARES)
    mine = given(review, people[0], limit=100)
    done = [builders.decide(StageState.objects.get(record=pk, stage=TA).record, people[0]) for pk in mine[:3]]
    coming = builders.user()
    team.replace(review=review, leaving=people[0], coming=coming, by=review.created_by)
    for recorded in done:
        state = StageState.objects.get(pk=recorded.state.pk)
        assert people[0].pk in state.voters
        assert len(state.assigned) == 1, "one more opinion is needed, and is one person's"
    assert not StageState.objects.filter(review=review, assigned__contains=[people[0].pk]).exists()


def test_while_a_pilot_round_is_open_only_its_records_are_given_out_to_everybody_in_it():
    review, people, _ = reviewed_by(4, records=20)
    given(review, people[0])
    pilot = pilots.start(
        review=review, stage=TA, size=3, reviewers=[one.pk for one in people[:3]], by=review.created_by
    )
    sample = set(pilot.places.values_list("record_id", flat=True))
    assert [set(given(review, person)) for person in people] == [sample, sample, sample, set()]
    pilots.close(pilot=pilot, by=review.created_by)
    assert len(given(review, people[3], limit=20)) == 20


@pytest.mark.parametrize(
    ("order", "expected"),
    [(QueueOrder.NEWEST, ["c", "a", "b", "d"]), (QueueOrder.TITLE, ["a", "b", "c", "d"])],
)
def test_records_come_in_the_order_that_the_stage_names(order, expected):
    review, (person,), _ = reviewed_by(1, records=0)
    years = {"b": 2001, "c": 2020, "a": 2010, "d": None}
    titled = {builders.record(review, title=f"{letter} trial", year=year).pk: letter for letter, year in years.items()}
    change(review, queue_order=order)
    assert [titled[pk] for pk in given(review, person)] == expected
    late = builders.record(review, title="aw later", year=2015)
    assert given(review, person).index(late.pk) == 1, "who comes later is put in the same order"


def test_an_order_by_relevance_stays_random_where_the_mode_forbids_scores():
    review, (person,), _ = reviewed_by(1, records=5, oversight=Oversight.BLIND_FIRST)
    before = given(review, person)
    change(review, queue_order=QueueOrder.RANDOM)
    assert given(review, person) == before
