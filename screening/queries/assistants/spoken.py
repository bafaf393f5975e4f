"""What the members of a panel have said of a record in a run, in one statement: it is asked at each member's end."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reviewapp import prepared
from screening.enums import ItemStatus
from screening.models.assistant import Assistant
from screening.queries.assistants.panels import member

# The panel's own item, while it waits for its members. Whoever has locked it sees, in a statement that begins later,
# every end that was committed before.
OWN = """
SELECT i.id, i.attempts FROM screening_runitem i
 WHERE i.run_id = %(run)s::bigint AND i.record_id = %(record)s::bigint AND i.repeat = 0 AND i.member_id IS NULL
   AND i.status = 'held'
   FOR NO KEY UPDATE
"""
MEMBERS = """
SELECT i.member_id, i.status, i.error, s.id, s.proposed_verdict, s.why, s.rationale, s.flags, s.explanation, s.score,
       s.answered_by, s.fallback,
       (SELECT jsonb_agg(jsonb_build_array(c.key, j.judgement, j.rationale, j.quotes) ORDER BY c.position)
          FROM screening_judgement j JOIN screening_criterion c ON c.id = j.criterion_id WHERE j.suggestion_id = s.id)
  FROM screening_runitem i
  JOIN screening_run r ON r.id = i.run_id
  LEFT JOIN screening_panelseat p ON p.panel_id = r.assistant_id AND p.member_id = i.member_id
  LEFT JOIN screening_suggestion s ON s.item_id = i.id AND s.role = 'member'
 WHERE i.run_id = %(run)s::bigint AND i.record_id = %(record)s::bigint AND i.repeat = 0 AND i.member_id IS NOT NULL
 ORDER BY p.position, i.id
"""
ENDED = (ItemStatus.DONE, ItemStatus.FAILED, ItemStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Judged:
    """A member's judgement of one criterion, with quotes as they are stored."""

    judgement: str
    rationale: str
    quotes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A member's suggestion; `judged` by the criterion's key, in the protocol's order."""

    pk: int
    assistant: Assistant
    proposed_verdict: str
    why: str
    rationale: str
    flags: list[str]
    explanation: dict[str, Any]
    score: float | None
    answered_by: str
    fallback: bool
    judged: dict[str, Judged]


@dataclass(frozen=True, slots=True)
class Seat:
    """How it stands with one member's item; `said` is None unless it ended well."""

    assistant: Assistant
    status: str
    error: str
    said: Spoken | None

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.status in ENDED


def own_item(run_id: int, record_id: int) -> tuple[int, int] | None:
    """(id, attempts) of the panel's item, locked to the end of the transaction; None if it does not wait any more."""
    found = prepared.rows(OWN, {"run": run_id, "record": record_id})
    return (found[0][0], found[0][1]) if found else None


def seats(run_id: int, record_id: int) -> list[Seat]:
    """The members' items, in the order of their seats."""
    return [_seat(*row) for row in prepared.rows(MEMBERS, {"run": run_id, "record": record_id})]


def spoken(run_id: int, record_id: int) -> list[Spoken]:
    """What those said who have spoken."""
    return [seat.said for seat in seats(run_id, record_id) if seat.said]


def _seat(member_id: int, status: str, error: str, *said: Any) -> Seat:
    assistant = member(member_id)
    return Seat(assistant, status, error, None if said[0] is None else _said(assistant, *said))


def _said(assistant: Assistant, *row: Any) -> Spoken:
    pk, verdict, why, rationale, flags, explanation, score, answered_by, fallback, judged = row
    return Spoken(
        pk=pk,
        assistant=assistant,
        proposed_verdict=verdict,
        why=why,
        rationale=rationale,
        flags=json.loads(flags),
        explanation=json.loads(explanation),
        score=score,
        answered_by=answered_by,
        fallback=fallback,
        judged={key: Judged(*rest) for key, *rest in json.loads(judged or "[]")},
    )


def failures(found: Sequence[Seat]) -> str:
    """Who has no opinion and why, in sentences."""
    return " ".join(f"{seat.assistant}: {seat.error}" for seat in found if seat.status == ItemStatus.FAILED)
