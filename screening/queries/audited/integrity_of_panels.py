"""What `verify_audit` looks at in panels: who sat, what each said, and that the panel says what follows by the rule."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from audit import integrity
from audit.integrity import Findings
from screening.enums import Engine, ItemStatus, SuggestionRole
from screening.models.panel import PanelSeat
from screening.models.run import RunItem
from screening.models.suggestion import Suggestion
from screening.prompts.panel import ASKED_WHERE, Combined, Voice, clamp, combine

BATCH = 1_000
SPLIT = "split"
RAISING = ("exclude", "maybe", "include")
# A panel's item has ended, and a member's has not, or is not there at all. A cancelled run may leave any of it.
UNSEATED = """
SELECT i.id, m.name FROM screening_runitem i
  JOIN screening_run r ON r.id = i.run_id
  JOIN screening_panelseat p ON p.panel_id = r.assistant_id AND NOT p.adjudicates
  JOIN screening_assistant m ON m.id = p.member_id
  LEFT JOIN screening_runitem o ON o.run_id = i.run_id AND o.record_id = i.record_id AND o.repeat = 0
                               AND o.member_id = p.member_id
  LEFT JOIN screening_suggestion s ON s.item_id = o.id
 WHERE i.member_id IS NULL AND i.repeat = 0 AND i.record_id IS NOT NULL AND i.status IN ('done', 'failed')
   AND NOT COALESCE(o.status = 'done' AND s.id IS NOT NULL OR i.status = 'failed' AND o.status = 'failed', FALSE)
 ORDER BY i.id, p.position
"""
# Who adjudicates has no suggestion of its own: its reply is what the panel's stands on.
UNHEARD = """
SELECT s.id FROM screening_suggestion s JOIN screening_assistant a ON a.id = s.assistant_id AND a.engine = 'panel'
  LEFT JOIN audit_modelcall c ON c.id = s.call_id AND c.subject_type = 'screening.runitem' AND c.review_id = s.review_id
        AND (c.subject_id = s.item_id OR s.replayed AND c.sends @> jsonb_build_array(
                 jsonb_build_object('type', 'screening.record', 'id', s.record_id)))
  LEFT JOIN audit_modeloutcome o ON o.call_id = c.id AND o.state = 'answered'
 WHERE (s.explanation -> 'adjudicator') IS NOT NULL AND o.id IS NULL ORDER BY s.id
"""


def register() -> None:
    """Called once, when the app is ready."""
    integrity.register("panels say what their members say", _panels)


def _panels(findings: Findings) -> None:
    for item, name in _rows(UNSEATED):
        findings.wrong(f"Item {item} of a panel has ended, and its member {name} neither spoke nor failed.")
    for (pk,) in _rows(UNHEARD):
        findings.wrong(f"Suggestion {pk} of a panel names an adjudicating model, and no reply of it is there.")
    seats = _seats()
    found = Suggestion.objects.standing().filter(assistant__engine=Engine.PANEL).order_by("id")
    listed = found.select_related("item").iterator(BATCH)
    while batch := list(islice(listed, BATCH)):
        members = _members(batch)
        for one in batch:
            findings.looked_at += 1
            for why in _wrong(one, members.get((one.item.run_id, one.record_id), []), seats.get(one.assistant_id, [])):
                findings.wrong(f"Suggestion {one.pk} of a panel {why}.")


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _wrong(one: Suggestion, said: Sequence[Suggestion], seats: Sequence[PanelSeat]) -> Iterator[str]:
    """What is not as it should be about a panel's suggestion; it and the others are what the database holds."""
    sitting = {seat.member_id for seat in seats if not seat.adjudicates}
    if {member.assistant_id for member in said} != sitting or len(said) != len(sitting):
        yield f"has the words of {len(said)} members, and {len(sitting)} seats"
        return
    told = {(member["suggestion"], member["verdict"]) for member in one.explanation.get("members") or []}
    if told != {(member.pk, member.proposed_verdict) for member in said}:
        yield "does not tell what its members said"
    combined = combine([_voice(member) for member in said])
    if (SPLIT in one.flags) != combined.split:
        yield "is marked as split where its members agree, or is not where they differ"
    yield from _against_the_rule(one, combined, asks=any(seat.adjudicates for seat in seats))


def _against_the_rule(one: Suggestion, combined: Combined, *, asks: bool) -> Iterator[str]:
    last = one.explanation.get("adjudicator")
    if bool(last) != (asks and combined.verdict in ASKED_WHERE):
        yield "was adjudicated where nobody was to be asked, or was not where somebody was"
    elif last and last["verdict"] not in RAISING:
        yield f"was adjudicated with {last['verdict']!r}, which is no verdict"
    elif RAISING.index(one.proposed_verdict) < RAISING.index(combined.verdict):
        yield f"says {one.proposed_verdict}, which is lower than the {combined.verdict} of its members"
    elif one.proposed_verdict != (clamp(combined, last["verdict"]) if last else combined.verdict):
        yield f"says {one.proposed_verdict}, which does not follow from its members"


def _voice(said: Suggestion) -> Voice:
    return Voice(said.pk, "", said.proposed_verdict, tuple(said.flags))


def _members(batch: Sequence[Suggestion]) -> dict[tuple[int, int], list[Suggestion]]:
    """(run, record) -> what members said of it the first time, of the runs and records of these suggestions."""
    pairs = {(one.item.run_id, one.record_id) for one in batch}
    items = RunItem.objects.filter(
        run__in={run for run, _ in pairs}, record__in={record for _, record in pairs}, repeat=0, member__isnull=False
    )
    found = Suggestion.objects.filter(item__in=items.exclude(status=ItemStatus.CANCELLED), role=SuggestionRole.MEMBER)
    said: dict[tuple[int, int], list[Suggestion]] = {}
    for one in found.select_related("item").order_by("id"):
        said.setdefault((one.item.run_id, one.record_id), []).append(one)
    return said


def _seats() -> dict[int, list[PanelSeat]]:
    found: dict[int, list[PanelSeat]] = {}
    for seat in PanelSeat.objects.order_by("panel", "position"):
        found.setdefault(seat.panel_id, []).append(seat)
    return found
