"""Who may do what, and what follows from the opinions on a record. Data and predicates; nothing is written here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from screening.enums import Origin, Role, Stage, StageStatus, Verdict

EVERYONE = frozenset(Role)
LEAD = frozenset({Role.LEAD})
READERS_OF_ALL = frozenset({Role.LEAD, Role.AUDITOR})

MAY: dict[str, frozenset[Role]] = {
    "see_review": EVERYONE,
    "see_reports": EVERYONE,
    "see_progress": READERS_OF_ALL | {Role.OBSERVER},
    "see_agreement": READERS_OF_ALL,
    "change_review": LEAD,
    "change_team": LEAD,
    "change_protocol": LEAD,
    "import": LEAD,
    "judge_duplicates": frozenset({Role.LEAD, Role.REVIEWER}),
    "screen": frozenset({Role.REVIEWER}),
    "adjudicate": frozenset({Role.ADJUDICATOR}),
    "annotate": frozenset({Role.LEAD, Role.REVIEWER, Role.ADJUDICATOR, Role.EXTRACTOR}),
    "run_ai": LEAD,
    "see_ai": READERS_OF_ALL,
    "see_audit": READERS_OF_ALL,
    "export": READERS_OF_ALL | {Role.OBSERVER},
    "read_documents": EVERYONE,
    "add_documents": frozenset({Role.LEAD, Role.REVIEWER, Role.EXTRACTOR}),
    "permit_documents": LEAD,
    "link_studies": frozenset({Role.LEAD, Role.EXTRACTOR}),
    "design_forms": LEAD,
    "see_extraction": EVERYONE,
    "extract": frozenset({Role.EXTRACTOR}),
    "settle_extraction": frozenset({Role.LEAD, Role.ADJUDICATOR}),
}

NOT_WHILE_SUSPENDED = frozenset({"screen"})
SUSPENDED = "You are suspended from screening in this review. What you decided stays. Ask a lead to let you go on."

REFUSED = {
    "screen": "Only reviewers of this review may screen. Ask a lead to make you one.",
    "adjudicate": "Only adjudicators of this review may settle conflicts. Ask a lead to make you one.",
    "extract": "Only extractors of this review may enter values. Ask a lead to make you one.",
}


def can(action: str, roles: Collection[str]) -> bool:
    """Whether somebody with these roles in a review may do it. An unknown action raises KeyError."""
    return not MAY[action].isdisjoint(roles)


def check(action: str, roles: Collection[str]) -> None:
    """Raise PermissionDenied, with a sentence, unless `can`."""
    if not can(action, roles):
        needed = " or ".join(sorted(Role(role).label.lower() for role in MAY[action]))
        raise PermissionDenied(REFUSED.get(action, f"This needs the role of {needed} in this review."))


@dataclass(frozen=True, slots=True)
class Vote:
    """A current opinion: the last, not withdrawn, word of one author in one capacity.

    `failed` is the number of criteria that its author judged to speak against the record. A word that was imported has
    no user for its author but its import, as a negative id; `final`: it was said there for good (IMP-06).
    """

    author_id: int
    verdict: str
    origin: str
    failed: int = 0
    final: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What a place asks for before it is settled.

    `needed` opinions, one of them by somebody in `seniors` unless that is None; `waive`: one clear exclusion is enough
    (`clear_exclusion`); in an open pilot round (`piloted`) nothing is settled until the round is closed.
    """

    needed: int
    seniors: Collection[int] | None = None
    waive: bool = False
    piloted: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands: its status, whether a senior reviewer is waited for, whether the second was waived."""

    status: StageStatus
    senior_missing: bool = False
    waived: bool = False


CLEAR = 2  # criteria judged not met: from here on a lone exclusion may stand, where the rule waives the second reviewer


def settle(
    votes: Sequence[Vote], terms: Terms, *, stage: str, second_opinion: str | None = None, retrieved: bool = True
) -> Standing:
    """The one rule from which a record's status at a stage follows.

    An adjudication ends it. At title and abstract `maybe` counts with `include` (the record goes on to be read in
    full, as Cochrane's handbook, section 4.6.4, advises for doubt); at full text it is an open question and goes to
    adjudication. `second_opinion` is an assistant's proposed verdict in the mode `second_reviewer`: agreeing with a
    person it settles, disagreeing it makes a conflict; on its own it does nothing (AI-01). A report that could not be
    had (`retrieved` is false) is assessed by nobody; opinions that there are wait with it until it is found.

    Of imported words those count that `counting` leaves. One that is final ends it, whatever the rule asks for: the
    reviewers were elsewhere. Where the file contradicts itself on records that are one by now, that is a conflict.
    """
    if not retrieved and stage == Stage.FULL_TEXT:
        return Standing(StageStatus.NOT_RETRIEVED)
    votes = counting(votes, stage=stage, piloted=terms.piloted)
    adjudications = [vote for vote in votes if vote.origin == Origin.ADJUDICATION]
    if adjudications:
        return Standing(_OUTCOME[_side(adjudications[-1].verdict, Stage.TITLE_ABSTRACT)])
    if not votes:
        return Standing(StageStatus.UNSCREENED)
    if any(_ends(vote, stage) for vote in votes):
        return Standing(_OUTCOME[_common_side(votes, stage)])
    return _between(votes, terms, stage, second_opinion)


def counting(votes: Sequence[Vote], *, stage: str, piloted: bool) -> list[Vote]:
    """The opinions that count: what people say here stands first (IMP-06).

    In an open pilot round nothing that was imported counts: it is about how people here agree. A final word from
    elsewhere counts while nobody here disagrees with it, and of several the newest import's, alone. A `maybe` at full
    text can't be final: while nobody here has spoken it counts as one opinion.
    """
    imported = [vote for vote in votes if vote.origin == Origin.IMPORTED]
    if not imported:
        return list(votes)
    here = [vote for vote in votes if vote.origin != Origin.IMPORTED]
    if piloted:
        return here
    final = _newest_final(imported, stage)
    if final and (not here or _common_side([*here, *final], stage) != "open"):
        return [*here, *final]
    return _once_each([vote for vote in votes if not (here and vote.final)], stage)


def _newest_final(imported: Sequence[Vote], stage: str) -> list[Vote]:
    """What the newest import says that settles the record by itself: one word, or on merged records several."""
    newest = next((vote.author_id for vote in reversed(imported) if _ends(vote, stage)), None)
    return _once_each([vote for vote in imported if vote.author_id == newest], stage)


def _once_each(votes: Sequence[Vote], stage: str) -> list[Vote]:
    """An import that says the same of several records, which are one by now, says it once."""
    said = {(vote.author_id, vote.origin, _side(vote.verdict, stage)): vote for vote in votes}
    return list(said.values())


def _common_side(votes: Sequence[Vote], stage: str) -> str:
    """The side that all are on; "open" where they are not on one."""
    sides = {_side(vote.verdict, stage) for vote in votes}
    return sides.pop() if len(sides) == 1 else "open"


def _ends(vote: Vote, stage: str) -> bool:
    """Whether an imported word settles a record by itself."""
    return vote.final and _side(vote.verdict, stage) != "open"


def _between(votes: Sequence[Vote], terms: Terms, stage: str, second_opinion: str | None) -> Standing:
    """What reviewers' opinions make among themselves."""
    missing = terms.seniors is not None and not any(vote.author_id in terms.seniors for vote in votes)
    sides = [_side(vote.verdict, stage) for vote in votes]
    spoken = any(vote.origin != Origin.IMPORTED for vote in votes)
    if second_opinion is not None and spoken and len(sides) < terms.needed:
        sides.append(_side(second_opinion, stage))
    if len(set(sides)) > 1 and not terms.piloted:
        return Standing(StageStatus.CONFLICT)
    if missing or terms.piloted:
        return Standing(StageStatus.PARTIAL, senior_missing=missing)
    if len(sides) >= terms.needed:
        return Standing(_OUTCOME[sides[0]])
    waived = terms.waive and clear_exclusion(votes)
    return Standing(StageStatus.EXCLUDED, waived=True) if waived else Standing(StageStatus.PARTIAL)


def clear_exclusion(votes: Sequence[Vote]) -> bool:
    """Whether the one opinion there is excludes, with two or more criteria judged not met."""
    return len(votes) == 1 and votes[0].verdict == Verdict.EXCLUDE and votes[0].failed >= CLEAR


_OUTCOME = {"keep": StageStatus.INCLUDED, "drop": StageStatus.EXCLUDED, "open": StageStatus.CONFLICT}


def other_side(said: str, suggested: str, *, stage: str) -> bool:
    """Whether a decision overrides a suggestion (AI-11): two people who said these would be in conflict (`settle`).

    So at title and abstract include and maybe are one side; at full text a maybe is a side of its own.
    """
    return said != Verdict.WITHDRAWN and _side(said, stage) != _side(suggested, stage)


def _side(verdict: str, stage: str) -> str:
    if verdict == Verdict.EXCLUDE:
        return "drop"
    return "open" if verdict == Verdict.MAYBE and stage == Stage.FULL_TEXT else "keep"
