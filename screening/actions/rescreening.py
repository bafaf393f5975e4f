"""Screening records anew after an amendment of the protocol (SCR-09), and taking that back.

A few records are given back at once. Many are given back by a worker, in pages; what is left to do follows from the
ledger and the places, so that a lost doorbell or a killed worker costs seconds.
"""

from collections.abc import Collection, Sequence

from django.contrib.auth.models import User
from django.db import connection, transaction

from audit import actors, events
from audit.actors import Actor
from audit.history import write_bulk
from reviewapp.deadlocks import begun_again
from reviewapp.queue import enqueue
from screening.actions import stages, telling
from screening.actions.paging import AT_ONCE, go_through
from screening.enums import StageStatus
from screening.models.protocol import ProtocolVersion
from screening.models.record import Record
from screening.models.rescreening import Rescreening
from screening.models.review import Review
from screening.models.stage import Reservation, StageState
from screening.queries.amendments import rescreenings
from screening.queries.amendments.amendments import Amendment, decided_before

TASK = "screening.rescreen"
WORKER = actors.worker("re-screening")
BACK = """
UPDATE screening_stagestate s SET counts_from = before.counts_from
  FROM unnest(%(ids)s::bigint[], %(counts)s::int[]) AS before (id, counts_from) WHERE s.id = before.id
"""


class RescreeningRefusedError(ValueError):
    """Nothing can be screened anew so; the message says why and what to do."""


@begun_again
@transaction.atomic
def begin(*, review: Review, stage: str, record_ids: Collection[int], by: User, reason: str) -> Rescreening:
    """Give these records back to be screened under the version in force; a worker does it where there are many.

    What was said under older versions stays on record and counts no more. Raises RescreeningRefusedError where there is
    no reason, no amendment, or none of the records has an opinion under an older version.
    """
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if not reason.strip():
        raise RescreeningRefusedError("Say why these records are screened anew: the reason is kept.")
    version = ProtocolVersion.objects.filter(review=review).first()
    if version is None or version.number == 1:
        raise RescreeningRefusedError("The protocol was not amended, so there is nothing to screen anew.")
    older = decided_before(Amendment(review.pk, version.number, (), ()), stage)
    records = sorted(set(older).intersection(record_ids))
    if not records:
        raise RescreeningRefusedError("None of these records was decided under an older version of the protocol.")
    begun = Rescreening.objects.create(
        review=review, stage=stage, protocol=version, records=records, reason=reason.strip(), created_by=by
    )
    _carry_out(begun, "rescreening.begun", records, by=by, reason=reason)
    telling.rescreening_begun(rescreening=begun, by=by)
    return begun


@begun_again
@transaction.atomic
def take_back(*, rescreening: Rescreening, by: User, reason: str) -> int:
    """Let the older decisions count again on those records that nobody has decided anew yet; how many these are.

    Raises RescreeningRefusedError without a reason, while a worker still gives records back, and where nothing is left
    to be taken back.
    """
    Review.objects.select_for_update(no_key=True).get(pk=rescreening.review_id)
    if not reason.strip():
        raise RescreeningRefusedError("Say why the re-screening is taken back: the reason is kept.")
    if rescreenings.unfinished(rescreening) is not None:
        raise RescreeningRefusedError("These records are still being given back. Nothing was changed; wait a moment.")
    records = rescreenings.not_decided_anew(rescreening)
    if not records:
        raise RescreeningRefusedError(
            "Every one of these records was decided anew, so there is nothing to take back. Nothing was changed."
        )
    _carry_out(rescreening, "rescreening.taken_back", records, by=by, reason=reason)
    return len(records)


def carry_on(*, rescreening_id: int) -> None:
    """Change the places of a large re-screening, page by page; rung for by a doorbell. A second ring does no harm."""
    rescreening = Rescreening.objects.select_related("review", "protocol").get(pk=rescreening_id)
    records = rescreening.records
    pages = iter([records[start : start + AT_ONCE] for start in range(0, len(records), AT_ONCE)])
    go_through(lambda: (page := next(pages, None)) is not None and _turn_page(rescreening, page))


