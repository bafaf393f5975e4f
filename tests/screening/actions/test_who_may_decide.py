"""A decision is refused in the very moment in which its author may not decide any more, wherever it comes from."""

from uuid import uuid4

import pytest

from screening.actions import bulk, decisions, team
from screening.enums import Role
from screening.models.decision import Decision
from screening.models.stage import StageRule, StageState
from tests import builders

pytestmark = pytest.mark.django_db
TA = "title_abstract"


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def review(ada):
    made = builders.review(reviewers=[ada, builders.user("ben")], reviewers_per_record=1)
    StageRule.objects.filter(review=made).update(bulk_allowed=True)
    return made


def decide(record, by, verdict="include", **more):
    asked = {"stage": TA, "idempotency_key": uuid4(), **more}
    return decisions.record(review=record.review, record_id=record.pk, verdict=verdict, by=by, **asked)


def removed(review, person) -> None:
    team.set_roles(review=review, user=person, roles=set(), by=review.created_by)


def now_an_observer(review, person) -> None:
    team.set_roles(review=review, user=person, roles={Role.OBSERVER}, by=review.created_by)


def suspended(review, person) -> None:
    team.suspend(review=review, user=person, by=review.created_by)


@pytest.mark.parametrize(
    ("loses", "why"), [(removed, "Only reviewers"), (now_an_observer, "Only reviewers"), (suspended, "are suspended")]
)
def test_who_may_screen_no_more_neither_decides_nor_takes_back(review, ada, loses, why):
    record, decided = builders.record(review), builders.record(review)
    decide(decided, ada)
    loses(review, ada)
    for at, verdict in ((record, "exclude"), (decided, "withdrawn")):
        with pytest.raises(decisions.DecisionRefusedError, match=f"{why}.*Nothing was stored"):
            decide(at, ada, verdict)
    assert Decision.objects.count() == 1
    assert StageState.objects.get(record=decided, stage=TA).status == "included", "what was decided stays"


def test_who_was_never_in_the_team_does_not_decide(review):
    with pytest.raises(decisions.DecisionRefusedError, match="Only reviewers"):
        decide(builders.record(review), review.created_by)


def test_a_reviewer_settles_no_conflict_and_an_adjudicator_does_not_vote(review, ada):
    judge, record = builders.user("judge"), builders.record(review)
    builders.join(review, judge, Role.ADJUDICATOR)
    with pytest.raises(decisions.DecisionRefusedError, match="Only adjudicators"):
        decide(record, ada, origin="adjudication")
    with pytest.raises(decisions.DecisionRefusedError, match="Only reviewers"):
        decide(record, judge)


def test_an_answer_that_got_lost_is_given_again_to_who_may_screen_no_more(review, ada):
    record, key = builders.record(review), uuid4()
    first = decide(record, ada, idempotency_key=key)
    suspended(review, ada)
    again = decide(record, ada, idempotency_key=key)
    assert (again.created, again.decision) == (False, first.decision)


def test_who_is_removed_in_the_middle_of_a_bulk_decides_on_no_more_of_it(review, ada, monkeypatch):
    records, store, asked = [builders.record(review).pk for _ in range(4)], decisions.record, []

    def removed_after_two(**values):
        asked.append(values)
        if len(asked) == 3:
            removed(review, ada)
        return store(**values)

    monkeypatch.setattr(bulk.decisions, "record", removed_after_two)
    done = bulk.decide(review=review, stage=TA, record_ids=records, verdict="exclude", by=ada, key=uuid4())
    assert (done.stored, done.refused, Decision.objects.count()) == (2, 2, 2)
    (why,) = done.why
    assert "Only reviewers" in why


def test_a_key_that_comes_again_with_another_reason_or_in_another_capacity_is_refused(review, ada):
    builders.join(review, ada, Role.ADJUDICATOR)
    record, key, reason = builders.record(review), uuid4(), review.exclusion_reasons.get(stage=TA)
    decide(record, ada, "exclude", idempotency_key=key)
    for other in ({"reason_id": reason.pk}, {"origin": "adjudication"}):
        with pytest.raises(decisions.DecisionRefusedError, match="key was used"):
            decide(record, ada, "exclude", idempotency_key=key, **other)
    assert Decision.objects.get().reason_id is None
