"""What a changed rule will do is said before it is made, and is what then happens (SCR-01)."""

from collections import Counter
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.actions import reconcile, reviews, rulebook, stages
from screening.actions.rule_preview import preview
from screening.enums import Stage, StageStatus
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from tests import builders

pytestmark = pytest.mark.django_db

VERDICTS = st.sampled_from(["include", "exclude", "maybe"])
VOTES = st.dictionaries(st.integers(0, 2), VERDICTS, max_size=3)  # reviewer -> verdict
RULES = st.tuples(st.sampled_from([1, 2]), st.sampled_from([0, 30, 50, 100]))
RECORDS = st.lists(st.tuples(VOTES, VOTES), max_size=8)  # at title and abstract; at full text, where it comes so far


def changed(review: Review, stage: str, reviewers: int, share: int) -> StageRule:
    rule = stages.rule_for(review, stage)
    rule.reviewers_per_record, rule.double_share = reviewers, share
    return rule


def make(review: Review, stage: str, reviewers: int, share: int) -> None:
    rule = stages.rule_for(review, stage)
    reviews.change_rule(
        rule=rule,
        by=review.created_by,
        reviewers_per_record=reviewers,
        double_share=share,
        reason_required=rule.reason_required,
        oversight=rule.oversight,
    )


def standing(review: Review) -> dict[tuple[str, int], tuple[str, int]]:
    rows = StageState.objects.filter(review=review).values_list("stage", "record_id", "status", "needed")
    return {(stage, record): (status, needed) for stage, record, status, needed in rows}


def moves(before: dict[tuple[str, int], tuple[str, int]], after: dict[tuple[str, int], tuple[str, int]]) -> Counter:
    found: Counter = Counter()
    for place, (new, _) in after.items():
        old = before.get(place, (StageStatus.INACTIVE, 0))[0]
        found[place[0], old, new] += old != new
    return +found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS, was=RULES, then=RULES, stage=st.sampled_from(list(Stage)))
def test_the_preview_is_what_then_happens(records, was, then, stage) -> None:
    people = [User.objects.create(username=str(uuid4())) for _ in range(3)]
    review = builders.review(lead=people[0], reviewers=people[1:], oversight="off")
    make(review, stage, *was)
    for first, second in records:
        record = builders.record(review)
        for at, votes in ((Stage.TITLE_ABSTRACT, first), (Stage.FULL_TEXT, second)):
            for person, verdict in votes.items():
                if StageState.objects.filter(record=record, stage=at).exclude(status="inactive").exists():
                    builders.decide(record, people[person], verdict, stage=at)
    before = standing(review)
    said = preview(changed(review, stage, *then))
    assert standing(review) == before
    make(review, stage, *then)
    after = standing(review)
    assert Counter({(c.stage, c.old, c.new): c.records for c in said.changes}) == moves(before, after)
    here = {place: row for place, row in before.items() if place[0] == stage and row[0] != StageStatus.INACTIVE}
    assert said.more == sum(after[place][1] > needed for place, (_, needed) in here.items())
    assert said.fewer == sum(after[place][1] < needed for place, (_, needed) in here.items())
    assert list(reconcile.drifts(review)) == []


@pytest.fixture
def ada() -> User:
    return builders.user("ada")


@pytest.fixture
def review(ada: User) -> Review:
    return builders.review(reviewers=[ada], reviewers_per_record=1)


def test_from_one_to_two_reviewers_midway_sends_records_back_and_off_full_text(review, ada):
    for verdict in ("include", "include", "exclude"):
        builders.decide(builders.record(review), ada, verdict)
    builders.record(review)
    said = preview(changed(review, Stage.TITLE_ABSTRACT, 2, 100))
    assert [(c.stage, c.old, c.new, c.records) for c in said.changes] == [
        ("title_abstract", "included", "partial", 2),
        ("title_abstract", "excluded", "partial", 1),
        ("full_text", "unscreened", "inactive", 2),
    ]
    assert (said.requeued, said.more, said.fewer) == (3, 4, 0)


def queries(does) -> int:
    with CaptureQueriesContext(connection) as captured:
        does()
    return len(captured)


def test_preview_and_change_take_as_many_queries_for_three_records_as_for_nine(review, ada):
    used = []
    for count in (3, 6):
        for _ in range(count):
            for verdict in ("include", "exclude"):
                builders.decide(builders.record(review), ada, verdict)
        rule = changed(review, Stage.TITLE_ABSTRACT, 2, 100)
        asked = queries(lambda rule=rule: preview(rule))
        there = queries(lambda: make(review, Stage.TITLE_ABSTRACT, 2, 100))
        back = queries(lambda: make(review, Stage.TITLE_ABSTRACT, 1, 100))
        used.append((asked, there, back))
    assert used[0] == used[1]
    assert used[0][0] <= 7


def test_a_share_is_drawn_once_and_a_larger_one_keeps_the_smaller(review):
    rule = stages.rule_for(review, Stage.TITLE_ABSTRACT)
    rule.reviewers_per_record, doubled = 2, []
    for share in (0, 20, 60, 100):
        rule.double_share = share
        doubled.append({number for number in range(5_000) if rulebook.needed(rule, number) == 2})
    assert [len(drawn) for drawn in doubled][::3] == [0, 5_000]
    assert doubled[1] < doubled[2]
    assert 900 < len(doubled[1]) < 1_100
    rule.reviewers_per_record = 1
    assert rulebook.needed(rule, 1) == 1


def test_the_share_is_not_the_order_of_the_queue(review):
    rule = stages.rule_for(review, Stage.TITLE_ABSTRACT)
    rule.reviewers_per_record, rule.double_share = 2, 50
    first = [number for number in range(2_000) if rulebook.random_rank(review.pk, number) < 0.5]
    doubled = [number for number in first if rulebook.needed(rule, number) == 2]
    assert 0.4 < len(doubled) / len(first) < 0.6


def test_new_records_get_their_place_by_the_share(review):
    make(review, Stage.TITLE_ABSTRACT, 2, 50)
    rule = stages.rule_for(review, Stage.TITLE_ABSTRACT)
    records = [builders.record(review) for _ in range(20)]
    stored = dict(StageState.objects.values_list("record_id", "needed"))
    assert stored == {record.pk: rulebook.needed(rule, record.pk) for record in records}
    assert set(stored.values()) == {1, 2}


def test_history_keeps_what_a_change_of_rule_did_to_each_record(review, ada):
    record = builders.record(review)
    builders.decide(record, ada, "include")
    make(review, Stage.TITLE_ABSTRACT, 2, 100)
    rows = StageState.history.filter(record_id=record.pk, stage="title_abstract").order_by("history_id")
    assert list(rows.values_list("status", "needed")) == [
        ("unscreened", 1),
        ("included", 1),
        ("included", 2),
        ("partial", 2),
    ]
