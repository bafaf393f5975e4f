"""Random histories of a review: votes, undos, adjudications, merges, partings, rule changes, and reports
sought, lost and found, by random people.

After every step each place is what `policies.settle` says of its current votes (and so `reconcile` finds nothing), no
decision was lost or changed, and whoever meets a conflict can end it.
"""

from random import Random
from uuid import UUID, uuid5

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from screening import prisma
from screening.actions import assistants, duplicates, reviews, stages
from screening.actions.decisions import DecisionRefusedError
from screening.actions.reconcile import drifts
from screening.enums import Origin, Oversight, Stage, StageStatus, Verdict
from screening.models.decision import Decision
from screening.models.document import Document
from screening.models.merge import Merge
from screening.models.record import Record
from screening.models.retrieval import Retrieval
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.queries.team.team import active_reviewers
from screening.views.prisma import flow_of
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for

RECORDS, PEOPLE = 4, 3
KEYS = UUID("7a3c1c1e-0f5e-4a7b-9d57-1f3a52a0b6c4")
places = st.integers(0, RECORDS - 1)
persons = st.integers(0, PEOPLE - 1)
stage_names = st.sampled_from([Stage.TITLE_ABSTRACT, Stage.TITLE_ABSTRACT, Stage.FULL_TEXT])
modes = st.sampled_from([Oversight.BLIND_FIRST, Oversight.SECOND_REVIEWER, Oversight.OFF])


def read_since(family: Q, last: Retrieval) -> bool:
    """Whether somebody gave an opinion that stands, since that word, of a file that the record had and has no more."""
    words = Decision.objects.filter(family, stage=Stage.FULL_TEXT, superseded_by=None, created_at__gt=last.created_at)
    words = words.exclude(verdict=Verdict.WITHDRAWN).exclude(origin=Origin.IMPORTED)
    first = Document.objects.filter(family).order_by("created_at").first()
    return first is not None and words.filter(created_at__gte=first.created_at).exists()


