"""Random histories of a team (SCR-06): people come, go, pause, replace one another and become senior; rules, pilot
rounds and amendments change midway; records are screened anew, and that is taken back; votes, undos, adjudications,
merges, partings go on as in `test_status_machine`, along with votes on many records at once and votes by a text of the
protocol that was amended meanwhile.

Decisions made elsewhere are brought in, as outcomes and as opinions, and taken back.

After every step no status is wrong, no decision is lost, every conflict has a way out, nobody holds or is given what is
not theirs, and every open record has people who may finish it.
"""

from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from audit.models.event import Event
from screening.actions import judging, pilots, reviews, team
from screening.actions.reservations import claim_next
from screening.actions.rulebook import in_open_round, seniors_of
from screening.actions.stages import rule_for
from screening.enums import Assignment, CountsAs, Origin, Role, Stage, StageStatus
from screening.models.pilot import PilotRound
from screening.models.protocol import Criterion
from screening.models.reviewer import Reviewer
from screening.models.stage import Reservation, StageRule, StageState
from screening.queries.stages.votes import current_votes
from screening.queries.team.team import active_reviewers
from tests import builders
from tests.screening.actions.amended_machine import VERDICTS, Amended
from tests.screening.actions.test_status_machine import PEOPLE, RECORDS, STEPS, arguments, persons, places

TA = Stage.TITLE_ABSTRACT
OPEN = (StageStatus.UNSCREENED, StageStatus.PARTIAL)
TEAM_REFUSALS = (
    team.TeamRefusedError,
    pilots.PilotRefusedError,
    judging.DecisionRefusedError,
)


