"""What a word from elsewhere counts for beside others: of the same import on a merged record, and of people here."""

import pytest

from screening.actions import duplicates, elsewhere, reconcile
from screening.models.decision_import import DecisionImport
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.amendments.amendments import amendment, impact
from screening.queries.prisma.flow import elsewhere as settled_elsewhere
from screening.queries.stages.conflicts import opinions
from screening.queries.stages.imported import asked
from screening.queries.stages.shapes import shapes, votes_of
from screening.queries.stages.votes import current_votes
from tests import builders
from tests.citations import bring_in
from tests.elsewhere import brought_in, chosen, rayyan, said, taken_back

pytestmark = pytest.mark.django_db
TA = "title_abstract"
BOTH = rayyan(said("Anna", "Included"), said("Anna", "Excluded"))
ALIKE = rayyan(said("Anna", "Included"), said("Ben", "Included"))


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def ben():
    return builders.user("ben")


@pytest.fixture
def judge():
    return builders.user("judge")


@pytest.fixture
def review(ada, ben, judge):
    return builders.review(reviewers=[ada, ben], adjudicators=[judge])


def place(record, stage=TA):
    return StageState.objects.get(record=record, stage=stage)


def merged(review):
    kept, absorbed = Record.objects.order_by("pk")
    duplicates.merge(kept=kept, absorbed=absorbed, by=review.created_by)
    return kept


def true(review):
    return list(reconcile.drifts(review)) == []


@pytest.mark.parametrize("counts_as", ["final", "opinion"])
def test_what_one_import_says_of_merged_records_and_contradicts_itself_is_a_conflict(review, judge, counts_as):
    row = brought_in(bring_in(review, BOTH), counts_as=counts_as)
    kept = merged(review)
    state = place(kept)
    assert (state.status, state.voters) == ("conflict", [-row.pk])
    assert {one.verdict for one in opinions(state)} == {"include", "exclude"}
    whole = {one.record_id: votes_of(one.said) for one in shapes(review.pk, TA)}
    assert whole[kept.pk] == current_votes([kept.pk], TA)[kept.pk]
    told = next(one for one in impact(amendment(review, 1), blind=False) if one.stage == TA)
    assert {verdict: count.total for verdict, count in told.by_verdict.items()} == {"include": 1, "exclude": 1}
    assert true(review)
    settled = builders.decide(kept, judge, "include", origin="adjudication").state
    assert settled.status == "included"
    assert true(review)


def test_what_one_import_says_of_merged_records_and_is_the_same_counts_once(review):
    row = brought_in(bring_in(review, ALIKE), counts_as="opinion")
    kept = merged(review)
    assert (place(kept).status, place(kept).voters) == ("partial", [-row.pk])
    taken_back(row)
    assert place(kept).status == "unscreened"
    assert true(review)


def test_a_contradiction_of_an_import_is_set_aside_by_whoever_decides_here(review, ada, ben):
    brought_in(bring_in(review, BOTH))
    kept = merged(review)
    assert builders.decide(kept, ada, "include").state.status == "partial"
    assert builders.decide(kept, ben, "include").state.status == "included"
    assert place(kept).voters == sorted([ada.pk, ben.pk])
    assert true(review)


@pytest.mark.parametrize(("number", "verdict", "status"), [(0, "include", "included"), (1, "exclude", "excluded")])
def test_a_vote_here_that_agrees_with_an_outcome_from_elsewhere_leaves_the_record_settled(
    review, ada, ben, number, verdict, status
):
    row = brought_in(bring_in(review, BOTH))
    record = Record.objects.order_by("pk")[number]
    state = builders.decide(record, ada, verdict).state
    assert (state.status, state.voters) == (status, [-row.pk, ada.pk])
    assert place(record, "full_text").status == "unscreened" if verdict == "include" else True
    other = "exclude" if verdict == "include" else "include"
    state = builders.decide(record, ben, other).state
    assert (state.status, state.voters) == ("conflict", sorted([ada.pk, ben.pk])), "the words here stand, by the rule"
    assert true(review)


def test_settled_elsewhere_is_what_nobody_here_has_a_vote_in(review, ada, judge):
    brought_in(bring_in(review, BOTH), counts_as="opinion")
    one, two = Record.objects.order_by("pk")
    builders.decide(one, ada, "exclude")
    builders.decide(one, judge, "include", origin="adjudication")
    builders.decide(two, ada, "exclude")
    at = StageState.objects.filter(stage=TA)
    assert settled_elsewhere(review) == {}
    assert not at.filter(asked("settled")).exists()
    assert at.filter(asked("here")).count() == at.filter(asked("counts")).count() == 2


def test_what_only_an_import_settled_is_settled_elsewhere(review, ada):
    brought_in(bring_in(review, BOTH))
    builders.decide(Record.objects.order_by("pk")[0], ada, "include")
    at = StageState.objects.filter(stage=TA)
    assert settled_elsewhere(review) == {TA: 1}
    assert [at.filter(asked(name)).count() for name in ("settled", "here", "counts")] == [1, 1, 2]


def test_the_same_decisions_are_not_brought_in_twice_until_they_are_taken_back(review):
    file = bring_in(review, BOTH)
    first = brought_in(file, counts_as="opinion")
    with pytest.raises(elsewhere.ElsewhereRefusedError, match="was brought in already"):
        elsewhere.commit(row=chosen(file, counts_as="opinion"), by=review.created_by)
    assert set(StageState.objects.filter(stage=TA).values_list("status", flat=True)) == {"partial"}
    taken_back(first)
    second = DecisionImport.objects.get(status="choosing")
    assert elsewhere.commit(row=second, by=review.created_by).status == "queued"


def test_the_same_column_may_be_brought_in_for_the_other_stage(review):
    file = bring_in(review, BOTH)
    brought_in(file)
    assert brought_in(file, stage="full_text").status == "done"
