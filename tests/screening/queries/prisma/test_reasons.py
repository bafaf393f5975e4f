"""The one reason of a report that was excluded at full text is that of a word that counts."""

import pytest

from screening.actions import duplicates, rescreening
from screening.models.protocol import ExclusionReason
from screening.models.record import Record
from screening.queries.prisma.reasons import deciding_reasons, reasons_in_words
from tests import builders

pytestmark = pytest.mark.django_db
NEWER = (("adults", "P"), ("controlled", "S"))


@pytest.fixture
def people():
    return builders.user(), builders.user()


@pytest.fixture
def review(people):
    return builders.review(reviewers=people, reviewers_per_record=1)


def anew(review, record) -> None:
    rescreening.begin(
        review=review, stage="full_text", record_ids=[record.pk], by=review.created_by, reason="Another text"
    )


def test_a_word_that_a_re_screening_of_the_absorbed_record_set_aside_gives_no_reason(review, people):
    one, other = people
    wrong_population = review.exclusion_reasons.get(stage="full_text")
    wrong_design = ExclusionReason.objects.create(review=review, stage="full_text", position=2, text="Wrong design")
    kept, absorbed = builders.record(review), builders.record(review)
    for record in (kept, absorbed):
        builders.decide(record, one)
    builders.decide(absorbed, other, "exclude", stage="full_text", reason_id=wrong_population.pk)
    builders.protocol(review, by=review.created_by, criteria=NEWER)
    anew(review, absorbed)
    duplicates.merge(kept=kept, absorbed=absorbed, by=review.created_by)
    builders.decide(Record.objects.get(pk=kept.pk), one, "exclude", stage="full_text", reason_id=wrong_design.pk)
    assert deciding_reasons(review) == {kept.pk: wrong_design.pk}
    assert reasons_in_words(review.pk, [kept.pk]) == {kept.pk: "Wrong design"}


def test_a_last_word_under_an_older_text_does_not_bring_back_the_reason_of_an_earlier_one(review, people):
    one, other = people
    (reason,) = review.exclusion_reasons.filter(stage="full_text")
    first, record = review.protocol_versions.get(), builders.record(review)
    builders.decide(record, one)
    builders.decide(record, other, "maybe", stage="full_text")
    builders.protocol(review, by=review.created_by, criteria=NEWER)
    builders.decide(record, other, "exclude", stage="full_text", reason_id=reason.pk)
    builders.decide(
        record, other, "maybe", stage="full_text", protocol_id=first.pk
    )  # in a tab that shows the older text
    anew(review, record)
    builders.decide(record, one, "exclude", stage="full_text")
    assert deciding_reasons(review) == {record.pk: 0}
