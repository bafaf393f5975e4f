"""Where a review's AI is off, an assistant's opinion settles nothing, whatever the rule of the stage says (AI-01)."""

import pytest

from screening.actions import assistants
from screening.actions.reconcile import drifts
from screening.enums import Oversight, StageStatus, Verdict
from screening.models.stage import StageState
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """Two reviewers, an assistant that counts as the second, and its suggestion to exclude the one record."""
    one, two = builders.user(), builders.user()
    review = assisting.review(reviewers=[one, two], oversight=Oversight.SECOND_REVIEWER, reviewers_per_record=2)
    record = builders.record(review)
    run = assisting.start(assisting.local(review))
    suggestion_for(run.items.get(), verdict="exclude")
    return review, record, one, two


def status(record) -> str:
    return StageState.objects.get(record=record, stage="title_abstract").status


def switch(review, on: bool) -> None:
    review.refresh_from_db()
    assistants.switch(review=review, by=review.created_by, ai_enabled=on, may_be_sent_to_ai=False)
    review.refresh_from_db()


def test_with_ai_on_the_agreeing_assistant_settles(scene):
    _, record, one, _ = scene
    builders.decide(record, one, Verdict.EXCLUDE)
    assert status(record) == StageStatus.EXCLUDED


def test_with_ai_off_one_person_and_an_old_suggestion_exclude_nothing(scene):
    review, record, one, two = scene
    switch(review, on=False)
    record.review = review
    first = builders.decide(record, one, Verdict.EXCLUDE).decision
    assert (first.oversight, status(record)) == ("off", StageStatus.PARTIAL)
    builders.decide(record, two, Verdict.EXCLUDE)
    assert status(record) == StageStatus.EXCLUDED


def test_switching_ai_off_and_on_recounts_what_the_assistant_had_settled(scene):
    review, record, one, _ = scene
    builders.decide(record, one, Verdict.EXCLUDE)
    switch(review, on=False)
    assert status(record) == StageStatus.PARTIAL
    assert not list(drifts())
    switch(review, on=True)
    assert status(record) == StageStatus.EXCLUDED
    assert not list(drifts())
