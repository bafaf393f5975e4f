"""Saying whether a report could be had (PRISMA 2020: reports sought for retrieval, reports not retrieved)."""

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from reviewapp.deadlocks import begun_again
from screening.actions import stages
from screening.enums import RetrievalOutcome, Stage
from screening.models.record import Record
from screening.models.retrieval import Retrieval
from screening.queries.documents.documents import current_documents

LONGEST_NOTE = 5_000


class RetrievalRefusedError(ValueError):
    """It can't be said of this record; the message says why and what to do. Nothing was stored."""


@begun_again
@transaction.atomic
def mark(*, record: Record, outcome: str, by: User, note: str = "") -> Retrieval:
    """Store what came of looking for a record's report; its status at full text follows. Raises RetrievalRefusedError.

    Not retrieved is an outcome of its own: nobody excludes a report that nobody has read.
    """
    root = Record.objects.select_for_update(no_key=True).get(pk=record.merged_into_id or record.pk)
    if outcome not in RetrievalOutcome.values:
        raise RetrievalRefusedError("Choose what came of it. Nothing was stored.")
    if len(note) > LONGEST_NOTE:
        raise RetrievalRefusedError(f"A note has at most {LONGEST_NOTE:,} characters. Nothing was stored.")
    if root.pk not in stages.at_stage([root.pk], Stage.FULL_TEXT):
        raise RetrievalRefusedError(
            "A report is sought once its record is included on title and abstract. Nothing was stored."
        )
    if outcome == RetrievalOutcome.NOT_RETRIEVED and current_documents([root.pk]):
        raise RetrievalRefusedError(
            "This record has a document. If it is the wrong one, put it back into the tray first. Nothing was stored."
        )
    row = Retrieval.objects.create(review=root.review, record=root, outcome=outcome, note=note.strip(), created_by=by)
    events.record(
        "retrieval.recorded",
        subject=row,
        by=by,
        review_id=root.review_id,
        record_id=root.pk,
        reason=row.note,
        outcome=str(outcome),
    )
    stages.refresh(review=root.review, record_ids=[root.pk], stage=Stage.FULL_TEXT)
    return row