class Screening(RuleBasedStateMachine):
    """One review, in a transaction that is rolled back at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.people = [builders.user() for _ in range(PEOPLE)]
        self.review = assisting.review(reviewers=self.people, adjudicators=self.people)
        self.lead = self.review.created_by
        self.records = [builders.record(self.review) for _ in range(RECORDS)]
        run = assisting.start(assisting.local(self.review))
        for item, verdict in zip(run.items.all(), ("include", "exclude"), strict=False):
            suggestion_for(item, verdict=verdict)
        self.stored: list[tuple[int, str, int, str]] = []
        self.refused = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def say(
        self, place: int, person: int, verdict: str, stage: str, origin: str = Origin.SCREENING, **more: object
    ) -> bool:
        key = uuid5(KEYS, f"{self.review.pk}/{len(self.stored)}/{self.refused}")
        said = {"stage": stage, "origin": origin, "idempotency_key": key, **more}
        record = Record.objects.select_related("review").get(pk=self.records[place].pk)
        try:
            made = builders.decide(record, self.people[person], verdict, **said)
        except DecisionRefusedError:
            self.refused += 1
            return False
        again = builders.decide(record, self.people[person], verdict, **said)
        assert (made.created, again.created, again.decision) == (True, False, made.decision)
        self.stored.append((made.decision.pk, verdict, self.people[person].pk, stage))
        return True

    def may_screen(self, person: int) -> bool:
        return self.people[person].pk in {one.user_id for one in active_reviewers(self.review.pk)}

    @rule(place=places, person=persons, verdict=st.sampled_from(["include", "exclude", "maybe"]), stage=stage_names)
    def vote(self, place, person, verdict, stage):
        state = self.open_state(place, stage)
        may = state is not None and self.may_screen(person)
        assert self.say(place, person, verdict, stage) == may, "votes of reviewers, and no others, are never refused"

    @rule(place=places, person=persons, stage=stage_names)
    def undo(self, place, person, stage):
        state = self.open_state(place, stage)
        stands = state is not None and self.people[person].pk in self.voters_by_screening(state)
        assert self.say(place, person, Verdict.WITHDRAWN, stage) == (stands and self.may_screen(person))

    @rule(place=places, person=persons, verdict=st.sampled_from(["include", "exclude", "withdrawn"]), stage=stage_names)
    def adjudicate(self, place, person, verdict, stage):
        self.say(place, person, verdict, stage, Origin.ADJUDICATION)

    @rule(one=places, other=places)
    def merge(self, one, other):
        try:
            duplicates.merge(kept=self.records[one], absorbed=self.records[other], by=self.lead)
        except duplicates.MergeRefusedError:
            self.refused += 1

    def merged(self) -> list[Merge]:
        return list(Merge.objects.filter(review=self.review, undone=None).order_by("id"))

    @precondition(lambda self: self.merged())
    @rule(which=st.integers(0, RECORDS))
    def part(self, which):
        standing = self.merged()
        duplicates.unmerge(merge=standing[which % len(standing)], by=self.lead)

    @rule(number=st.sampled_from([1, 2]), oversight=modes, stage=stage_names, share=st.sampled_from([100, 50]))
    def change_the_rule(self, number, oversight, stage, share):
        reviews.change_rule(
            rule=StageRule.objects.get(review=self.review, stage=stage),
            by=self.lead,
            reviewers_per_record=number,
            reason_required=False,
            oversight=oversight,
            double_share=share,
        )

    @rule(on=st.booleans())
    def switch_ai(self, on):
        review = Review.objects.get(pk=self.review.pk)
        assistants.switch(review=review, by=self.lead, ai_enabled=on, may_be_sent_to_ai=False)

    @rule(place=places, outcome=st.sampled_from(["not_retrieved", "not_retrieved", "sought_again"]))
    def seek(self, place, outcome):
        """A person says what came of looking for a report."""
        Retrieval.objects.create(review=self.review, record=self.records[place], outcome=outcome, created_by=self.lead)
        self.refresh(place)

    @rule(place=places)
    def bring_a_file(self, place):
        name, record = f"{next(builders.number):064x}", self.records[place]
        Document.objects.create(
            review=self.review, record=record, name="a.pdf", sha256=name, size=1, created_by=self.lead
        )
        self.refresh(place)

    @rule(place=places)
    def remove_its_files(self, place):
        for document in Document.objects.filter(record=self.records[place], removed=False):
            document.removed = True
            document.save()
        self.refresh(place)

    def refresh(self, place: int) -> None:
        record = Record.objects.get(pk=self.records[place].pk)
        root = record.merged_into_id or record.pk
        stages.refresh(review=self.review, record_ids=[root], stage=Stage.FULL_TEXT)

    @invariant()
    def what_was_not_retrieved_is_so_by_the_last_word_and_without_a_file(self):
        for state in StageState.objects.filter(review=self.review, stage=Stage.FULL_TEXT).exclude(status="inactive"):
            family = Q(record=state.record_id) | Q(record__merged_into=state.record_id)
            last = Retrieval.objects.filter(family).first()
            at_hand = Document.objects.filter(family, removed=False).exists()
            lost = last is not None and last.outcome == "not_retrieved" and not at_hand and not read_since(family, last)
            assert (state.status == StageStatus.NOT_RETRIEVED) == lost

    @invariant()
    def every_included_report_has_one_study_and_the_flow_s_lower_half_balances(self):
        included = StageState.objects.filter(review=self.review, stage=Stage.FULL_TEXT, status=StageStatus.INCLUDED)
        assert not included.exclude(record__study_report__isnull=False).exists()
        assert [fault for fault in prisma.balance(flow_of(self.review)) if "identified" not in fault] == []

    @invariant()
    def every_place_is_what_its_votes_say(self):
        assert [str(drift) for drift in drifts(self.review)] == []

    @invariant()
    def no_decision_is_lost(self):
        rows = Decision.objects.filter(review=self.review).order_by("id")
        assert list(rows.values_list("pk", "verdict", "author_id", "stage")) == self.stored

    @invariant()
    def words_form_chains_on_one_record_by_one_author(self):
        for new in Decision.objects.filter(review=self.review, supersedes__isnull=False).select_related("supersedes"):
            old = new.supersedes
            assert (old.record_id, old.author_id, old.stage) == (new.record_id, new.author_id, new.stage)

    @invariant()
    def every_conflict_has_a_way_out(self):
        conflicts = StageState.objects.filter(review=self.review, status=StageStatus.CONFLICT)
        for state in conflicts.select_related("record__review"):
            for verdict, outcome in (("include", StageStatus.INCLUDED), ("exclude", StageStatus.EXCLUDED)):
                with transaction.atomic():
                    key = uuid5(KEYS, f"way out {verdict} {state.pk} {len(self.stored)}")
                    said = {"stage": state.stage, "origin": Origin.ADJUDICATION, "idempotency_key": key}
                    settled = builders.decide(state.record, self.people[0], verdict, **said)
                    assert settled.state.status == outcome
                    transaction.set_rollback(True)

    def open_state(self, place: int, stage: str) -> StageState | None:
        record = Record.objects.get(pk=self.records[place].pk)
        states = StageState.objects.filter(record=record.merged_into_id or record.pk, stage=stage)
        return states.exclude(status=StageStatus.INACTIVE).first()

    def voters_by_screening(self, state: StageState) -> set[int]:
        votes = stages.current_votes([state.record_id], state.stage).get(state.record_id, [])
        return {vote.author_id for vote in votes if vote.origin != Origin.ADJUDICATION}


@pytest.mark.django_db
def test_random_histories_keep_statuses_true_and_lose_nothing():
    run_state_machine_as_test(
        seed(2)(Screening),
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


# What a step may be, and how often. hypothesis likes short and repetitive histories, which it can shrink; long and
# varied ones, in which a merge comes between two words of one person, come from here.
STEPS = {
    "vote": 8,
    "undo": 3,
    "adjudicate": 3,
    "merge": 3,
    "part": 2,
    "change_the_rule": 1,
    "switch_ai": 1,
    "seek": 3,
    "bring_a_file": 1,
    "remove_its_files": 1,
}


def arguments(step: str, by: Random) -> dict[str, object]:
    place, person, stage = by.randrange(RECORDS), by.randrange(PEOPLE), by.choice([*Stage, Stage.TITLE_ABSTRACT])
    word = {"place": place, "person": person, "stage": stage}
    return {
        "vote": {**word, "verdict": by.choice(["include", "exclude", "maybe"])},
        "undo": word,
        "adjudicate": {**word, "verdict": by.choice(["include", "exclude", "withdrawn"])},
        "merge": {"one": place, "other": by.randrange(RECORDS)},
        "part": {"which": place},
        "change_the_rule": {
            "number": by.choice([1, 2]),
            "oversight": by.choice([Oversight.BLIND_FIRST, Oversight.SECOND_REVIEWER]),
            "stage": stage,
            "share": by.choice([100, 50]),
        },
        "switch_ai": {"on": by.random() < 0.5},
        "seek": {"place": place, "outcome": by.choice(["not_retrieved", "not_retrieved", "sought_again"])},
        "bring_a_file": {"place": place},
        "remove_its_files": {"place": place},
    }[step]


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(4))
def test_long_random_histories_do_too(number):
    by, machine = Random(number), Screening()
    try:
        for step in by.choices(list(STEPS), list(STEPS.values()), k=80):
            if step != "part" or machine.merged():
                getattr(machine, step)(**arguments(step, by))
            machine.every_place_is_what_its_votes_say()
            machine.no_decision_is_lost()
            machine.words_form_chains_on_one_record_by_one_author()
            machine.every_conflict_has_a_way_out()
            machine.what_was_not_retrieved_is_so_by_the_last_word_and_without_a_file()
            machine.every_included_report_has_one_study_and_the_flow_s_lower_half_balances()
        assert len(machine.stored) > 10, "a history that nothing happens in shows nothing"
    finally:
        machine.teardown()
