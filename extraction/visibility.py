"""Who sees a proposal, and who sees what others entered, and when (EXT-05, EXT-06, AI-01, AI-02).

Whoever may extract is bound as an extractor, whatever other roles they have. Every page, API and export asks here.
"""

from collections.abc import Collection

from extraction.enums import AssignmentStatus, ProposalMode
from screening.enums import Role

READERS = frozenset({Role.LEAD, Role.ADJUDICATOR, Role.AUDITOR})


def sees_proposal(*, mode: str, roles: Collection[str], spoken: bool) -> bool:
    """Whether a member may see what is proposed for a cell; `spoken`: they have ever entered something there."""
    if mode == ProposalMode.OFF:
        return False
    if Role.EXTRACTOR in roles:
        return mode == ProposalMode.ASSIST or spoken
    return not READERS.isdisjoint(roles)


def sees_others_values(*, roles: Collection[str], own: str | None, all_done: bool) -> bool:
    """Whether a member may see who entered what in a study.

    Nobody before all who extract it are done, and an extractor not before being done too. `own` is the status of the
    member's assignment. Observers see what is settled only.
    """
    if not all_done or own == AssignmentStatus.WORKING:
        return False
    return own == AssignmentStatus.DONE or not READERS.isdisjoint(roles)


def sees_settled(*, roles: Collection[str], all_done: bool) -> bool:
    """Whether a member may see what stands in the cells of a study: not before they may still enter it themselves."""
    return Role.EXTRACTOR not in roles or all_done
