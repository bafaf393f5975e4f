"""Merging, parting and judging records."""

import pytest

from audit.models.event import Event
from screening.actions import clusters, deduplication, duplicates
from screening.enums import CandidateStatus, Stage, StageStatus, Verdict
from screening.models.decision import Decision
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from screening.models.stage import StageState
from tests import builders
from tests.citations import bring_in, ris, some_ris

pytestmark = pytest.mark.django_db

TITLE = "Telephone coaching after myocardial infarction: a randomised trial in forty villages"


def status(record, stage=Stage.TITLE_ABSTRACT):
    return StageState.objects.get(record=record, stage=stage).status


def pair(review, **fields):
    first, second = builders.record(review), builders.record(review)
    return DuplicateCandidate.objects.create(
        review=review, first=first, second=second, **{"score": 0.8, "reason": "Alike.", "engine_version": "1", **fields}
    )


@pytest.fixture
def review():
    return builders.review(reviewers_per_record=1)


def same_twice(doi="10.1234/same"):
    return ris(TITLE, number=4, doi=doi, abstract=""), ris(TITLE.upper(), number=4, doi=doi)


def test_what_is_certain_is_merged_at_import_and_the_fuller_record_is_kept(review):
    poor, full = same_twice()
    file = bring_in(review, poor + some_ris(3) + full)
    merge = Merge.objects.get()
    assert (merge.kept.abstract != "", merge.absorbed.abstract, merge.automatic) == (True, "", True)
    assert merge.reason
    assert merge.engine_version == deduplication.ENGINE_VERSION
    absorbed = Record.objects.get(merged_into__isnull=False)
    assert (absorbed.active, status(absorbed), status(merge.kept)) == (
        False,
        StageStatus.INACTIVE,
        StageStatus.UNSCREENED,
    )
    assert file.duplicates == 1
    assert absorbed.history.latest().history_change_reason.startswith("Merged automatically")


def test_a_top_up_is_compared_with_what_is_there_already(review):
    poor, full = same_twice()
    bring_in(review, some_ris(2) + full)
    second = bring_in(review, some_ris(1, start=5) + poor)
    assert second.duplicates == 1
    assert Record.objects.filter(active=True).count() == 4


def test_a_record_that_was_screened_stays_the_one_that_is_kept(review):
    poor, full = same_twice()
    bring_in(review, poor)
    screened = Record.objects.get()
    person = builders.user()
    builders.decide(screened, person, Verdict.EXCLUDE)
    bring_in(review, full)
    screened.refresh_from_db()
    assert (screened.active, status(screened)) == (True, StageStatus.EXCLUDED)


def test_comparing_again_finds_nothing_new(review):
    bring_in(review, "".join(same_twice()) + some_ris(5))
    before = Merge.objects.count(), DuplicateCandidate.objects.count()
    found = deduplication.deduplicate(review=review, by=review.created_by)
    assert (found.merged, found.possible) == (0, 0)
    assert (Merge.objects.count(), DuplicateCandidate.objects.count()) == before


def test_what_a_person_parted_no_machine_joins_again(review):
    bring_in(review, "".join(same_twice()))
    duplicates.unmerge(merge=Merge.objects.get(), by=review.created_by)
    assert deduplication.deduplicate(review=review, by=review.created_by).merged == 0
    assert Record.objects.filter(active=True).count() == 2


def test_an_undone_merge_gives_both_records_back_with_their_own_decisions(review):
    one, two = builders.user(), builders.user()
    first, second = builders.record(review), builders.record(review)
    builders.decide(first, one, Verdict.INCLUDE)
    builders.decide(second, two, Verdict.EXCLUDE)
    merge = duplicates.merge(kept=first, absorbed=second, by=one)
    assert (status(first), status(second)) == (StageStatus.CONFLICT, StageStatus.INACTIVE)
    duplicates.unmerge(merge=merge, by=one, reason="Two trials, one name.")
    assert (status(first), status(second)) == (StageStatus.INCLUDED, StageStatus.EXCLUDED)
    assert (status(first, Stage.FULL_TEXT), Decision.objects.count()) == (StageStatus.UNSCREENED, 2)
    event = Event.objects.get(type="record.unmerged")
    assert (event.actor_name, event.reason, event.record_id) == (one.username, "Two trials, one name.", second.pk)


def test_opinions_at_full_text_count_for_the_kept_record_too(review):
    one, two = builders.user(), builders.user()
    first, second = builders.record(review), builders.record(review)
    for record in (first, second):
        builders.decide(record, one, Verdict.INCLUDE)
    builders.decide(first, one, Verdict.INCLUDE, stage=Stage.FULL_TEXT)
    builders.decide(second, two, Verdict.EXCLUDE, stage=Stage.FULL_TEXT)
    duplicates.merge(kept=first, absorbed=second, by=one)
    assert status(first, Stage.FULL_TEXT) == StageStatus.CONFLICT
    assert status(second, Stage.FULL_TEXT) == StageStatus.INACTIVE


