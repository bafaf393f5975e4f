"""What workers are rung for: fetch, call one action, return. Names are stable; arguments are ids."""

from celery import shared_task


@shared_task(name="extraction.prepare_run")
def prepare_run(*, run_id: int) -> None:
    """Let a run over studies go."""
    from extraction.actions import extraction_runs

    extraction_runs.prepare(run_id=run_id)


@shared_task(name="extraction.extract_item")
def extract_item(*, item_id: int) -> None:
    """Proposals of a language model: this study, then others of its run."""
    from extraction.actions import proposing

    proposing.answer_bell(item_id=item_id)


@shared_task(name="extraction.extract_locally")
def extract_locally(*, run_id: int) -> None:
    """A few studies by the offline engine; rings for the next."""
    from extraction.actions import offline_proposals

    offline_proposals.read_batch(run_id=run_id)