class Teams(Amended):
    """The same review, whose team and rules change as well."""

    def __init__(self) -> None:
        super().__init__()
        self.people.append(builders.user())  # somebody who is not in the team at first
        self.people.append(builders.user())  # somebody who settles conflicts throughout, and screens nothing
        builders.join(self.review, self.judge, Role.ADJUDICATOR)

    @property
    def judge(self):
        return self.people[PEOPLE + 1]

    def refusable(self, act, **said) -> None:
        try:
            with transaction.atomic():
                act(review=self.review, by=self.lead, **said)
        except TEAM_REFUSALS:
            self.refused += 1

    @rule(person=st.integers(0, PEOPLE), roles=st.sampled_from([set(), {Role.REVIEWER}, {Role.REVIEWER, Role.LEAD}]))
    def give_roles(self, person, roles):
        self.refusable(team.set_roles, user=self.people[person], roles=roles)

    @rule(leaving=st.integers(0, PEOPLE), coming=st.integers(0, PEOPLE))
    def replace(self, leaving, coming):
        self.refusable(team.replace, leaving=self.people[leaving], coming=self.people[coming], reason="On leave")

    @rule(person=st.integers(0, PEOPLE), act=st.sampled_from([team.suspend, team.resume]))
    def pause(self, person, act):
        self.refusable(act, user=self.people[person])

    @rule(person=st.integers(0, PEOPLE), senior=st.booleans())
    def say_who_is_senior(self, person, senior):
        self.refusable(team.set_senior, user=self.people[person], senior=senior)

    @rule(person=st.integers(0, PEOPLE), share=st.sampled_from([0, 50, 100]))
    def share(self, person, share):
        self.refusable(team.set_share, user=self.people[person], share=share)

    @rule(
        senior_among=st.booleans(),
        waive_second=st.booleans(),
        assignment=st.sampled_from(Assignment.values),
        own_conflicts=st.booleans(),
        number=st.sampled_from([1, 2]),
        named=st.booleans(),
    )
    def change_the_team_s_rule(self, number, named, **new):
        stands = StageRule.objects.get(review=self.review, stage=TA)
        new["adjudicators"] = [self.judge.pk] if named else []
        reviews.change_rule(rule=stands, by=self.lead, reviewers_per_record=number, **new)

    @rule(people=st.sets(st.integers(0, PEOPLE), min_size=2), size=st.integers(1, 2))
    def start_a_pilot_round(self, people, size):
        chosen = [self.people[person].pk for person in people]
        self.refusable(pilots.start, stage=TA, size=size, reviewers=chosen)

    @rule()
    def close_the_pilot_round(self):
        for pilot in PilotRound.objects.filter(review=self.review, closed_at=None):
            pilots.close(pilot=pilot, by=self.lead)

    @rule(place=places, person=persons)
    def exclude_clearly(self, place, person):
        """An exclusion that judges two criteria not met, or one where the protocol has no more."""
        state = self.open_state(place, TA)
        current = Criterion.objects.filter(protocol__review=self.review).order_by("-protocol__number", "position")
        newest = [one for one in current if one.protocol_id == current[0].protocol_id]
        said = {one.pk: "not_met" for one in newest}
        may = state is not None and self.may_screen(person)
        assert self.say(place, person, "exclude", TA, judgements=said) == may

    @rule(person=st.integers(0, PEOPLE), limit=st.integers(1, 3))
    def take(self, person, limit):
        """Somebody who may screen takes the next records, as the workbench does."""
        if any(one.user_id == self.people[person].pk for one in active_reviewers(self.review.pk)):
            held = Reservation.objects.filter(reviewer=self.people[person]).values_list("state__record_id", flat=True)
            now = rule_for(self.review, TA)
            given = claim_next(rule=now, reviewer_id=self.people[person].pk, limit=limit, have=list(held))
            for state in StageState.objects.filter(record__in=given, stage=TA).select_related("pilot"):
                self.may_be_given(state, self.people[person].pk)

    def may_be_given(self, state: StageState, person: int) -> None:
        assert state.status in OPEN
        assert person not in state.voters
        assert not state.assigned or person in state.assigned
        in_a_round = PilotRound.objects.filter(review=self.review, stage=TA, closed_at=None).exists()
        assert in_open_round(state) == in_a_round
        if not in_a_round:
            self.there_is_room(state, person)

    def there_is_room(self, state: StageState, person: int) -> None:
        """With all who hold it no more than are needed; a senior may come on top, and a place is kept for one."""
        seniors, asks = seniors_of(self.review), rule_for(self.review, TA).senior_among
        holders = set(state.reservations.exclude(reviewer=person).values_list("reviewer_id", flat=True))
        waits = asks and not (holders | set(state.voters)) & seniors
        taken = len(state.voters) + len(holders) + 1
        assert taken <= state.needed - waits or (person in seniors and waits), "given to more people than it needs"

    @invariant()
    def whoever_left_or_is_paused_holds_nothing(self):
        active = {one.user_id for one in active_reviewers(self.review.pk)}
        held = Reservation.objects.filter(state__review=self.review)
        assert set(held.values_list("reviewer_id", flat=True)) <= active

    @invariant()
    def with_shares_every_open_record_has_people_who_may_finish_it(self):
        stands = rule_for(self.review, TA)
        if stands.assignment != Assignment.SHARES:
            return
        working = {one.user_id for one in active_reviewers(self.review.pk) if one.share}
        for state in StageState.objects.filter(review=self.review, stage=TA, status__in=OPEN).select_related("pilot"):
            if in_open_round(state):
                continue
            left = working - set(state.voters)
            theirs = set(state.assigned) & left
            assert not set(state.assigned) - working - set(state.voters), "nobody's share is somebody who has gone"
            assert len(theirs) >= min(state.needed - len(state.voters), len(left)) or not state.assigned

    @invariant()
    def in_an_open_round_nothing_is_settled(self):
        piloted = StageState.objects.filter(pilot__review=self.review, pilot__closed_at=None)
        assert set(piloted.values_list("status", flat=True)) <= {*map(str, OPEN), StageStatus.INACTIVE.value}

    @invariant()
    def a_lone_exclusion_settles_only_where_the_rule_waives_the_second(self):
        stands = rule_for(self.review, TA)
        for state in StageState.objects.filter(review=self.review, stage=TA, waived=True):
            votes = self.counted(state)
            assert stands.waive_second
            assert [(vote.verdict, vote.failed >= 2) for vote in votes] == [("exclude", True)]

    @invariant()
    def what_a_senior_is_asked_for_is_settled_with_one_or_by_an_adjudicator(self):
        if not rule_for(self.review, TA).senior_among:
            return
        seniors = seniors_of(self.review)
        settled = [StageStatus.INCLUDED, StageStatus.EXCLUDED]
        for state in StageState.objects.filter(review=self.review, stage=TA, status__in=settled):
            votes = self.counted(state)
            elsewhere = any(vote.final for vote in votes)
            assert elsewhere or any(vote.author_id in seniors or vote.origin == Origin.ADJUDICATION for vote in votes)

    @staticmethod
    def counted(state):
        votes = current_votes([state.record_id], TA)[state.record_id]
        return [vote for vote in votes if vote.author_id in state.voters]

    @invariant()
    def what_people_say_here_stands_before_what_was_decided_elsewhere(self):
        for state in StageState.objects.filter(review=self.review, stage=TA).exclude(voters=[]):
            words = self.counted(state)
            if any(vote.final for vote in words):
                imports = {(vote.author_id, vote.final) for vote in words if vote.origin == Origin.IMPORTED}
                sides = {vote.verdict == "exclude" for vote in words}
                assert len(imports) == 1, "of imports a final one counts alone"
                assert len(sides) == 1 or state.voters[-1] < 0, "it counts while nobody here disagrees"
                assert state.status in (StageStatus.CONFLICT, StageStatus.INCLUDED, StageStatus.EXCLUDED)

    @invariant()
    def every_conflict_has_a_way_out(self):
        """By the adjudicator who screens nothing, whatever the rule and the team."""
        self.people.insert(0, self.judge)
        try:
            super().every_conflict_has_a_way_out()
        finally:
            self.people.pop(0)