def test_a_chain_of_merges_points_at_its_root_and_comes_apart_in_any_order(review):
    a, b, c, d = (builders.record(review) for _ in range(4))
    by = review.created_by
    low = duplicates.merge(kept=b, absorbed=c, by=by)
    top = duplicates.merge(kept=a, absorbed=c, by=by)  # c stands for b by now
    duplicates.merge(kept=d, absorbed=a, by=by)
    assert pointers(a, b, c, d) == [d.pk, d.pk, d.pk, None]
    duplicates.unmerge(merge=low, by=by)
    assert pointers(a, b, c, d) == [d.pk, d.pk, None, None]
    duplicates.unmerge(merge=top, by=by)
    assert pointers(a, b, c, d) == [d.pk, None, None, None]
    assert list(Record.objects.filter(active=True).values_list("pk", flat=True)) == [b.pk, c.pk, d.pk]


def pointers(*records):
    found = dict(Record.objects.values_list("pk", "merged_into_id"))
    return [found[record.pk] for record in records]


def test_two_that_are_one_already_can_not_be_merged_again(review):
    a, b = builders.record(review), builders.record(review)
    duplicates.merge(kept=a, absorbed=b, by=review.created_by)
    with pytest.raises(duplicates.MergeRefusedError, match="one record already"):
        duplicates.merge(kept=b, absorbed=a, by=review.created_by)


def test_a_merge_is_undone_once(review):
    merge = duplicates.merge(kept=builders.record(review), absorbed=builders.record(review), by=review.created_by)
    duplicates.unmerge(merge=merge, by=review.created_by)
    with pytest.raises(duplicates.MergeRefusedError, match="undone before"):
        duplicates.unmerge(merge=merge, by=review.created_by)


@pytest.mark.parametrize("answer", [CandidateStatus.SAME_STUDY, CandidateStatus.NOT_DUPLICATE])
def test_only_duplicate_merges(review, answer):
    candidate = duplicates.judge(candidate=pair(review), status=answer, by=review.created_by)
    assert (candidate.status, candidate.judged_by) == (answer, review.created_by)
    assert Merge.objects.count() == 0


def test_a_judged_duplicate_is_merged_by_hand_and_can_be_taken_back(review):
    candidate = duplicates.judge(candidate=pair(review), status=CandidateStatus.DUPLICATE, by=review.created_by)
    merge = Merge.objects.get()
    assert (merge.automatic, merge.kept, merge.absorbed) == (False, candidate.first, candidate.second)
    duplicates.judge(candidate=candidate, status=CandidateStatus.OPEN, by=review.created_by)
    candidate.refresh_from_db()
    assert (candidate.status, candidate.judged_by) == (CandidateStatus.OPEN, None)
    assert Record.objects.filter(active=True).count() == 2


def test_an_undone_merge_opens_its_pair_again(review):
    candidate = duplicates.judge(candidate=pair(review), status=CandidateStatus.DUPLICATE, by=review.created_by)
    duplicates.unmerge(merge=Merge.objects.get(), by=review.created_by)
    candidate.refresh_from_db()
    assert candidate.status == CandidateStatus.OPEN


def test_a_pair_that_other_merges_made_one_is_answered(review):
    candidate, middle = pair(review), builders.record(review)
    duplicates.merge(kept=middle, absorbed=candidate.first, by=review.created_by)
    duplicates.merge(kept=middle, absorbed=candidate.second, by=review.created_by)
    candidate.refresh_from_db()
    assert candidate.status == CandidateStatus.DUPLICATE


def test_an_answer_holds_for_open_pairs_of_what_was_merged_meanwhile(review):
    candidate = pair(review)
    twin = builders.record(review)
    like = DuplicateCandidate.objects.create(
        review=review, first=candidate.second, second=twin, score=0.7, reason="Alike.", engine_version="1"
    )
    duplicates.merge(kept=candidate.first, absorbed=twin, by=review.created_by)
    duplicates.judge(candidate=like, status=CandidateStatus.NOT_DUPLICATE, by=review.created_by)
    candidate.refresh_from_db()
    assert candidate.status == CandidateStatus.NOT_DUPLICATE


def test_a_reviewer_marks_a_duplicate_while_screening(review):
    person, first, second = builders.user(), builders.record(review), builders.record(review)
    duplicates.mark_duplicate(record=second, of=first, by=person)
    second.refresh_from_db()
    assert second.merged_into == first
    assert Merge.objects.get().created_by == person
    with pytest.raises(duplicates.MergeRefusedError):
        duplicates.mark_duplicate(record=first, of=first, by=person)


def test_pointers_always_follow_from_the_merges_that_stand(review):
    """Whatever order merges are made and undone in: every pointer is a root, and every root is active."""
    records = [builders.record(review) for _ in range(6)]
    by, made = review.created_by, []
    for one, two in [(0, 1), (2, 3), (1, 2), (4, 5), (5, 3)]:
        made.append(duplicates.merge(kept=records[one], absorbed=records[two], by=by))
    for number in (1, 4, 0):
        duplicates.unmerge(merge=made[number], by=by)
        edges = clusters.standing(review)
        for record in Record.objects.all():
            root = clusters.root_of(record.pk, edges)
            assert (record.merged_into_id or record.pk, record.active) == (root, root == record.pk)
