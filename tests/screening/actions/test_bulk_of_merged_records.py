"""Taking back a bulk whose records were merged since: only its own words, and only where they stand."""

from uuid import uuid4

import pytest

from screening.actions import bulk, duplicates
from screening.actions.reconcile import drifts
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.stage import StageRule, StageState
from screening.queries.stages.bulk import standing_words
from tests import builders

pytestmark = pytest.mark.django_db
TA = "title_abstract"


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def review(ada):
    made = builders.review(reviewers=[ada], reviewers_per_record=1)
    StageRule.objects.filter(review=made).update(bulk_allowed=True)
    return made


def excluded(review, by, *records):
    ids = [record.pk for record in records]
    return bulk.decide(review=review, stage=TA, record_ids=ids, verdict="exclude", by=by, key=uuid4()).bulk


def merged(kept, absorbed):
    duplicates.merge(kept=kept, absorbed=absorbed, by=kept.review.created_by)
    return Record.objects.get(pk=kept.pk), Record.objects.get(pk=absorbed.pk)


def status(record) -> str:
    return StageState.objects.get(record=record, stage=TA).status


def test_a_newer_word_on_the_record_that_it_was_merged_into_is_left_as_it_is(review, ada):
    kept, absorbed = builders.record(review), builders.record(review)
    done = excluded(review, ada, absorbed)
    kept, absorbed = merged(kept, absorbed)
    builders.decide(kept, ada, "include")
    assert standing_words(done) == []
    assert bulk.take_back(bulk=done, by=ada) == 0
    assert status(kept) == "included"
    assert not list(drifts())


def test_a_newer_word_on_another_record_that_was_merged_into_it_is_left_as_it_is(review, ada):
    kept, absorbed = builders.record(review), builders.record(review)
    done = excluded(review, ada, kept)
    kept, absorbed = merged(kept, absorbed)
    builders.decide(absorbed, ada, "include")
    assert (standing_words(done), bulk.take_back(bulk=done, by=ada)) == ([], 0)
    assert status(kept) == "included"


def test_its_own_word_on_an_absorbed_record_is_taken_back_while_it_stands(review, ada):
    kept, absorbed = builders.record(review), builders.record(review)
    done = excluded(review, ada, absorbed)
    kept, absorbed = merged(kept, absorbed)
    assert standing_words(done) == [absorbed.pk]
    assert bulk.take_back(bulk=done, by=ada) == 1
    assert status(kept) == "unscreened"


def test_a_word_that_its_author_says_while_it_is_taken_back_is_left_as_it_is(review, ada, monkeypatch):
    record = builders.record(review)
    done, store = excluded(review, ada, record), bulk.decisions.record

    def says_something_first(**asked):
        store(**{**asked, "verdict": "include", "idempotency_key": uuid4(), "origin": "screening", "takes_back": None})
        return store(**asked)

    monkeypatch.setattr(bulk.decisions, "record", says_something_first)
    assert bulk.take_back(bulk=done, by=ada) == 0
    assert status(record) == "included"
    assert not Decision.objects.filter(verdict="withdrawn").exists()
