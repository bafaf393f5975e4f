"""Runs of assistants over studies: what may be started, over which studies, and what is asked (EXT-04, AI-10).

Their life (pausing, trying again, …) is `screening.running.lifecycle`.
"""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from audit import actors, stops
from extraction.actions.extraction_job import job_of
from extraction.models.form import FormVersion
from extraction.models.plan import ExtractionPlan
from extraction.prompts.question import PROMPT_VERSION
from extraction.queries.extraction_estimate import Estimate, askable
from extraction.queries.extraction_estimate import estimate as estimated
from extraction.reader import READER_VERSION
from reviewapp.queue import enqueue
from screening.enums import Engine, ItemStatus, RunPurpose
from screening.models.assistant import Assistant
from screening.models.protocol import ProtocolVersion
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.study import Study
from screening.queries.amendments.protocol import current_protocol
from screening.queries.identification.studies import included_studies
from screening.running import lifecycle
from screening.running.lifecycle import OPEN, Purpose, RunRefusedError, note
from screening.running.starting import check_models

PREPARE = "extraction.prepare_run"


def estimate(
    *, review: Review, form_version: FormVersion, assistant: Assistant, studies: Sequence[Study] | None = None
) -> Estimate:
    """What a run would take, before it is started. Raises RunRefusedError where it could not be started."""
    _check(review, form_version, assistant)
    return estimated(form_version, assistant, _scope(review, studies))


def unread(*, review: Review, form_version: FormVersion, assistant: Assistant) -> list[Study]:
    """The included studies that no run of this assistant has gone through by this form, whatever its version."""
    gone = RunItem.objects.filter(run__review=review, run__assistant=assistant, status=ItemStatus.DONE)
    by_form = gone.filter(run__extraction_plan__form_version__form=form_version.form_id)
    known = set(by_form.values_list("study_id", flat=True))
    return [study for study in included_studies(review) if study.pk not in known]


@transaction.atomic
def start(
    *,
    review: Review,
    form_version: FormVersion,
    assistant: Assistant,
    by: User,
    studies: Sequence[Study] | None = None,
    fields: Sequence[str] = (),
) -> Run:
    """Start a run over studies, all included ones unless told which; a worker rings for each.

    A study that can't be asked about is no item (the estimate says which). Studies that have proposals already get
    newer ones beside them. `fields`: only these, by key. Raises RunRefusedError with a sentence.
    """
    locked = Review.objects.select_for_update().get(pk=review.pk)
    protocol = _check(locked, form_version, assistant)
    going = Run.objects.filter(review=review, purpose=RunPurpose.EXTRACTION, assistant=assistant, status__in=OPEN)
    if going.filter(extraction_plan__form_version__form=form_version.form_id).exists():
        raise RunRefusedError(
            "This assistant has a run with this form that is not finished. Resume or cancel that one."
        )
    wanted = _scope(locked, studies)
    expected = estimated(form_version, assistant, wanted, fields)
    if not expected.studies:
        raise RunRefusedError(" ".join(("There is nothing to do: no study can be asked about.", *expected.cannot)))
    run = Run.objects.create(
        review=review,
        purpose=RunPurpose.EXTRACTION,
        assistant=assistant,
        protocol=protocol,
        estimate={**expected.as_dict(), "prompt_version": asks_with(assistant)},
        created_by=by,
    )
    ExtractionPlan.objects.create(run=run, form_version=form_version, fields=list(fields))
    items = [RunItem(run=run, study=matter.study) for matter in askable(form_version, assistant, wanted, fields)]
    RunItem.objects.bulk_create(items, ignore_conflicts=True)
    said = {"assistant": str(assistant), "form": str(form_version), "prompt_version": asks_with(assistant)}
    note("run.started", run, by, stage="", records=expected.studies, **said)
    enqueue(PREPARE, run_id=run.pk)
    return run


def asks_with(assistant: Assistant) -> str:
    """By which prompt, or which rules, it reads studies. What stands with the assistant itself is that of screening."""
    return PROMPT_VERSION if assistant.engine == Engine.LLM else READER_VERSION


def prepare(*, run_id: int) -> None:
    """Let a run go whose items were made when it was started. Does nothing twice, however often it is called."""
    lifecycle.prepared(run_id=run_id)


def register() -> None:
    """Say what runs of extraction add to the life of a run; called once, when the app is ready."""
    lifecycle.register(RunPurpose.EXTRACTION, Purpose(check=_may_go_on, at_end=_nothing_follows, job=job_of))


def _scope(review: Review, studies: Sequence[Study] | None) -> list[Study]:
    if studies is None:
        return list(included_studies(review))
    if any(study.review_id != review.pk for study in studies):
        raise RunRefusedError("One of these studies belongs to another review.")
    return list(studies)


def _check(review: Review, version: FormVersion, assistant: Assistant) -> ProtocolVersion:
    """The protocol that a run would work under, if one may be started at all."""
    if assistant.review_id != review.pk:
        raise RunRefusedError("That assistant belongs to another review.")
    if assistant.engine == Engine.PANEL:
        raise RunRefusedError("A panel screens records, and fills in no forms. Choose one of its members instead.")
    if version.form.review_id != review.pk:
        raise RunRefusedError("That form belongs to another review.")
    if not review.ai_enabled:
        raise RunRefusedError("AI is off for this review. A lead can turn it on; nothing was started.")
    if why := stops.stopped(review.pk):
        raise RunRefusedError(why)
    protocol = current_protocol(review)
    if protocol is None:
        raise RunRefusedError("There is no protocol yet. Write it first: a run is recorded under its version.")
    if assistant.engine == Engine.LLM:
        check_models(review, assistant)
    return protocol


def _may_go_on(run: Run) -> None:
    plan = ExtractionPlan.objects.select_related("form_version__form").get(run=run)
    _check(run.review, plan.form_version, run.assistant)


def _nothing_follows(run: Run, by: actors.Actor) -> None:
    """The proposals stand with their studies; there is no order to put anything in."""
