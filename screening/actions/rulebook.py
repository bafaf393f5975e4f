"""What a stage asks of each record besides the votes: its rule, who is senior, who screens, the open pilot round."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from screening.enums import Assignment, Oversight
from screening.lots import lots, seed_of
from screening.models.review import Review
from screening.models.reviewer import Reviewer
from screening.models.stage import StageRule, StageState
from screening.policies import Terms
from screening.queries.team.team import ActiveReviewer, active_reviewers


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A rule with the people it is about. `seniors` is None where the rule asks for none; `active` are those who screen
    now, and are known only where records are given out by shares."""

    rule: StageRule
    seniors: frozenset[int] | None
    active: tuple[ActiveReviewer, ...] = ()

    def terms(self, state: StageState) -> Terms:
        """What the place asks for, by the number of opinions that is stored with it."""
        return Terms(state.needed, self.seniors, waive=self.rule.waive_second, piloted=in_open_round(state))

    def needed(self, state: StageState) -> int:
        """How many opinions settle a record; in an open pilot round, everybody's."""
        if state.pilot is not None and state.pilot.open:
            return max(1, len(state.pilot.reviewers))
        return needed(self.rule, state.record_id)

    def assigned(self, state: StageState) -> list[int]:
        """Ids of those who may be given the record; empty is anybody."""
        return self.assigned_many([state])[0]

    def assigned_many(self, states: Sequence[StageState]) -> list[list[int]]:
        """The same for many records: drawing for all of them at once is faster than one by one."""
        if self.rule.assignment == Assignment.SHARES:
            drawn = shares(self, [Place(state.record_id, self.needed(state), state.voters) for state in states])
        else:
            drawn = [[] for _ in states]
        piloted = [in_open_round(state) for state in states]
        return [
            sorted(state.pilot.reviewers) if state.pilot and there else people
            for state, people, there in zip(states, drawn, piloted, strict=True)
        ]


def rulebook(rule: StageRule) -> Rulebook:
    """The book as of now. At most three queries, and none for a rule without seniors and shares."""
    seniors = seniors_of(rule.review) if rule.senior_among else None
    active = active_reviewers(rule.review_id) if rule.assignment == Assignment.SHARES else ()
    return Rulebook(rule, seniors, tuple(active))


def seniors_of(review: Review) -> frozenset[int]:
    """Ids of everybody who is, or was when they left, a senior reviewer: their opinions keep their weight."""
    return frozenset(Reviewer.objects.filter(review=review, senior=True).values_list("user_id", flat=True))


def in_open_round(state: StageState) -> bool:
    """Whether the place is part of a pilot round that is not closed yet."""
    return state.pilot is not None and state.pilot.open


def needed(rule: StageRule, record_id: int) -> int:
    """How many opinions settle a record; an assistant that counts as the second (where AI is on) makes it two.

    Where two people screen only a share of the records, which ones is drawn once and for all: a larger share later
    keeps those of the smaller one.
    """
    if assistant_counts(rule):
        return 2
    if rule.reviewers_per_record == 2 and rule.double_share < 100:
        drawn = random_rank(rule.review_id, record_id, salt=f"double/{rule.stage}/")
        return 2 if drawn * 100 < rule.double_share else 1
    return rule.reviewers_per_record


def assistant_counts(rule: StageRule) -> bool:
    """Whether an assistant's opinion counts as the second one; never in a review whose AI is off (AI-01)."""
    return rule.oversight == Oversight.SECOND_REVIEWER and rule.review.ai_enabled


def random_rank(review_id: int, record_id: int, *, salt: str = "") -> float:
    """A reproducible random place in [0, 1): neither import order nor AI shows in it. Another salt, another draw."""
    digest = hashlib.blake2b(f"{salt}{review_id}:{record_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


class Place(NamedTuple):
    """What a share hangs on: a record, how many opinions it needs, and whose it has."""

    record_id: int
    needed: int
    voters: Collection[int]


def shares(book: Rulebook, places: Sequence[Place]) -> list[list[int]]:
    """Ids of who screens each record, drawn by `lots`: best lots first, those who have voted stay counted.

    Where a senior reviewer must be among them and none is, the best senior takes the last place. 50,000 records among
    20 people take a quarter of a second.
    """
    rule, people = book.rule, [one.user_id for one in book.active if one.share]
    seeds = [seed_of(f"share/{rule.stage}/{rule.review_id}/{person}") for person in people]
    drawn = lots([place.record_id for place in places], seeds, [one.share for one in book.active if one.share])
    orders = drawn.argsort(axis=1, kind="stable").tolist()
    return [_chosen(book, place, [people[at] for at in order]) for place, order in zip(places, orders, strict=True)]


def _chosen(book: Rulebook, place: Place, by_lot: Iterable[int]) -> list[int]:
    wanted = max(0, max(place.needed, 1) - len(place.voters))
    free = [person for person in by_lot if person not in place.voters]
    chosen = free[:wanted]
    if book.seniors is not None and book.seniors.isdisjoint(place.voters) and book.seniors.isdisjoint(chosen):
        best = next((person for person in free if person in book.seniors), None)
        if best is not None:
            chosen = [*chosen[: max(0, wanted - 1)], best]
    return sorted(chosen)
