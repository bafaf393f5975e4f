"""What people say of single criteria along with a decision, and under which version of the protocol (SCR-09)."""

from uuid import uuid4

import pytest

from screening.actions import protocol, rescreening
from screening.actions.decisions import DecisionRefusedError
from screening.models.decision import Decision
from screening.models.judgement import CriterionJudgement
from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.stage import StageRule
from tests import builders

pytestmark = pytest.mark.django_db


def criteria(review):
    version = ProtocolVersion.objects.filter(review=review).first()
    return version, list(Criterion.objects.filter(protocol=version).order_by("position"))


def amended(review, *polarities):
    drafts = [
        protocol.CriterionDraft(
            label=f"Criterion {place}", text=f"{next(builders.number)}?", facet="P", polarity=polarity
        )
        for place, polarity in enumerate(polarities or ("include", "include"))
    ]
    return protocol.amend(review=review, question="Does it?", criteria=drafts, by=review.created_by, reason="Words")


def test_what_was_judged_is_stored_with_the_decision_and_what_fails_is_counted():
    review = builders.review()
    amended(review, "include", "include", "exclude", "exclude")
    _, (met, failed, applies, clear) = criteria(review)
    said = {met.pk: "met", failed.pk: "not_met", applies.pk: "met", clear.pk: "not_met"}
    made = builders.decide(builders.record(review), builders.user(), "exclude", judgements=said).decision
    assert made.criteria_failed == 2, "not met where it must be, and met where it must not"
    assert dict(CriterionJudgement.objects.filter(decision=made).values_list("criterion", "judged")) == said


def test_a_repeated_key_stores_the_judgements_once():
    review = builders.review()
    record, person, key = builders.record(review), builders.user(), uuid4()
    said = {criteria(review)[1][0].pk: "not_met"}
    for _ in range(2):
        builders.decide(record, person, "exclude", judgements=said, idempotency_key=key)
    assert CriterionJudgement.objects.count() == 1


@pytest.mark.parametrize("judged", ["", "perhaps", "NOT_MET"])
def test_a_word_that_is_no_judgement_is_refused_and_nothing_is_stored(judged):
    review = builders.review()
    with pytest.raises(DecisionRefusedError, match="no judgement"):
        builders.decide(builders.record(review), builders.user(), judgements={criteria(review)[1][0].pk: judged})
    assert not Decision.objects.exists()


def test_a_criterion_of_another_review_is_refused():
    review, other = builders.review(), builders.review()
    with pytest.raises(DecisionRefusedError, match="not in this version"):
        builders.decide(builders.record(review), builders.user(), judgements={criteria(other)[1][0].pk: "met"})


def test_a_decision_is_stored_under_the_version_that_its_author_read():
    review = builders.review()
    read, (first, *_) = criteria(review)
    amended(review)
    record, person = builders.record(review), builders.user()
    made = builders.decide(record, person, judgements={first.pk: "met"}, protocol_id=read.pk).decision
    assert made.protocol == read
    assert builders.decide(builders.record(review), person).decision.protocol.number == 2


def test_a_version_of_another_review_is_refused():
    review, other = builders.review(), builders.review()
    amended(other)
    with pytest.raises(DecisionRefusedError, match="not one of this review"):
        builders.decide(builders.record(review), builders.user(), protocol_id=criteria(other)[0].pk)


def test_who_read_the_older_text_of_a_record_that_is_screened_anew_is_asked_to_read_the_new_one():
    review = builders.review(reviewers_per_record=1)
    read, _ = criteria(review)
    record, person = builders.record(review), builders.user()
    builders.decide(record, person)
    amended(review)
    rescreening.begin(
        review=review, stage="title_abstract", record_ids=[record.pk], by=review.created_by, reason="New words"
    )
    with pytest.raises(DecisionRefusedError, match="Reload the page"):
        builders.decide(record, person, protocol_id=read.pk)
    assert builders.decide(record, person, "exclude").state.status == "excluded"


def test_where_the_stage_asks_for_criteria_an_exclusion_names_at_least_one():
    review = builders.review()
    StageRule.objects.filter(review=review).update(ask_criteria=True)
    record, person = builders.record(review), builders.user()
    (first, *_) = criteria(review)[1]
    for said in ({}, {first.pk: "met"}):
        with pytest.raises(DecisionRefusedError, match="Mark at least one"):
            builders.decide(record, person, "exclude", judgements=said)
    assert builders.decide(record, person, "exclude", judgements={first.pk: "not_met"}).created
    assert builders.decide(record, builders.user(), "include").created
