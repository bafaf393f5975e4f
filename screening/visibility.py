"""Who sees an AI suggestion, opinions, notes and tags, and when (AI-01, AI-02, SCR-02, SCR-03).

Every page, API and export asks here.
"""

from collections.abc import Collection

from screening.enums import Oversight, Role, StageStatus

SHOWN_BEFORE = frozenset({Oversight.ASSIST})
SHOWN_AFTER = frozenset({Oversight.ASSIST, Oversight.BLIND_FIRST})
# A report that was not retrieved may be found yet, and is then voted on like any other.
UNSETTLED = (StageStatus.UNSCREENED, StageStatus.PARTIAL, StageStatus.CONFLICT, StageStatus.NOT_RETRIEVED)

CLOSED = (StageStatus.INCLUDED, StageStatus.EXCLUDED)


def mode_in_force(oversight: str, *, ai_enabled: bool) -> str:
    """A stage's oversight mode as it holds now: off wherever the review's AI is off (AI-01)."""
    return oversight if ai_enabled else Oversight.OFF


def sees_suggestion(*, oversight: str, roles: Collection[str], voted: bool) -> bool:
    """Whether a member may see the suggestion for a record.

    Whoever may vote is bound by the mode, whatever other roles they have; leads and auditors who don't screen see all.
    """
    if Role.REVIEWER in roles:
        return oversight in SHOWN_AFTER and (voted or oversight in SHOWN_BEFORE)
    return not {Role.LEAD, Role.AUDITOR, Role.ADJUDICATOR}.isdisjoint(roles) and oversight != Oversight.OFF


def sees_override(*, oversight: str, roles: Collection[str], voted: bool, own: bool) -> bool:
    """Whether a member is told why somebody decided otherwise than an assistant: it tells what that had suggested."""
    return own or sees_suggestion(oversight=oversight, roles=roles, voted=voted)


def sees_opinions(
    *, roles: Collection[str], voted: bool, settled: bool, finished: bool = False, conflict: bool = False
) -> bool:
    """Whether a member may see what others said of a record (SCR-02): never before an own vote while it is open.

    Whoever answers for the review and screens too sees, where they have not voted, what is settled once the stage is
    `finished`: there is nothing left that they could have to vote on (REP-07). `export.data` says the same in SQL, and
    a test compares the two. Whoever may settle conflicts sees what was said of one where
    they have read the record first, and nowhere else, whatever other roles they have.
    """
    if conflict and Role.ADJUDICATOR in roles:
        return False
    if Role.REVIEWER in roles:
        return settled and (voted or (finished and sees_who_did_what(roles)))
    return not {Role.LEAD, Role.AUDITOR, Role.ADJUDICATOR, Role.OBSERVER}.isdisjoint(roles)


def agreement_over(roles: Collection[str]) -> tuple[StageStatus, ...]:
    """On records in which states a member may see how far people agree, and which criterion they read differently.

    Whoever screens sees it of settled records only, a lead too: of the others they may yet have to form an opinion.
    """
    return CLOSED if Role.REVIEWER in roles else (*CLOSED, *UNSETTLED)


def elsewhere_over(roles: Collection[str]) -> tuple[StageStatus, ...]:
    """On records in which states a member may ask whether a decision from elsewhere counts (SCR-02).

    Where a whole file means the same, whether tells which: whoever screens may ask it of settled records only, whoever
    settles conflicts of none that is in conflict.
    """
    if Role.REVIEWER in roles:
        return CLOSED
    return tuple(
        state for state in (*CLOSED, *UNSETTLED) if Role.ADJUDICATOR not in roles or state != StageStatus.CONFLICT
    )


def open_to_vote(*, status: str, voted: bool) -> bool:
    """Whether a record waits at a stage for the own vote of somebody who has (not) voted there."""
    return status in UNSETTLED and not voted


def sees_own_earlier(*, roles: Collection[str], open_to_own_vote: bool) -> bool:
    """Whether a member sees what they said themselves before an amendment under which the record is screened anew.

    Not before the new vote: it is to be given under the new text, not copied from the old one (SCR-09).
    """
    return not (Role.REVIEWER in roles and open_to_own_vote)


def sees_annotations(*, roles: Collection[str], open_to_own_vote: bool) -> bool:
    """Whether a member may see the team notes and tags that others put on a record (SCR-02, SCR-03).

    What somebody remarks tells how they vote: a reviewer sees it after voting, at each stage that the record is at.
    One's own are always there. `queries.marks.annotations` says the same in SQL, and a test compares the two.
    """
    return not (Role.REVIEWER in roles and open_to_own_vote)


def sees_private_notes_were_written(roles: Collection[str]) -> bool:
    """Whether a member is told that somebody wrote a private note. Nobody but its author reads one."""
    return Role.AUDITOR in roles


def sees_numbers(*, roles: Collection[str], own: bool) -> bool:
    """Whether a member may see a reviewer's own numbers: how many, how fast, how often overturned (SCR-11)."""
    return own or Role.LEAD in roles


def sees_who_did_what(roles: Collection[str]) -> bool:
    """Whether a member may count the records that a named person screened, or that wait for them (SCR-11).

    Observers follow how far the work is, in totals.
    """
    return not {Role.LEAD, Role.AUDITOR}.isdisjoint(roles)


def sees_authors(roles: Collection[str]) -> bool:
    """Whether a member is told by name who said what of a record, where they may read what was said.

    To observers people have numbers, on each record its own: names on all records are a person's numbers (SCR-11).
    """
    return not {Role.LEAD, Role.AUDITOR, Role.ADJUDICATOR, Role.REVIEWER}.isdisjoint(roles)


def sees_overturned(*, roles: Collection[str], own: bool, left_to_screen: bool) -> bool:
    """Whether a member may see how often an adjudicator decided against a reviewer.

    It tells how that person voted. A lead who screens too is told when nothing is left to screen at the stage (SCR-02).
    """
    return own or (Role.LEAD in roles and not (Role.REVIEWER in roles and left_to_screen))
