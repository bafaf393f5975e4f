"""What a stage asks of each record besides the votes: its rule, who is senior, who screens, the open pilot round."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from math import log

from screening.enums import Assignment, Oversight
from screening.models.review import Review
from screening.models.reviewer import Reviewer
from screening.models.stage import StageRule, StageState
from screening.policies import Terms
from screening.queries.team import ActiveReviewer, active_reviewers


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
        if state.pilot is not None and state.pilot.open:
            return sorted(state.pilot.reviewers)
        if self.rule.assignment != Assignment.SHARES:
            return []
        return shares(self, state)


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


def shares(book: Rulebook, state: StageState) -> list[int]:
    """Who screens the record, drawn by weighted rendezvous hashing (Thaler & Ravishankar 1998; weights as in Mosharaf).

    Each person draws a lot for each record, better ones for larger shares; the best lots win. When somebody comes,
    goes or gets another share, only the records that this touches change hands. Those who have voted stay counted.
    """
    free = [one for one in book.active if one.user_id not in state.voters and one.share]
    free.sort(key=lambda one: _lot(state, one))
    wanted = max(0, max(book.needed(state), 1) - len(state.voters))
    chosen = free[:wanted]
    if book.seniors is not None and not _any_senior([*state.voters, *(one.user_id for one in chosen)], book.seniors):
        best = next((one for one in free if one.user_id in book.seniors), None)
        if best is not None:
            chosen = [*chosen[: max(0, wanted - 1)], best]
    return sorted(one.user_id for one in chosen)


def _any_senior(people: Collection[int], seniors: Collection[int]) -> bool:
    return any(person in seniors for person in people)


def _lot(state: StageState, one: ActiveReviewer) -> float:
    """-ln(u) / weight: exponentially distributed, so that the smallest is each person's with their share's chance."""
    drawn = random_rank(state.review_id, state.record_id, salt=f"share/{state.stage}/{one.user_id}/")
    return -log(drawn or 2**-64) / one.share
