"""Storing decisions."""

from uuid import uuid4

import pytest

from audit.models.event import Event
from screening.actions.decisions import DecisionRefusedError
from screening.enums import Stage, StageStatus, Verdict
from screening.models.decision import Decision
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db


def status(record, stage=Stage.TITLE_ABSTRACT):
    return StageState.objects.get(record=record, stage=stage).status


def test_two_who_agree_settle_a_record_and_two_who_do_not_make_a_conflict():
    one, two = builders.user(), builders.user()
    review = builders.review(reviewers=[one, two])
    agreed, disputed = builders.record(review), builders.record(review)
    builders.decide(agreed, one, Verdict.EXCLUDE)
    assert status(agreed) == StageStatus.PARTIAL
    builders.decide(agreed, two, Verdict.EXCLUDE)
    assert status(agreed) == StageStatus.EXCLUDED
    builders.decide(disputed, one, Verdict.INCLUDE)
    builders.decide(disputed, two, Verdict.EXCLUDE)
    assert status(disputed) == StageStatus.CONFLICT


def test_a_repeated_request_is_stored_once():
    one = builders.user()
    review = builders.review(reviewers=[one])
    record, key = builders.record(review), uuid4()
    first = builders.decide(record, one, idempotency_key=key)
    again = builders.decide(record, one, idempotency_key=key)
    assert (first.created, again.created) == (True, False)
    assert Decision.objects.count() == 1
    assert Event.objects.filter(type="record.decided").count() == 1


def test_undo_is_a_new_row_that_supersedes_and_gives_the_record_back():
    one = builders.user()
    review = builders.review(reviewers=[one], reviewers_per_record=1)
    record = builders.record(review)
    first = builders.decide(record, one, Verdict.EXCLUDE).decision
    undo = builders.decide(record, one, Verdict.WITHDRAWN).decision
    assert status(record) == StageStatus.UNSCREENED
    assert undo.supersedes == first
    assert Decision.objects.count() == 2


def test_what_is_included_goes_on_to_full_text_and_comes_back_when_taken_back():
    one = builders.user()
    review = builders.review(reviewers=[one], reviewers_per_record=1)
    record = builders.record(review)
    builders.decide(record, one, Verdict.MAYBE)
    assert status(record, Stage.FULL_TEXT) == StageStatus.UNSCREENED
    builders.decide(record, one, Verdict.WITHDRAWN)
    assert status(record, Stage.FULL_TEXT) == StageStatus.INACTIVE


def test_an_adjudication_settles_a_conflict_and_only_a_conflict():
    one, two, judge = builders.user(), builders.user(), builders.user()
    review = builders.review(reviewers=[one, two], adjudicators=[judge])
    record = builders.record(review)
    with pytest.raises(DecisionRefusedError, match="not in conflict"):
        builders.decide(record, judge, Verdict.INCLUDE, origin="adjudication")
    builders.decide(record, one, Verdict.INCLUDE)
    builders.decide(record, two, Verdict.EXCLUDE)
    builders.decide(record, judge, Verdict.EXCLUDE, origin="adjudication")
    assert status(record) == StageStatus.EXCLUDED


def test_an_exclusion_needs_a_reason_where_the_stage_says_so():
    one = builders.user()
    review = builders.review(reviewers=[one], reason_required=True)
    with pytest.raises(DecisionRefusedError, match="needs a reason"):
        builders.decide(builders.record(review), one, Verdict.EXCLUDE)


def test_every_change_of_status_leaves_a_history_row_with_its_actor():
    one = builders.user()
    review = builders.review(reviewers=[one], reviewers_per_record=1)
    record = builders.record(review)
    builders.decide(record, one, Verdict.EXCLUDE)
    history = StageState.objects.get(record=record).history.all()
    assert [row.status for row in history] == [StageStatus.EXCLUDED, StageStatus.UNSCREENED]
