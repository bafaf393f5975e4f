"""Storing what a lead brings in of decisions made elsewhere, or withdrawing it, batch by batch (IMP-06).

The lead has seen and committed what each value means; a worker carries that out row by row, with the lead as author.
Each batch is one transaction with the decisions, their lines of the ledger, the statuses that follow and how far it is;
so a worker that is killed leaves whole batches. The next one plans anew, since entries may mean other records by now,
and leaves out what has a word of this import already: nothing is stored twice, nothing is passed over.
"""

from collections.abc import Sequence
from uuid import uuid5

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from audit import actors, events
from reviewapp.deadlocks import begun_again
from screening.actions import stages
from screening.actions.elsewhere_plan import Planned, plan
from screening.enums import DecisionImportStatus, ImportStatus, Origin, StageStatus, Verdict
from screening.importing import NotACitationFile
from screening.models.decision import Decision
from screening.models.decision_import import DecisionImport
from screening.models.protocol import ExclusionReason, ProtocolVersion
from screening.models.record import Record
from screening.models.stage import StageState
from screening.visibility import mode_in_force

BATCH = 500
WORKER = actors.worker("decisions from elsewhere")
Status = DecisionImportStatus


class OvertakenError(Exception):
    """Another worker has taken it over, or it was taken back: whoever sees this stops quietly."""


def run(*, import_id: int) -> None:
    """Store what is not stored yet of a QUEUED or RUNNING import; withdraw what is left of a RETURNING one.

    A second worker at the same import stops at its first batch. An error makes it FAILED and is raised for the log.
    """
    row = DecisionImport.objects.select_related("file", "review", "author").filter(pk=import_id).first()
    try:
        if row is not None and row.status in (Status.QUEUED, Status.RUNNING):
            _bring_in(row)
        elif row is not None and row.status == Status.RETURNING:
            while _withdraw(row):
                pass
    except OvertakenError:
        return
    except (NotACitationFile, OSError):
        _fail(row, "The stored file can’t be read any more.")
    except Exception:  # whatever it is, the lead must see that it stopped; the log has the rest
        _fail(row, "It stopped because of an error on the server.")
        raise


def _bring_in(row: DecisionImport) -> None:
    planned = plan(row)
    with transaction.atomic():
        held = _held(row, Status.QUEUED, Status.RUNNING)
        stored = _stored(held)
        left = [item for item in planned.items if item.record_id not in stored]
        held.status, held.total, held.heartbeat_at = Status.RUNNING, held.stored + len(left), timezone.now()
        held.save()
    done = held.reached
    for start in range(0, len(left), BATCH):
        batch = left[start : start + BATCH]
        store_batch(row, batch, after=done)
        done = max(done, batch[-1].position)
    _finish(row, Status.DONE, "decisions.brought_in")


def _stored(row: DecisionImport) -> set[int]:
    """Records that have a word of this import, withdrawn or not. Where entries are matched to records as they are now,
    also those that such a record was merged into; where they are what they were born as, each has its own."""
    words = Decision.objects.filter(brought_in=row).values_list("record_id", "record__merged_into_id")
    born = row.file.status != ImportStatus.DECISIONS
    return {pk for own, root in words.distinct() for pk in (own, None if born else root) if pk}


def _held(row: DecisionImport, *statuses: str) -> DecisionImport:
    """Lock the import for this transaction, provided that it is still ours to work on."""
    rows = DecisionImport.objects.select_for_update(no_key=True, of=("self",))
    rows = rows.select_related("author", "returned_by", "file", "review")
    held = rows.filter(pk=row.pk, status__in=statuses).first()
    if held is None:
        raise OvertakenError
    return held


@begun_again
@transaction.atomic
def store_batch(row: DecisionImport, batch: Sequence[Planned], *, after: int) -> None:
    """Store those of these decisions that are not there yet, all or none. Raises OvertakenError when another worker is
    further than `after`."""
    held = _held(row, Status.RUNNING)
    if held.reached != after:
        raise OvertakenError
    # title and abstract before full text, by id: as every recount locks them
    places = StageState.objects.select_for_update(of=("self",)).filter(stage=row.stage, review=row.review)
    places = places.filter(record__in={item.root_id for item in batch}).exclude(status=StageStatus.INACTIVE)
    there = {state.record_id for state in places.order_by("id")}
    known = Decision.objects.filter(brought_in=row, record__in={item.record_id for item in batch})
    said = set(known.values_list("record_id", flat=True))
    items = [item for item in batch if item.root_id in there and item.record_id not in said]
    made = _decisions(held, items)
    texts = dict(ExclusionReason.objects.filter(review=row.review).values_list("pk", "text"))
    _write(held, made, [None] * len(made), by=held.author, texts=texts)
    stages.refresh(review=row.review, record_ids={item.root_id for item in items}, stage=row.stage)
    DecisionImport.objects.filter(pk=row.pk).update(
        reached=max(after, batch[-1].position), stored=held.stored + len(made), heartbeat_at=timezone.now()
    )


