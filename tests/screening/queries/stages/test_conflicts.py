"""What an adjudicator is shown of a conflict: the words that count, and no others."""

import pytest

from screening.actions import duplicates, rescreening
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.stages.conflicts import opinions
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
