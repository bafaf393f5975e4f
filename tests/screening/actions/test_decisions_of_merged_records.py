"""Decisions on records that were merged: none is lost, none breaks another, each can be taken back."""

from uuid import uuid4

import pytest

from screening.actions import duplicates, import_undo, rescreening
from screening.actions.decisions import DecisionRefusedError
from screening.actions.reconcile import drifts
from screening.enums import StageStatus, Verdict
from screening.models.citation import Citation
from screening.models.decision import Decision
from screening.models.stage import StageState
from screening.queries.stages.queue import own_decisions, recent
from tests import builders

pytestmark = pytest.mark.django_db


def status(record) -> str:
    return StageState.objects.get(record=record, stage="title_abstract").status


@pytest.fixture
def scene():
    """A review with one reviewer per record, its reviewer, its lead, and two records that turn out to be one."""
    reviewer = builders.user()
    review = builders.review(reviewers=[reviewer], reviewers_per_record=1)
    return review, reviewer, review.created_by, builders.record(review), builders.record(review)


def merged(kept, absorbed, lead):
    merge = duplicates.merge(kept=kept, absorbed=absorbed, by=lead)
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    return merge


def test_a_vote_on_the_absorbed_record_can_be_taken_back_on_the_kept_one(scene):
    _, reviewer, lead, kept, absorbed = scene
    builders.decide(absorbed, reviewer, Verdict.EXCLUDE)
    merged(kept, absorbed, lead)
    assert status(kept) == StageStatus.EXCLUDED
    builders.decide(kept, reviewer, Verdict.WITHDRAWN)
    assert status(kept) == StageStatus.UNSCREENED
    assert not list(drifts())


def test_what_was_taken_back_on_the_kept_record_stays_taken_back_when_they_part(scene):
    _, reviewer, lead, kept, absorbed = scene
    builders.decide(absorbed, reviewer, Verdict.EXCLUDE)
    merge = merged(kept, absorbed, lead)
    builders.decide(kept, reviewer, Verdict.WITHDRAWN)
    duplicates.unmerge(merge=merge, by=lead)
    assert (status(kept), status(absorbed)) == (StageStatus.UNSCREENED, StageStatus.UNSCREENED)
    assert not list(drifts())


def test_after_a_vote_on_an_absorbed_card_and_an_unmerge_one_can_still_change_ones_mind_on_the_kept_record(scene):
    _, reviewer, lead, kept, absorbed = scene
    builders.decide(kept, reviewer, Verdict.INCLUDE)
    merge = merged(kept, absorbed, lead)
    builders.decide(absorbed, reviewer, Verdict.EXCLUDE)  # its card was in hand already
    assert status(kept) == StageStatus.EXCLUDED
    duplicates.unmerge(merge=merge, by=lead)
    assert (status(kept), status(absorbed)) == (StageStatus.INCLUDED, StageStatus.EXCLUDED)
    again = builders.decide(kept, reviewer, Verdict.MAYBE).decision
    assert again.supersedes.record_id == kept.pk
    assert not list(drifts())


def test_a_repeated_request_for_a_record_that_was_merged_meanwhile_gets_its_first_answer(scene):
    _, reviewer, lead, kept, absorbed = scene
    key = uuid4()
    first = builders.decide(absorbed, reviewer, Verdict.INCLUDE, idempotency_key=key)
    merged(kept, absorbed, lead)
    again = builders.decide(absorbed, reviewer, Verdict.INCLUDE, idempotency_key=key)
    assert (again.created, again.decision) == (False, first.decision)


def test_a_repeated_withdrawal_gets_its_first_answer_whichever_record_it_names(scene):
    _, reviewer, lead, kept, absorbed = scene
    builders.decide(absorbed, reviewer, Verdict.EXCLUDE)
    merged(kept, absorbed, lead)
    key = uuid4()
    first = builders.decide(kept, reviewer, Verdict.WITHDRAWN, idempotency_key=key)
    again = builders.decide(kept, reviewer, Verdict.WITHDRAWN, idempotency_key=key)
    assert (again.created, again.decision) == (False, first.decision)
    assert Decision.objects.count() == 2