TEAM_STEPS = {
    **STEPS,
    "adjudicate": 7,
    "take": 6,
    "exclude_clearly": 5,
    "give_roles": 3,
    "replace": 3,
    "pause": 4,
    "say_who_is_senior": 2,
    "share": 2,
    "change_the_team_s_rule": 4,
    "start_a_pilot_round": 4,
    "close_the_pilot_round": 3,
    "amend": 3,
    "screen_anew": 4,
    "screen_as_before": 5,
    "vote_by_an_older_text": 4,
    "vote_on_many": 3,
    "take_many_back": 3,
    "bring_in": 3,
    "take_imported_back": 2,
}
MUST_HAPPEN = {
    *("pilot.started", "pilot.closed", "protocol.amended", "rescreening.begun", "reviewer.replaced", "team.changed"),
    *("reviewer.suspended", "reviewer.resumed", "reviewer.seniority", "reviewer.share", "stage.changed"),
    *("record.decided", "record.adjudicated", "record.merged", "record.unmerged"),
    *("rescreening.taken_back", "bulk.decided", "bulk.taken_back"),
    *("record.decided_elsewhere", "decisions.taken_back"),
}


def team_arguments(step: str, by: Random, machine: Teams) -> dict[str, object]:
    if step == "adjudicate":
        return adjudication(by, machine)
    if step in STEPS:
        said = arguments(step, by)
        return {**said, "person": screener(by, machine)} if step in ("vote", "undo") else said
    person, other = by.randrange(PEOPLE + 1), by.randrange(PEOPLE + 1)
    active = {one.user_id for one in active_reviewers(machine.review.pk)}
    stage = by.choice([TA, TA, Stage.FULL_TEXT])
    word = {"place": by.randrange(RECORDS), "person": screener(by, machine), "stage": stage}
    return {
        "take": {"person": person, "limit": by.randint(1, 3)},
        "exclude_clearly": {"place": word["place"], "person": word["person"]},
        "give_roles": {"person": person, "roles": by.choice([set(), {Role.REVIEWER}, {Role.REVIEWER}])},
        "replace": {"leaving": word["person"], "coming": other},
        "pause": pausing(by, machine, person),
        "say_who_is_senior": {"person": person, "senior": by.random() < 0.6},
        "share": {"person": person, "share": by.choice([0, 50, 100])},
        "change_the_team_s_rule": {
            "number": by.choice([1, 2]),
            "senior_among": by.random() < 0.5,
            "waive_second": by.random() < 0.7,
            "assignment": by.choice(Assignment.values),
            "own_conflicts": by.random() < 0.5,
            "named": by.random() < 0.3,
        },
        "start_a_pilot_round": {
            "people": {place for place, one in enumerate(machine.people) if one.pk in active},
            "size": by.randint(1, 2),
        },
        "screen_anew": {"chosen": set(range(RECORDS)), "stage": stage},
        "screen_as_before": {"which": by.randrange(RECORDS)},
        "vote_by_an_older_text": {**word, "verdict": by.choice(VERDICTS), "which": by.randrange(4)},
        "vote_on_many": {"person": word["person"], "verdict": by.choice(VERDICTS), "stage": stage},
        "take_many_back": {"which": by.randrange(RECORDS)},
        "bring_in": {
            "chosen": set(by.sample(range(RECORDS), by.randint(1, RECORDS))),
            "verdict": by.choice(VERDICTS),
            "stage": stage,
            "counts_as": by.choice(CountsAs.values),
        },
        "take_imported_back": {"which": by.randrange(RECORDS)},
    }.get(step, {})


