"""What an adjudicator is shown of a conflict: the words that count, and no others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from screening.actions import duplicates, rescreening
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.stages.conflicts import open_conflicts, opinions
from tests import builders

pytestmark = pytest.mark.django_db
TA = "title_abstract"


def test_a_word_that_a_re_screening_of_the_absorbed_record_set_aside_is_no_opinion_in_its_conflict():
    ada, ben, cyd = (builders.user(name) for name in ("ada", "ben", "cyd"))
    review = builders.review(reviewers=[ada, ben, cyd])
    kept, absorbed = builders.record(review), builders.record(review)
    builders.decide(absorbed, cyd, "exclude")
    builders.protocol(review, by=review.created_by, criteria=(("adults", "P"), ("controlled", "S")))
    rescreening.begin(review=review, stage=TA, record_ids=[absorbed.pk], by=review.created_by, reason="Another text")
    duplicates.merge(kept=kept, absorbed=absorbed, by=review.created_by)
    kept = Record.objects.get(pk=kept.pk)
    builders.decide(kept, ada, "include")
    builders.decide(kept, ben, "exclude")
    state = StageState.objects.get(record=kept, stage=TA)
    assert (state.status, state.voters) == ("conflict", [ada.pk, ben.pk])
    assert [(one.name, one.verdict) for one in opinions(state)] == [("ada", "include"), ("ben", "exclude")]


def test_a_late_vote_does_not_make_a_conflict_young_again():
    people = [builders.user() for _ in range(3)]
    review = builders.review(reviewers=people)
    older, newer = builders.record(review), builders.record(review)
    for record in (older, newer):
        builders.decide(record, people[0], "include")
        builders.decide(record, people[1], "exclude")
    since = timezone.now() - timedelta(days=10)
    StageState.objects.filter(record=older).update(changed_at=since)
    builders.decide(older, people[2], "include")
    assert [(state.record_id, state.changed_at == since) for state in open_conflicts(review.pk, 0)] == [
        (older.pk, True),
        (newer.pk, False),
    ]
    builders.decide(older, people[1], "withdrawn")
    builders.decide(older, people[1], "exclude")
    assert [state.record_id for state in open_conflicts(review.pk, 0)] == [newer.pk, older.pk], "another one"
