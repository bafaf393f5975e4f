"""The offline engine in the demonstration: it really reads what is there, within the load."""

from django.contrib.auth.models import User

from screening.actions import assistants, offline, runs
from screening.enums import Engine, RunStatus
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.models.run import Run


def engine(review: Review, by: User) -> Assistant:
    """The same assistant each time. Embeddings take minutes; a worker computes them for the next run."""
    name = f"{assistants.LOCAL_NAME} (words only)"
    return assistants.create(review=review, name=name, engine=Engine.LOCAL, parameters={"embedding": False}, by=by)


def suggest(review: Review, stage: str, by: User) -> None:
    """A whole run over a stage."""
    run = runs.start(review=review, stage=stage, assistant=engine(review, by), by=by)
    runs.prepare(run_id=run.pk)
    while Run.objects.get(pk=run.pk).status == RunStatus.RUNNING:
        if not offline.screen_batch(run_id=run.pk):
            break