def pausing(by: Random, machine: Teams, person: int) -> dict[str, object]:
    """Mostly who is suspended goes on: hardly ever would a second draw find the same person."""
    suspended = set(Reviewer.objects.filter(review=machine.review, suspended=True).values_list("user_id", flat=True))
    waiting = [place for place, one in enumerate(machine.people) if one.pk in suspended]
    if waiting and by.random() < 0.7:
        return {"person": by.choice(waiting), "act": team.resume}
    return {"person": person, "act": by.choice([team.suspend, team.suspend, team.resume])}


def screener(by: Random, machine: Teams) -> int:
    """Mostly somebody who may screen: histories in which most votes are refused show little."""
    active = {one.user_id for one in active_reviewers(machine.review.pk)}
    able = [person for person, one in enumerate(machine.people) if one.pk in active]
    return by.choice(able) if able and by.random() < 0.85 else by.randrange(PEOPLE)


def adjudication(by: Random, machine: Teams) -> dict[str, object]:
    """Mostly of a conflict that there is; by anybody who has no vote in it, of whom not all may, or by who always may.
    Anything else is tried too, and is refused."""
    said = {**arguments("adjudicate", by), "stage": TA}
    states = StageState.objects.filter(review=machine.review, status=StageStatus.CONFLICT)
    for place, record in enumerate(machine.records):
        state = states.filter(record=record).first()
        if state is not None:
            free = [person for person in range(PEOPLE) if machine.people[person].pk not in state.voters]
            return {**said, "place": place, "stage": state.stage, "person": by.choice([*free, PEOPLE + 1, PEOPLE + 1])}
    return said


def checks(machine: Teams) -> None:
    for name in dir(machine):
        if hasattr(getattr(Teams, name, None), "hypothesis_stateful_invariant"):
            getattr(machine, name)()


@pytest.mark.django_db
def test_random_histories_of_a_team_keep_statuses_true_and_lose_nothing():
    run_state_machine_as_test(
        seed(3)(Teams),
        settings=settings(
            max_examples=4,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_long_random_histories_of_a_team_do_too():
    happened: set[str] = set()
    for number in (2, 7, 8, 10):  # in which all of MUST_HAPPEN happens
        by, machine = Random(number), Teams()
        try:
            for step in by.choices(list(TEAM_STEPS), list(TEAM_STEPS.values()), k=75):
                if step != "part" or machine.merged():
                    getattr(machine, step)(**team_arguments(step, by, machine))
                checks(machine)
            written = Event.objects.filter(review_id=machine.review.pk).values_list("type", flat=True)
            happened |= set(written)
        finally:
            machine.teardown()
    assert happened >= MUST_HAPPEN, "histories in which it doesn't happen show nothing"


MOSTLY_CLEAR = {"exclude_clearly": 10, "vote": 4, "change_the_team_s_rule": 5, "undo": 2, "bring_in": 1}


@pytest.mark.django_db
def test_histories_in_which_the_second_opinion_is_waived_do_too():
    waived = 0
    for number in (3, 4):  # in which it happens
        by, machine = Random(number), Teams()
        try:
            for step in by.choices(list(MOSTLY_CLEAR), list(MOSTLY_CLEAR.values()), k=30):
                getattr(machine, step)(**team_arguments(step, by, machine))
                checks(machine)
                waived += StageState.objects.filter(review=machine.review, waived=True).count()
        finally:
            machine.teardown()
    assert waived


MOSTLY_IMPORTS = {"bring_in": 6, "merge": 4, "part": 2, "vote": 5, "undo": 2, "adjudicate": 4, "take_imported_back": 2}


@pytest.mark.django_db
def test_histories_in_which_imports_contradict_themselves_and_people_here_agree_with_them_do_too():
    contradicted = agreed = 0
    for number in (3, 7):  # in which both happen
        by, machine = Random(number), Teams()
        try:
            for step in by.choices(list(MOSTLY_IMPORTS), list(MOSTLY_IMPORTS.values()), k=30):
                if step != "part" or machine.merged():
                    getattr(machine, step)(**team_arguments(step, by, machine))
                checks(machine)
                counted = StageState.objects.filter(review=machine.review, stage=TA, voters__0__lt=0)
                for state in counted:
                    contradicted += len(state.voters) == 1 and state.status == StageStatus.CONFLICT
                    agreed += state.voters[-1] > 0 and any(vote.final for vote in machine.counted(state))
        finally:
            machine.teardown()
    assert contradicted
    assert agreed
