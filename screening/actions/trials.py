"""Trying a prompt on a few records before it is published: suggestions of a role of their own, which stand nowhere."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from reviewapp.queue import enqueue
from screening.actions import runs
from screening.actions.rulebook import random_rank
from screening.actions.runs import PREPARE, RunRefusedError
from screening.enums import Engine, RunKind, Stage, StageStatus
from screening.models.assistant import Assistant
from screening.models.held_out import HeldOut
from screening.models.prompt import PromptVersion
from screening.models.run import Run, RunItem
from screening.models.stage import StageState
from screening.running import lifecycle

MOST = 50
SETTLED = (StageStatus.INCLUDED, StageStatus.EXCLUDED)
STAGE = Stage.TITLE_ABSTRACT


@transaction.atomic
def start(
    *, version: PromptVersion, assistant: Assistant, by: User, number: int, record_ids: Collection[int] = ()
) -> Run:
    """Ask the assistant's model with this prompt about these records, or about `number` settled ones drawn at random.

    Half of those drawn are included ones where there are as many. Records that are held out for a validation are never
    taken. Raises RunRefusedError with a sentence.
    """
    if assistant.engine != Engine.LLM:
        raise RunRefusedError("A prompt is tried on a language model: choose an assistant that has one.")
    protocol = runs.allowed(version.prompt.review, STAGE, assistant)
    chosen = _named(version, record_ids) if record_ids else _drawn(version, number)
    run = Run.objects.create(
        review=version.prompt.review,
        stage=STAGE,
        assistant=assistant,
        protocol=protocol,
        kind=RunKind.TRIAL,
        prompt=version,
        estimate={"records": len(chosen), "prompt_version": version.wording.version},
        created_by=by,
    )
    RunItem.objects.bulk_create(RunItem(run=run, record_id=pk) for pk in chosen)
    lifecycle.note("prompt.tried", run, by, assistant=str(assistant), prompt=str(version), records=len(chosen))
    enqueue(PREPARE, run_id=run.pk)
    return run


def _named(version: PromptVersion, record_ids: Collection[int]) -> list[int]:
    wanted = list(dict.fromkeys(record_ids))
    if len(wanted) > MOST:
        raise RunRefusedError(f"A trial is of at most {MOST} records; these are {len(wanted)}. Nothing was started.")
    found = set(_places(version).filter(record__in=wanted).values_list("record_id", flat=True))
    missing = [pk for pk in wanted if pk not in found]
    if missing:
        raise RunRefusedError(
            f"Record {missing[0]} is not at title and abstract in this review, or is held out. Nothing was started."
        )
    return wanted


def _drawn(version: PromptVersion, number: int) -> list[int]:
    """From settled records, included and excluded ones in turn, each in an order of chance that stays the same."""
    salt = f"trial/{version.pk}/"
    review_id = version.prompt.review_id
    settled = _places(version).filter(status__in=SETTLED).values_list("record_id", "status")
    ranked = sorted(settled, key=lambda row: random_rank(review_id, row[0], salt=salt))
    included = [pk for pk, status in ranked if status == StageStatus.INCLUDED]
    excluded = [pk for pk, status in ranked if status == StageStatus.EXCLUDED]
    number = max(1, min(number, MOST))
    half = max(number - number // 2, number - len(excluded))
    chosen = included[:half] + excluded[: number - min(half, len(included))]
    if not chosen:
        raise RunRefusedError("No record is settled yet to try it on. Name records instead.")
    return chosen


def _places(version: PromptVersion) -> QuerySet[StageState]:
    held_out = HeldOut.objects.standing().filter(review=version.prompt.review_id).values("record")
    here = StageState.objects.filter(review=version.prompt.review_id, stage=STAGE, record__active=True)
    return here.exclude(status=StageStatus.INACTIVE).exclude(record__in=held_out)
