"""Which words count: the last one of each person, unless it is taken back or set aside by a re-screening."""

from collections import Counter

import pytest

from screening.actions import duplicates, protocol, rescreening
from screening.models.decision import Decision
from screening.models.protocol import ProtocolVersion
from screening.queries.amendments.amendments import amendment, impact, with_counting
from screening.queries.stages.queue import own_decisions
from screening.queries.stages.shapes import shapes, votes_of
from screening.queries.stages.votes import current_votes
from tests import builders

pytestmark = pytest.mark.django_db
TA = "title_abstract"


def amended(review):
    draft = protocol.CriterionDraft(label="Adults", text=f"Adults? {next(builders.number)}", facet="P")
    return protocol.amend(review=review, question="Which?", criteria=[draft], by=review.created_by, reason="Words")


def anew(review, *records):
    rescreening.begin(
        review=review, stage=TA, record_ids=[one.pk for one in records], by=review.created_by, reason="Words"
    )


def _told_by_amendments(review):
    """Verdict -> how many count, as the page of an amendment has it."""
    version = ProtocolVersion.objects.filter(review=review).latest("number")
    told = {one.stage: one.by_verdict for one in impact(amendment(review, version.number), blind=False)}
    return {verdict: count.total for verdict, count in told[TA].items()}


def counted(review, record):
    """The verdicts that count, by each way of asking."""
    votes = current_votes([record.pk], TA).get(record.pk, [])
    whole = {place.record_id: votes_of(place.said) for place in shapes(review.pk, TA)}
    assert whole.get(record.pk, []) == votes
    assert _told_by_amendments(review) == Counter(vote.verdict for said in whole.values() for vote in said)
    return [vote.verdict for vote in votes]


def test_a_decision_that_was_taken_back_does_not_come_back_with_a_re_screening():
    review, person, other = builders.review(), builders.user(), builders.user()
    record, first = builders.record(review), ProtocolVersion.objects.get(review=review)
    builders.decide(record, other, protocol_id=first.pk)
    amended(review)
    builders.decide(record, person, "include")
    builders.decide(record, person, "withdrawn", protocol_id=first.pk)  # in a tab that shows the older text
    anew(review, record)
    assert counted(review, record) == []


def test_a_later_word_under_an_older_text_leaves_nothing_of_the_earlier_one_when_the_record_is_screened_anew():
    review, person = builders.review(), builders.user()
    record, first = builders.record(review), ProtocolVersion.objects.get(review=review)
    amended(review)
    builders.decide(record, person, "include")
    builders.decide(record, person, "exclude", protocol_id=first.pk)
    assert counted(review, record) == ["exclude"]
    anew(review, record)
    assert counted(review, record) == []
    assert own_decisions([record.pk], stage=TA, author_id=person.pk) == {}


def test_a_merge_brings_no_word_back_that_a_re_screening_set_aside():
    review, person = builders.review(), builders.user()
    kept, absorbed = builders.record(review), builders.record(review)
    builders.decide(absorbed, person, "exclude")
    amended(review)
    anew(review, absorbed)
    duplicates.merge(kept=kept, absorbed=absorbed, by=review.created_by)
    assert counted(review, kept) == []
    assert [one.set_aside for one in with_counting(Decision.objects.all())] == [True]
    assert own_decisions([kept.pk], stage=TA, author_id=person.pk) == {}
    assert builders.decide(kept, person, "include").created
    assert counted(review, kept) == ["include"]
