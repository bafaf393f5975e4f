"""Who sees an AI suggestion, and when (AI-01, AI-02). Every page, API and export asks here."""

from collections.abc import Collection

from screening.enums import Oversight, Role

SHOWN_BEFORE = frozenset({Oversight.ASSIST})
SHOWN_AFTER = frozenset({Oversight.ASSIST, Oversight.BLIND_FIRST})


def sees_suggestion(*, oversight: str, roles: Collection[str], voted: bool) -> bool:
    """Whether a member may see the suggestion for a record.

    Whoever may vote is bound by the mode, whatever other roles they have; leads and auditors who don't screen see all.
    """
    if Role.REVIEWER in roles:
        return oversight in SHOWN_AFTER and (voted or oversight in SHOWN_BEFORE)
    return not {Role.LEAD, Role.AUDITOR, Role.ADJUDICATOR}.isdisjoint(roles) and oversight != Oversight.OFF


def sees_opinions(*, roles: Collection[str], voted: bool, settled: bool) -> bool:
    """Whether a member may see what others said of a record (SCR-02): never before an own vote while it is open."""
    if Role.REVIEWER in roles:
        return voted and settled
    return not {Role.LEAD, Role.AUDITOR, Role.ADJUDICATOR, Role.OBSERVER}.isdisjoint(roles)
