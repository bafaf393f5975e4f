"""A report that nobody could get hold of leaves the queue, and comes back with its votes when it is found."""

import pytest

from screening.actions import duplicates, stages
from screening.actions.reconcile import drifts
from screening.actions.reservations import claim_next
from screening.actions.stages import rule_for
from screening.enums import Role, Stage, StageStatus
from screening.models.document import Document
from screening.models.retrieval import Retrieval
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def review(ada):
    return builders.review(reviewers=[ada, builders.user("bob")], reviewers_per_record=2)


def to_read(review, **fields):
    """A record that two people included on title and abstract."""
    record = builders.record(review, **fields)
    for person in review.memberships.filter(role=Role.REVIEWER).select_related("user"):
        builders.decide(record, person.user, "include")
    return record


def say(record, outcome):
    Retrieval.objects.create(review=record.review, record=record, outcome=outcome, created_by=record.review.created_by)
    again(record)


def file_for(record):
    name = f"{next(builders.number):064x}"
    made = Document.objects.create(
        review=record.review, record=record, name="a.pdf", sha256=name, size=1, created_by=record.review.created_by
    )
    again(record)
    return made


def again(record):
    record.refresh_from_db()
    root = record.merged_into_id or record.pk
    stages.refresh(review=record.review, record_ids=[root], stage=Stage.FULL_TEXT)


def status(record):
    return StageState.objects.get(record=record, stage=Stage.FULL_TEXT).status


def queue(review, person):
    return claim_next(rule=rule_for(review, Stage.FULL_TEXT), reviewer_id=person.pk, limit=5, have=[])


def test_it_leaves_the_queue_and_comes_back_when_it_is_sought_again(review, ada):
    record = to_read(review)
    assert queue(review, ada) == [record.pk]
    say(record, "not_retrieved")
    assert (status(record), queue(review, ada)) == (StageStatus.NOT_RETRIEVED, [])
    assert list(drifts(review)) == []
    say(record, "sought_again")
    assert (status(record), queue(review, ada)) == (StageStatus.UNSCREENED, [record.pk])


def test_a_file_brings_it_back_with_its_votes_and_the_file_s_removal_takes_it_away_again(review, ada):
    record = to_read(review)
    builders.decide(record, ada, "include", stage=Stage.FULL_TEXT)
    say(record, "not_retrieved")
    state = StageState.objects.get(record=record, stage=Stage.FULL_TEXT)
    assert (state.status, state.voters) == (StageStatus.NOT_RETRIEVED, [ada.pk])
    made = file_for(record)
    assert status(record) == StageStatus.PARTIAL
    made.removed = True
    made.save()
    again(record)
    assert status(record) == StageStatus.NOT_RETRIEVED
    assert list(drifts(review)) == []


def test_a_report_that_was_read_is_not_lost_again_with_its_file(review, ada):
    record, bob = to_read(review), review.memberships.get(user__username="bob").user
    say(record, "not_retrieved")
    made = file_for(record)
    for person in (ada, bob):
        builders.decide(record, person, "include", stage=Stage.FULL_TEXT)
    made.removed = True
    made.save()
    again(record)
    assert status(record) == StageStatus.INCLUDED
    assert list(drifts(review)) == []
    say(record, "not_retrieved")
    assert status(record) == StageStatus.NOT_RETRIEVED


def test_a_file_of_another_report_that_was_taken_off_leaves_it_lost(review, ada):
    record = to_read(review)
    say(record, "not_retrieved")
    made = file_for(record)
    builders.decide(record, ada, "exclude", stage=Stage.FULL_TEXT)
    made.record = None
    made.save()
    again(record)
    assert status(record) == StageStatus.NOT_RETRIEVED


def test_a_vote_on_its_way_is_kept_and_counts_once_the_report_is_found(review, ada):
    record = to_read(review)
    say(record, "not_retrieved")
    assert builders.decide(record, ada, "exclude", stage=Stage.FULL_TEXT).state.status == StageStatus.NOT_RETRIEVED
    say(record, "sought_again")
    assert status(record) == StageStatus.PARTIAL


def test_what_was_said_of_a_merged_record_counts_for_the_one_that_is_kept(review):
    kept, absorbed = to_read(review), to_read(review)
    say(absorbed, "not_retrieved")
    merge = duplicates.merge(kept=kept, absorbed=absorbed, by=review.created_by)
    assert status(kept) == StageStatus.NOT_RETRIEVED
    file_for(absorbed)
    assert status(kept) == StageStatus.UNSCREENED
    duplicates.unmerge(merge=merge, by=review.created_by)
    assert (status(kept), status(absorbed)) == (StageStatus.UNSCREENED, StageStatus.UNSCREENED)
    assert list(drifts(review)) == []


def test_title_and_abstract_knows_nothing_of_retrieval(review):
    record = builders.record(review)
    Retrieval.objects.create(review=review, record=record, outcome="not_retrieved", created_by=review.created_by)
    stages.refresh(review=review, record_ids=[record.pk], stage=Stage.TITLE_ABSTRACT)
    assert StageState.objects.get(record=record).status == StageStatus.UNSCREENED


def test_an_opinion_of_a_file_that_was_there_and_is_gone_says_that_the_report_was_had(review, ada):
    record = to_read(review)
    say(record, "not_retrieved")
    document = file_for(record)
    document.removed = True
    document.save()
    again(record)
    assert status(record) == StageStatus.NOT_RETRIEVED
    builders.decide(record, ada, "exclude", stage=Stage.FULL_TEXT)
    assert status(record) == StageStatus.PARTIAL
    assert list(drifts(review)) == []