@begun_again
@transaction.atomic
def _turn_page(rescreening: Rescreening, page: Sequence[int]) -> bool:
    """Whether to go on: not so when another worker is at it, or when there is nothing left to do."""
    if not Rescreening.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=rescreening.pk).exists():
        return False
    doing = rescreenings.unfinished(rescreening)
    if doing is None:
        return False
    _change(rescreening, doing, page)
    if page[-1] == rescreening.records[-1]:
        _record("rescreening.done", rescreening, len(rescreening.records), by=WORKER)
    return True


def _carry_out(rescreening: Rescreening, event: str, records: Sequence[int], *, by: User, reason: str) -> None:
    later = len(records) > AT_ONCE
    _record(event, rescreening, len(records), by=by, reason=reason.strip(), later=later)
    if later:
        enqueue(TASK, rescreening_id=rescreening.pk)
    else:
        _change(rescreening, event, records)


def _change(rescreening: Rescreening, doing: str, records: Sequence[int]) -> None:
    if doing == "rescreening.begun":
        _give(rescreening, records)
    else:
        _restore(rescreening, records)


def _give(rescreening: Rescreening, records: Sequence[int]) -> None:
    number = rescreening.protocol.number
    places = StageState.objects.filter(review=rescreening.review, stage=rescreening.stage, record__in=records)
    places = places.filter(counts_from__lt=number).exclude(status=StageStatus.INACTIVE)
    rows = list(places.select_for_update().order_by("id"))
    StageState.objects.filter(pk__in=[row.pk for row in rows]).update(counts_from=number)
    why = f"Screened anew under version {number} of the protocol: {rescreening.reason}"
    write_bulk(rows, change="~", reasons={row.pk: why for row in rows})
    Reservation.objects.filter(state__in=[row.pk for row in rows]).delete()
    _follow(rescreening, rows)


def _restore(rescreening: Rescreening, records: Sequence[int]) -> None:
    """Only places that nobody has decided on meanwhile; they are asked for again with the places locked."""
    number = rescreening.protocol.number
    places = StageState.objects.filter(review=rescreening.review, stage=rescreening.stage, record__in=records)
    locked = {row.record_id: row for row in places.select_for_update().filter(counts_from=number).order_by("id")}
    rows = [locked[pk] for pk in rescreenings.not_decided_anew(rescreening, among=list(locked))]
    before = rescreenings.before(rescreening, [row.pk for row in rows])
    counts = [before[row.pk].counts_from if row.pk in before else 0 for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(BACK, {"ids": [row.pk for row in rows], "counts": counts})
    why = f"The re-screening under version {number} of the protocol was taken back"
    write_bulk(rows, change="~", reasons={row.pk: why for row in rows})
    _follow(rescreening, rows)


def _follow(rescreening: Rescreening, rows: Sequence[StageState]) -> None:
    """Compute the places anew; where a record was merged meanwhile, that of the one whose votes its words are now."""
    ids, rule = [row.record_id for row in rows], stages.rule_for(rescreening.review, rescreening.stage)
    kept = Record.objects.filter(pk__in=ids, merged_into__isnull=False).values_list("merged_into_id", flat=True)
    records = sorted({*ids, *kept})
    stages.refresh(review=rescreening.review, record_ids=records, stage=rescreening.stage)
    stages.allot(rule=rule, record_ids=records)


def _record(
    event: str, rescreening: Rescreening, records: int, *, by: User | Actor, reason: str = "", later: bool = False
) -> None:
    events.record(
        event,
        subject=rescreening,
        by=by,
        review_id=rescreening.review_id,
        reason=reason,
        stage=rescreening.stage,
        number=rescreening.protocol.number,
        records=records,
        **({"later": True} if later else {}),
    )