def _decisions(row: DecisionImport, items: Sequence[Planned]) -> list[Decision]:
    rule, protocol = stages.rule_for(row.review, row.stage), _protocol(row)
    oversight = mode_in_force(rule.oversight, ai_enabled=row.review.ai_enabled)
    return [
        Decision(
            review=row.review,
            record_id=item.record_id,
            stage=row.stage,
            verdict=item.verdict,
            reason_id=item.reason_id,
            author=row.author,
            origin=Origin.IMPORTED,
            oversight=oversight,
            protocol=protocol,
            brought_in=row,
            idempotency_key=uuid5(row.key, str(item.record_id)),
            note=item.note,
        )
        for item in items
    ]


def _protocol(row: DecisionImport) -> ProtocolVersion | None:
    """The version in force: what it was decided by elsewhere is not known."""
    return ProtocolVersion.objects.filter(review=row.review).first()


def _write(
    row: DecisionImport, made: list[Decision], before: Sequence[str | None], *, by: User, texts: dict[int, str]
) -> None:
    """The decisions, and of each its line in the ledger."""
    stored = Decision.objects.bulk_create(made)
    lines = [
        events.line(
            "record.decided_elsewhere",
            subject=decision,
            by=by,
            review_id=row.review_id,
            record_id=decision.record_id,
            reason=decision.note,
            stage=decision.stage,
            old=old,
            new=decision.verdict,
            exclusion_reason=texts.get(decision.reason_id or 0, ""),
            suggestion=None,
            file=row.file.name,
        )
        for decision, old in zip(stored, before, strict=True)
    ]
    events.record_many(lines)


@begun_again
@transaction.atomic
def _withdraw(row: DecisionImport) -> bool:
    """Take a batch back; whether there may be more."""
    held = _held(row, Status.RETURNING)
    standing = Decision.objects.filter(brought_in=row, superseded_by__isnull=True).exclude(verdict=Verdict.WITHDRAWN)
    words = list(standing.order_by("id")[:BATCH])
    if not words or held.returned_by is None:
        _finish(held, Status.TAKEN_BACK, "decisions.taken_back")
        return False
    families = Record.objects.filter(pk__in=[word.record_id for word in words]).values_list("pk", "merged_into_id")
    roots = {merged_into or pk for pk, merged_into in families}
    list(StageState.objects.select_for_update(of=("self",)).filter(stage=row.stage, record__in=roots).order_by("id"))
    protocol = _protocol(row)
    back = [
        Decision(
            review_id=word.review_id,
            record_id=word.record_id,
            stage=word.stage,
            verdict=Verdict.WITHDRAWN,
            author=held.returned_by,
            origin=Origin.IMPORTED,
            oversight=word.oversight,
            protocol=protocol,
            brought_in=row,
            supersedes=word,
            idempotency_key=uuid5(row.key, f"back/{word.pk}"),
        )
        for word in words
    ]
    _write(held, back, [word.verdict for word in words], by=held.returned_by, texts={})
    stages.refresh(review=row.review, record_ids=roots, stage=row.stage)
    DecisionImport.objects.filter(pk=row.pk).update(heartbeat_at=timezone.now())
    return True


@transaction.atomic
def _finish(row: DecisionImport, status: str, event: str) -> None:
    held = _held(row, Status.RUNNING, Status.RETURNING)
    held.status, held.heartbeat_at = status, timezone.now()
    held.save()
    records = Decision.objects.filter(brought_in=held).exclude(verdict=Verdict.WITHDRAWN).count()
    events.record(
        event, subject=held, by=WORKER, review_id=held.review_id, name=row.file.name, stage=held.stage, records=records
    )


@transaction.atomic
def _fail(row: DecisionImport | None, what: str) -> None:
    rows = DecisionImport.objects.select_for_update(no_key=True, of=("self",)).select_related("file")
    held = rows.filter(pk=row.pk, status__in=(Status.QUEUED, Status.RUNNING, Status.RETURNING)).first() if row else None
    if held is None:
        return
    kept = f"What was done until then ({held.stored:,} decisions brought in) is kept."
    held.status, held.error = Status.FAILED, f"{what} {kept} Go on from there, or take it back."
    held.save()
    events.record(
        "decisions.import_failed",
        subject=held,
        by=WORKER,
        review_id=held.review_id,
        reason=held.error,
        name=held.file.name,
        stored=held.stored,
    )
