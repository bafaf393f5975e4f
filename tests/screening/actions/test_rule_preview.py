"""What a changed rule will do is said before it is made, and is what then happens (SCR-01)."""

from collections import Counter
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.actions import reconcile, reviews, rulebook, stages, team
from screening.actions.rule_preview import Preview, preview
from screening.enums import Stage, StageStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.queries.amendments.protocol import current_criteria
from tests import builders

pytestmark = pytest.mark.django_db

VERDICTS = st.sampled_from(["include", "exclude", "maybe", "clear"])  # clear: excluded, with two criteria not met
VOTES = st.dictionaries(st.integers(0, 2), VERDICTS, max_size=3)  # reviewer -> verdict
RULES = st.fixed_dictionaries(
    {
        "reviewers_per_record": st.sampled_from([1, 2]),
        "double_share": st.sampled_from([0, 30, 50, 100]),
        "senior_among": st.booleans(),
        "waive_second": st.booleans(),
        "assignment": st.sampled_from(["open", "shares"]),
    }
)
RECORDS = st.lists(st.tuples(VOTES, VOTES), max_size=8)  # at title and abstract; at full text, where it comes so far


def changed(review: Review, stage: str, **fields: object) -> StageRule:
    rule = stages.rule_for(review, stage)
    for name, value in fields.items():
        setattr(rule, name, value)
    return rule


def make(review: Review, stage: str, **fields: object) -> None:
    reviews.change_rule(rule=stages.rule_for(review, stage), by=review.created_by, **fields)


def standing(review: Review) -> dict[tuple[str, int], tuple[str, int]]:
    rows = StageState.objects.filter(review=review).values_list("stage", "record_id", "status", "needed")
    return {(stage, record): (status, needed) for stage, record, status, needed in rows}


def say(record: Record, person: User, verdict: str, stage: str) -> None:
    judged = {criterion.pk: "not_met" for criterion in current_criteria(record.review)} if verdict == "clear" else {}
    builders.decide(record, person, "exclude" if judged else verdict, stage=stage, judgements=judged)


def special(review: Review, stage: str) -> dict[int, tuple[bool, bool]]:
    rows = StageState.objects.filter(review=review, stage=stage).values_list("record_id", "senior_missing", "waived")
    return {record: (senior, waived) for record, senior, waived in rows}


def shares(review: Review, stage: str) -> Counter:
    left = StageState.objects.filter(review=review, stage=stage, status__in=["unscreened", "partial"])
    rows = left.values_list("assigned", "voters")
    return Counter(person for people, voters in rows for person in people if person not in voters)


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
    review = builders.review(lead=builders.user(), reviewers=people, oversight="off")
    team.set_senior(review=review, user=people[0], senior=True, by=review.created_by)
    team.set_share(review=review, user=people[1], share=40, by=review.created_by)
    make(review, stage, **was)
    for first, second in records:
        record = builders.record(review)
        for at, votes in ((Stage.TITLE_ABSTRACT, first), (Stage.FULL_TEXT, second)):
            for person, verdict in votes.items():
                open_ = ["unscreened", "partial"]  # one vote more would be no screening
                if StageState.objects.filter(record=record, stage=at, status__in=open_).exists():
                    say(record, people[person], verdict, at)
    before, waiting, held = standing(review), special(review, stage), shares(review, stage)
    said = preview(changed(review, stage, **then))
    assert standing(review) == before
    make(review, stage, **then)
    after = standing(review)
    assert Counter({(c.stage, c.old, c.new): c.records for c in said.changes}) == moves(before, after)
    here = {place: row for place, row in before.items() if place[0] == stage and row[0] != StageStatus.INACTIVE}
    assert said.more == sum(after[place][1] > needed for place, (_, needed) in here.items())
    assert said.fewer == sum(after[place][1] < needed for place, (_, needed) in here.items())
    assert figures(said) == compared(waiting, special(review, stage))
    now = shares(review, stage)
    changing = {person: (held[person], now[person]) for person in held | now if held[person] != now[person]}
    if was != then:  # a rule that stays as it is shares nothing out anew, though somebody may have voted out of turn
        assert {hand.user_id: (hand.before, hand.after) for hand in said.hands} == changing
    assert list(reconcile.drifts(review)) == []


def figures(said: Preview) -> tuple[int, ...]:
    return said.seniors, said.unseniors, said.waived, said.unwaived


def compared(before: dict[int, tuple[bool, bool]], after: dict[int, tuple[bool, bool]]) -> tuple[int, ...]:
    """Records that now wait for a senior, no longer do, are now waived, and no longer are."""
    return tuple(
        sum((before[record][at], after[record][at]) == way for record in before)
        for at in (0, 1)
        for way in ((False, True), (True, False))
    )


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
    said = preview(changed(review, Stage.TITLE_ABSTRACT, reviewers_per_record=2, double_share=100))
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
        rule = changed(review, Stage.TITLE_ABSTRACT, reviewers_per_record=2, double_share=100)
        asked = queries(lambda rule=rule: preview(rule))
        there = queries(lambda: make(review, Stage.TITLE_ABSTRACT, reviewers_per_record=2, double_share=100))
        back = queries(lambda: make(review, Stage.TITLE_ABSTRACT, reviewers_per_record=1, double_share=100))
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
    make(review, Stage.TITLE_ABSTRACT, reviewers_per_record=2, double_share=50)
    rule = stages.rule_for(review, Stage.TITLE_ABSTRACT)
    records = [builders.record(review) for _ in range(20)]
    stored = dict(StageState.objects.values_list("record_id", "needed"))
    assert stored == {record.pk: rulebook.needed(rule, record.pk) for record in records}
    assert set(stored.values()) == {1, 2}


def test_history_keeps_what_a_change_of_rule_did_to_each_record(review, ada):
    record = builders.record(review)
    builders.decide(record, ada, "include")
    make(review, Stage.TITLE_ABSTRACT, reviewers_per_record=2, double_share=100)
    rows = StageState.history.filter(record_id=record.pk, stage="title_abstract").order_by("history_id")
    assert list(rows.values_list("status", "needed")) == [
        ("unscreened", 1),
        ("included", 1),
        ("included", 2),
        ("partial", 2),
    ]
