"""Random histories of answers, whole clusters joined, steps taken back in any order, merges undone from their list, and
decisions in between (DED-03).

After every step the pointers follow from the merges that stand, an open pair is of two records and a duplicate of one,
no decision or citation was lost; when every merge is undone in the end, each record has the status of its own words.
"""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from screening.actions import clusters, duplicates, pair_answers
from screening.actions.answers import Answer, MergeRefusedError, ToldApartError
from screening.actions.decisions import DecisionRefusedError
from screening.enums import CandidateStatus, Stage, StageStatus, Verdict
from screening.models.citation import Citation
from screening.models.decision import Decision
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.identification.pair_clusters import clusters_of
from tests import builders

RECORDS = 5
places = st.integers(0, RECORDS - 1)
answers = st.sampled_from(["duplicate", "duplicate", "same_study", "correction", "not_duplicate", "open"])
STATUS = {Verdict.INCLUDE: StageStatus.INCLUDED, Verdict.EXCLUDE: StageStatus.EXCLUDED}


class Merging(RuleBasedStateMachine):
    """One review, in a transaction that is rolled back at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.review = builders.review(reviewers_per_record=1)
        self.people = [builders.user(), builders.user()]
        self.records = [builders.record(self.review) for _ in range(RECORDS)]
        file, self.own = builders.imported_file(self.review), {}
        for at, record in enumerate(self.records):
            raw = {"raw": "x", "raw_sha256": "0" * 64}
            Citation.objects.create(record=record, file=file, source=file.source, position=at, line=at + 1, **raw)
        for one, two in ((0, 1), (1, 2), (2, 3), (0, 3)):
            ends = {"first": self.records[one], "second": self.records[two]}
            DuplicateCandidate.objects.create(review=self.review, score=0.5, reason="x", engine_version="1", **ends)
        self.steps: list[tuple[pair_answers.Step, int]] = []
        self.decisions = 0

    def teardown(self) -> None:
        for merge in Merge.objects.filter(undone__isnull=True):
            duplicates.unmerge(merge=merge, by=self.people[0])
        for record in self.records:
            own = self.own.get(record.pk)
            state = StageState.objects.get(record=record, stage=Stage.TITLE_ABSTRACT)
            assert state.status == (STATUS[own] if own else StageStatus.UNSCREENED)
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def root(self, place: int) -> Record:
        record = Record.objects.get(pk=self.records[place].pk)
        return record.merged_into or record

    @rule(one=places, two=places, word=answers, who=st.integers(0, 1))
    def answer(self, one: int, two: int, word: str, who: int) -> None:
        left, right = self.root(one), self.root(two)
        if left == right or (word == "open" and pair_answers.pair_between(left, right) is None):
            return
        said = Answer(word, kept=left.pk, special=right.pk)
        self.try_to(who, partial(pair_answers.answer_two, one=left, two=right, answer=said))

    def try_to(self, who: int, act: Callable[..., pair_answers.Step]) -> None:
        """A step, unless it would join what somebody told apart."""
        try:
            with transaction.atomic():
                self.steps.append((act(by=self.people[who]), who))
        except ToldApartError:
            return

    @rule(who=st.integers(0, 1))
    def join_a_cluster(self, who: int) -> None:
        for cluster in clusters_of(self.review)[:1]:
            pairs = list(DuplicateCandidate.objects.filter(pk__in=[pair.id for pair in cluster.pairs]))
            kept = min(cluster.members)
            members = cluster.members
            self.try_to(who, partial(pair_answers.join_all, pairs=pairs, members=members, kept=kept))

    @rule(which=st.integers(0, 30))
    def take_back(self, which: int) -> None:
        if self.steps:
            step, who = self.steps.pop(-1 - which % len(self.steps))
            pair_answers.take_back(review=self.review, step=step, by=self.people[who])

    @rule(which=st.integers(0, 30))
    def undo_a_merge(self, which: int) -> None:
        standing = list(Merge.objects.filter(undone__isnull=True))
        if standing:
            duplicates.unmerge(merge=standing[which % len(standing)], by=self.people[0])

    @rule(place=places, verdict=st.sampled_from([Verdict.INCLUDE, Verdict.EXCLUDE]))
    def decide(self, place: int, verdict: str) -> None:
        record = self.root(place)
        try:
            with transaction.atomic():
                builders.decide(record, self.people[0], verdict)
        except (DecisionRefusedError, MergeRefusedError):
            return
        self.own[record.pk] = verdict
        self.decisions += 1

    @invariant()
    def pointers_follow_from_merges(self) -> None:
        edges = clusters.standing(self.review)
        for record in Record.objects.all():
            root = clusters.root_of(record.pk, edges)
            assert (record.merged_into_id or record.pk, record.active) == (root, root == record.pk)

    @invariant()
    def pairs_say_what_is_so(self) -> None:
        for pair in DuplicateCandidate.objects.select_related("first", "second"):
            one, two = (end.merged_into_id or end.pk for end in (pair.first, pair.second))
            if pair.status in (CandidateStatus.OPEN, CandidateStatus.DUPLICATE):
                assert (pair.status == CandidateStatus.DUPLICATE) == (one == two)
            else:
                assert one != two, "nobody joins what was told apart without changing that answer"

    @invariant()
    def nothing_is_lost(self) -> None:
        assert (Decision.objects.count(), Citation.objects.count()) == (self.decisions, RECORDS)


@pytest.mark.django_db
def test_whatever_is_merged_and_undone_loses_nothing() -> None:
    run_state_machine_as_test(
        Merging,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
