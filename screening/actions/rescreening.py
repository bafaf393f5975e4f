"""Screening records anew after an amendment of the protocol (SCR-09)."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from audit.history import write_bulk
from screening.actions import stages, telling
from screening.enums import StageStatus
from screening.models.protocol import ProtocolVersion
from screening.models.rescreening import Rescreening
from screening.models.review import Review
from screening.models.stage import Reservation, StageState


class RescreeningRefusedError(ValueError):
    """Nothing can be screened anew so; the message says why and what to do."""


@transaction.atomic
def begin(*, review: Review, stage: str, record_ids: Collection[int], by: User, reason: str) -> Rescreening:
    """Give these records back to be screened under the version in force.

    What was said under older versions stays on record and counts no more. Raises RescreeningRefusedError where there is
    no reason, no amendment, or none of the records has an opinion under an older version.
    """
    Review.objects.select_for_update().get(pk=review.pk)
    if not reason.strip():
        raise RescreeningRefusedError("Say why these records are screened anew: the reason is kept.")
    version = ProtocolVersion.objects.filter(review=review).first()
    if version is None or version.number == 1:
        raise RescreeningRefusedError("The protocol was not amended, so there is nothing to screen anew.")
    states = StageState.objects.select_for_update().filter(review=review, stage=stage, record__in=record_ids)
    states = states.exclude(status=StageStatus.INACTIVE).exclude(voters=[]).filter(counts_from__lt=version.number)
    rows = list(states.order_by("id"))
    if not rows:
        raise RescreeningRefusedError("None of these records was decided under an older version of the protocol.")
    records = [row.record_id for row in rows]
    StageState.objects.filter(pk__in=[row.pk for row in rows]).update(counts_from=version.number)
    write_bulk(rows, change="~")
    Reservation.objects.filter(state__in=[row.pk for row in rows]).delete()
    stages.refresh(review=review, record_ids=records, stage=stage)
    stages.allot(rule=stages.rule_for(review, stage), record_ids=records)
    begun = Rescreening.objects.create(
        review=review, stage=stage, protocol=version, records=records, reason=reason.strip(), created_by=by
    )
    events.record(
        "rescreening.begun",
        subject=begun,
        by=by,
        review_id=review.pk,
        reason=reason.strip(),
        stage=stage,
        number=version.number,
        records=len(records),
    )
    telling.rescreening_begun(rescreening=begun, by=by)
    return begun