def test_an_import_is_not_undone_while_a_vote_on_its_record_would_be_lost_after_a_vote_on_the_card_of_another(scene):
    review, reviewer, lead, kept, absorbed = scene
    file = builders.imported_file(review, status="done")
    place = {"source": file.source, "position": 1, "line": 1}
    Citation.objects.create(record=kept, file=file, raw="x", raw_sha256="0" * 64, **place)
    builders.decide(kept, reviewer, Verdict.INCLUDE)
    merge = merged(kept, absorbed, lead)
    builders.decide(absorbed, reviewer, Verdict.EXCLUDE)
    duplicates.unmerge(merge=merge, by=lead)
    with pytest.raises(import_undo.UndoRefusedError):
        import_undo.undo(file=file, by=lead)


def test_the_card_of_the_kept_record_shows_ones_own_word_on_the_absorbed_one(scene):
    _, reviewer, lead, kept, absorbed = scene
    builders.decide(absorbed, reviewer, Verdict.EXCLUDE)
    merged(kept, absorbed, lead)
    shown = own_decisions([kept.pk], stage="title_abstract", author_id=reviewer.pk)
    assert shown[kept.pk]["verdict"] == Verdict.EXCLUDE


def test_an_adjudication_is_not_shown_as_ones_vote_nor_walked_back_to_by_undo(scene):
    review, reviewer, _, kept, _ = scene
    judge = builders.user()
    builders.decide(kept, reviewer, Verdict.EXCLUDE)
    builders.decide(kept, judge, Verdict.INCLUDE)
    builders.decide(kept, reviewer, Verdict.INCLUDE, origin="adjudication")
    mine = {"stage": "title_abstract", "author_id": reviewer.pk}
    assert own_decisions([kept.pk], **mine)[kept.pk]["verdict"] == Verdict.EXCLUDE
    builders.decide(kept, reviewer, Verdict.WITHDRAWN)
    assert recent(review_id=review.pk, **{**mine, "author_id": judge.pk}) == [kept.pk]


def test_nobody_takes_back_what_they_never_said(scene):
    _, reviewer, lead, kept, absorbed = scene
    other = builders.user()
    builders.decide(absorbed, other, Verdict.EXCLUDE)
    merged(kept, absorbed, lead)
    with pytest.raises(DecisionRefusedError, match="no decision of yours"):
        builders.decide(kept, reviewer, Verdict.WITHDRAWN)


def test_a_word_under_the_older_text_on_an_absorbed_record_that_was_screened_anew_is_refused_as_it_would_not_count(
    scene,
):
    review, reviewer, lead, kept, absorbed = scene
    other, first = builders.user(), review.protocol_versions.get()
    builders.decide(absorbed, other, Verdict.EXCLUDE)
    builders.protocol(review, by=lead, criteria=(("adults", "P"), ("controlled", "S")))
    anew = {"review": review, "stage": "title_abstract", "record_ids": [absorbed.pk]}
    rescreening.begin(**anew, by=lead, reason="Another text")
    merged(kept, absorbed, lead)
    with pytest.raises(DecisionRefusedError, match="was amended"):
        builders.decide(absorbed, reviewer, Verdict.EXCLUDE, protocol_id=first.pk)
    assert status(kept) == StageStatus.UNSCREENED
    assert not list(drifts())
    builders.decide(kept, reviewer, Verdict.INCLUDE, protocol_id=first.pk)  # this one is not screened anew
    assert status(kept) == StageStatus.INCLUDED
    assert not list(drifts())


def test_what_was_said_of_an_absorbed_record_counts_for_it_again_when_the_two_part_after_a_re_screening(scene):
    """The re-screening was of the kept record; the parted one can be given back too, as one that was decided before."""
    review, reviewer, lead, kept, absorbed = scene
    builders.decide(absorbed, reviewer, Verdict.EXCLUDE)
    merge = merged(kept, absorbed, lead)
    builders.protocol(review, by=lead, criteria=(("adults", "P"), ("controlled", "S")))
    anew = {"review": review, "stage": "title_abstract", "by": lead, "reason": "Another text"}
    rescreening.begin(**anew, record_ids=[kept.pk])
    assert status(kept) == StageStatus.UNSCREENED
    duplicates.unmerge(merge=merge, by=lead)
    assert (status(kept), status(absorbed)) == (StageStatus.UNSCREENED, StageStatus.EXCLUDED)
    rescreening.begin(**anew, record_ids=[absorbed.pk])
    assert status(absorbed) == StageStatus.UNSCREENED
    assert not list(drifts())
