"""Working out how an assistant's scores are read as shares of records that people keep (AI-09)."""

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from audit.actors import Actor, worker
from audit.agreement.calibration import calibrate
from reviewapp.queue import enqueue
from screening.enums import Stage
from screening.models.assistant import Assistant
from screening.models.calibration import Calibration
from screening.queries.amendments.protocol import current_protocol
from screening.queries.assistants import calibration as labels

SCORED = labels.SCORED
WORKER = worker("calibration")
TASK = "screening.calibrate"


class CalibrationRefusedError(ValueError):
    """It can't be calibrated; the message says why. Nothing was changed."""


def check(assistant: Assistant) -> None:
    """Raise CalibrationRefusedError unless the assistant has a score, and AI is on."""
    if not assistant.review.ai_enabled:
        raise CalibrationRefusedError("AI is off for this review, so nothing is calibrated.")
    if assistant.engine not in SCORED:
        raise CalibrationRefusedError(f"{assistant} has no score to calibrate: only the offline engine and panels do.")


def ring(*, assistant: Assistant, stage: str, by: User | None = None) -> None:
    """Let a worker work it out, in the name of who asked for it. Raises CalibrationRefusedError."""
    check(assistant)
    enqueue(TASK, assistant_id=assistant.pk, stage=str(Stage(stage)), user_id=by.pk if by else 0)


@transaction.atomic
def work_out(*, assistant: Assistant, stage: str, by: User | Actor) -> Calibration | None:
    """Store what follows from the labels as they are now; None where they are those of the latest row.

    The event holds no figures: readers of the ledger may have votes to give yet. Raises CalibrationRefusedError.
    """
    check(assistant)
    Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)  # bells that ring at once come one by one
    protocol = current_protocol(assistant.review)
    if protocol is None:
        raise CalibrationRefusedError("Without a protocol nothing is screened, so there is nothing to calibrate on.")
    found = labels.labelled(assistant, stage, protocol)
    stands = Calibration.objects.filter(assistant=assistant, stage=stage, protocol=protocol).first()
    if stands is not None and stands.labels_sha256 == found.sha256:
        return None
    made = calibrate(found.scores, found.kept)
    stored = Calibration.objects.create(
        review=assistant.review,
        assistant=assistant,
        stage=stage,
        protocol=protocol,
        n_include=made.n_include,
        n_exclude=made.n_exclude,
        ece=made.ece,
        brier=made.brier,
        usable=made.usable,
        knots=[list(knot) for knot in made.knots],
        bins=[[one.predicted, one.kept, one.n] for one in made.bins],
        labels_sha256=found.sha256,
    )
    events.record(
        "assistant.calibrated",
        subject=stored,
        by=by,
        review_id=assistant.review_id,
        assistant=str(assistant),
        stage=stage,
    )
    return stored
