"""What is counted of a team's days, and how the line of opinions left follows from it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from screening.enums import Facet
from screening.models.stage import StageRule
from screening.queries.progress.dashboard import pace_of
from screening.queries.progress.open_work import open_work
from screening.queries.team.pace import PersonDay, evenings, median_seconds, person_days
from tests import builders

MONDAY = date(2026, 3, 2)
STAGE = "title_abstract"


def day(at: int, opinions: int) -> PersonDay:
    return PersonDay(MONDAY + timedelta(days=at), 1, opinions, 0, 60.0, 1)


def test_the_line_is_counted_back_from_what_is_left_now() -> None:
    shown = evenings([day(0, 10), day(2, 5)], {MONDAY: 40}, remaining=25, today=MONDAY + timedelta(days=3))
    assert [(one.opinions, one.remaining) for one in shown] == [(10, 30), (0, 30), (5, 25), (0, 25)]


def test_records_that_come_in_later_were_not_left_before() -> None:
    came = {MONDAY: 20, MONDAY + timedelta(days=1): 100}
    shown = evenings([day(0, 10)], came, remaining=110, today=MONDAY + timedelta(days=1))
    assert [one.remaining for one in shown] == [10, 110]


def test_nothing_at_all_has_no_days() -> None:
    assert evenings([], {}, remaining=0, today=MONDAY) == []


@pytest.fixture
def review(db):
    return builders.review(reviewers=[builders.user("ana")])


@pytest.fixture
def ana(review):
    return review.memberships.get(user__username="ana").user


def opinions(review) -> int:
    return sum(one.opinions for one in person_days(review, STAGE))


def test_a_record_that_is_screened_anew_under_another_protocol_counts_again(review, ana):
    item = builders.record(review)
    builders.decide(item, ana, "include")
    builders.decide(item, ana, "exclude")
    assert opinions(review) == 1
    builders.protocol(review, by=ana, criteria=[("children", Facet.POPULATION)])
    builders.decide(item, ana, "include")
    assert opinions(review) == 2


def test_days_that_are_over_are_counted_once_and_today_each_time(review, ana, monkeypatch):
    with monkeypatch.context() as earlier:
        then = timezone.now() - timedelta(days=3)
        earlier.setattr(timezone, "now", lambda: then)
        builders.decide(builders.record(review), ana, seconds=20)
    assert opinions(review) == 1
    with CaptureQueriesContext(connection) as queries:
        assert opinions(review) == 1
    assert len(queries) == 1
    builders.decide(builders.record(review), ana, seconds=40)
    assert opinions(review) == 2
    assert median_seconds(review, STAGE) == {ana.pk: 20}  # the lower of two


def test_where_an_assistant_is_the_second_reviewer_people_owe_one_opinion(review, ana):
    review.ai_enabled = True
    review.save()
    StageRule.objects.filter(review=review).update(oversight="second_reviewer")
    for _ in range(3):
        builders.record(review)
    rule = StageRule.objects.select_related("review").get(review=review, stage=STAGE)
    assert open_work(rule).opinions == 3


def test_a_stage_that_no_opinion_reached_has_days_but_no_forecast(review):
    builders.record(review)
    rule = StageRule.objects.select_related("review").get(review=review, stage=STAGE)
    pace = pace_of(review, STAGE, open_work(rule))
    assert [one.remaining for one in pace.evenings] == [2]
    assert pace.dates is None
