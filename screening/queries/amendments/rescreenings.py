"""Records that are screened anew: what is left to be done, what people said this time, and what stood before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from audit.models.event import Event
from screening.enums import StageStatus
from screening.models.rescreening import Rescreening
from screening.models.review import Review

BEGUN, TAKEN_BACK, DONE = "rescreening.begun", "rescreening.taken_back", "rescreening.done"
SUBJECT = Rescreening._meta.label_lower

UNDECIDED = """
SELECT s.record_id FROM screening_stagestate s JOIN screening_record x ON x.id = s.record_id
 WHERE s.review_id = %(review)s AND s.stage = %(stage)s AND s.record_id = ANY(%(records)s::bigint[])
   AND s.counts_from = %(number)s AND COALESCE(x.merged_into_id, x.id) NOT IN (
       SELECT COALESCE(r.merged_into_id, r.id) FROM screening_decision d
         JOIN screening_record r ON r.id = d.record_id JOIN screening_protocolversion p ON p.id = d.protocol_id
        WHERE d.review_id = %(review)s AND d.stage = %(stage)s AND p.number >= %(number)s)
 ORDER BY s.record_id
"""
BEFORE = """
SELECT DISTINCT ON (h.id) h.id, h.counts_from, h.status FROM screening_historicalstagestate h
 WHERE h.id = ANY(%(places)s::bigint[]) AND h.counts_from < %(number)s ORDER BY h.id, h.history_id DESC
"""
PROGRESS = """
SELECT x.id, count(*) FILTER (WHERE s.counts_from >= p.number),
       count(*) FILTER (WHERE s.counts_from >= p.number AND s.voters <> '{}'),
       count(*) FILTER (WHERE s.counts_from >= p.number AND s.status IN ('included', 'excluded'))
  FROM screening_rescreening x JOIN screening_protocolversion p ON p.id = x.protocol_id
 CROSS JOIN LATERAL unnest(x.records) AS given (record_id)
  JOIN screening_stagestate s ON s.record_id = given.record_id AND s.stage = x.stage
 WHERE x.review_id = %(review)s GROUP BY x.id
"""
TURNED = """
WITH places AS (
    SELECT s.record_id, s.status,
           (SELECT h.status FROM screening_historicalstagestate h WHERE h.id = s.id AND h.counts_from < %(number)s
             ORDER BY h.history_id DESC LIMIT 1) AS old
      FROM screening_stagestate s
     WHERE s.stage = %(stage)s AND s.record_id = ANY(%(records)s::bigint[]) AND s.counts_from >= %(number)s
)
"""
TURNS = "SELECT old, status, count(*) FROM places GROUP BY 1, 2"
TURNED_LIST = """
SELECT record_id, old, status FROM places
 WHERE (%(old)s = '' OR old = %(old)s) AND (%(new)s = '' OR status = %(new)s)
   AND (NOT %(only_closed)s OR status IN ('included', 'excluded'))
 ORDER BY record_id
"""


def unfinished(rescreening: Rescreening) -> str | None:
    """What a worker has to do or is doing yet: the type of the event that says so, or None."""
    last = Event.objects.filter(subject_type=SUBJECT, subject_id=rescreening.pk).first()
    return last.type if last is not None and last.data.get("later") else None


def waiting_for_a_worker() -> list[int]:
    """Ids of the re-screenings that are not carried out yet, whatever became of their doorbell."""
    newer = Event.objects.filter(subject_type=SUBJECT, subject_id=OuterRef("subject_id"), id__gt=OuterRef("id"))
    begun = Event.objects.filter(subject_type=SUBJECT, data__later=True).exclude(Exists(newer))
    return list(begun.values_list("subject_id", flat=True))


def not_decided_anew(rescreening: Rescreening, among: Collection[int] | None = None) -> list[int]:
    """Ids of the records given back on which nobody has said anything since, `among` these. One query."""
    asked = _asked(rescreening, list(rescreening.records if among is None else among))
    return [record for (record,) in _rows(asked, UNDECIDED)]


@dataclass(frozen=True, slots=True)
class Before:
    """What a place was before it was given back."""

    counts_from: int
    status: str


def before(rescreening: Rescreening, places: Sequence[int]) -> dict[int, Before]:
    """Place id -> what it was, by its history. One query."""
    asked = {"places": list(places), "number": rescreening.protocol.number}
    return {place: Before(counts_from, status) for place, counts_from, status in _rows(asked, BEFORE)}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a re-screening is: `given` back of `total`, `begun` (somebody has spoken), `settled` again."""

    rescreening: Rescreening
    total: int
    given: int
    begun: int
    settled: int
    doing: str | None

    @property
    def left(self) -> int:
        """How many wait for a decision yet."""
        return self.given - self.settled

    @property
    def label(self) -> str:
        """What the bar says."""
        if self.doing == BEGUN:
            return "Being given back"
        return "Being taken back" if self.doing == TAKEN_BACK else "Screened anew"

    @property
    def bar(self) -> tuple[int, int]:
        """n of N: of what is going on just now."""
        if self.doing is not None:
            return (self.given if self.doing == BEGUN else self.total - self.given), self.total
        return self.settled, self.given


def all_of(review: Review, number: int | None = None) -> list[Progress]:
    """The re-screenings of a review, or those under one version, newest first. Three queries."""
    found = Rescreening.objects.filter(review=review).select_related("protocol", "created_by")
    listed = list(found if number is None else found.filter(protocol__number=number))
    counted = {pk: (given, begun, settled) for pk, given, begun, settled in _rows({"review": review.pk}, PROGRESS)}
    ledger = Event.objects.filter(subject_type=SUBJECT, subject_id__in=[one.pk for one in listed]).order_by("id")
    doing = {event.subject_id: event.type if event.data.get("later") else None for event in ledger}
    return [Progress(one, len(one.records), *counted.get(one.pk, (0, 0, 0)), doing=doing.get(one.pk)) for one in listed]


@dataclass(frozen=True, slots=True)
class Turn:
    """How many records went from one status to another; `new` may still be open."""

    old: str
    new: str
    n: int

    @property
    def closed(self) -> bool:
        """Whether it is settled again."""
        return self.new in (StageStatus.INCLUDED, StageStatus.EXCLUDED)

    @property
    def kept(self) -> bool:
        """Whether it came out as it was."""
        return self.old == self.new


def turns(rescreening: Rescreening) -> list[Turn]:
    """What became of the records that were given back, the most frequent first. One query."""
    found = [Turn(old or "", new, n) for old, new, n in _rows(_asked(rescreening, rescreening.records), TURNED, TURNS)]
    return sorted(found, key=lambda turn: (-turn.n, turn.old, turn.new))


def turned(
    rescreening: Rescreening, *, old: str = "", new: str = "", closed: bool = False
) -> list[tuple[int, str, str]]:
    """(record id, status before, status now) of the records that were given back. One query."""
    asked = {**_asked(rescreening, rescreening.records), "old": old, "new": new, "only_closed": closed}
    return [(record, was or "", now) for record, was, now in _rows(asked, TURNED, TURNED_LIST)]


def _asked(rescreening: Rescreening, records: list[int]) -> dict[str, Any]:
    return {
        "review": rescreening.review_id,
        "stage": rescreening.stage,
        "number": rescreening.protocol.number,
        "records": records,
    }


def _rows(asked: dict[str, Any], *parts: str) -> list[tuple[Any, ...]]:
    """Of a statement in parts: what is asked, and the tables that it is asked of before it."""
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), asked)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
