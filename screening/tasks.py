"""What workers are rung for: fetch, call one action, return. Names are stable; arguments are ids."""

from celery import shared_task
from celery.signals import worker_ready

from audit.actors import acting, worker


@shared_task(name="screening.check_import")
def check_import(*, file_id: int) -> None:
    """The dry run of a file."""
    from screening.actions import import_check

    with acting(worker("import")):
        import_check.check(file_id=file_id)


@shared_task(name="screening.run_import")
def run_import(*, file_id: int) -> None:
    """Store a file's citations and look for duplicates."""
    from screening.actions import import_run

    with acting(worker("import")):
        import_run.run_import(file_id=file_id)


@shared_task(name="screening.search")
def search(*, run_id: int) -> None:
    """Count or fetch what a search of a public database finds."""
    from screening.actions import search_runs, search_work

    with acting(worker(search_runs.WORKER)):
        search_work.work(run_id=run_id)


@shared_task(name="screening.look_for_decisions")
def look_for_decisions(*, import_id: int) -> None:
    """What a file says of decisions that were made elsewhere."""
    from screening.actions import elsewhere

    with acting(worker("import")):
        elsewhere.look(import_id=import_id)


@shared_task(name="screening.bring_in_decisions")
def bring_in_decisions(*, import_id: int) -> None:
    """Carry out what a lead committed: bring decisions in, or take them back."""
    from screening.actions import elsewhere_run

    with acting(elsewhere_run.WORKER):
        elsewhere_run.run(import_id=import_id)


@shared_task(name="screening.undo_import")
def undo_import(*, file_id: int) -> None:
    """Take a large import back."""
    from screening.actions import import_undo

    with acting(worker("import")):
        import_undo.carry_on(file_id=file_id)


@shared_task(name="screening.deduplicate")
def deduplicate(*, review_id: int, user_id: int) -> None:
    """Compare all records of a review with one another, on demand of a person."""
    from django.contrib.auth.models import User

    from screening.actions import deduplication
    from screening.models.review import Review

    with acting(worker("deduplication")):
        deduplication.deduplicate(review=Review.objects.get(pk=review_id), by=User.objects.get(pk=user_id))


@shared_task(name="screening.find_study_hints")
def find_study_hints(*, review_id: int, record_id: int = 0) -> None:
    """Which included reports may be of one study; with a record, which may be of the same as that one."""
    from screening.actions import hints
    from screening.models.review import Review

    with acting(worker("studies")):
        hints.find(review=Review.objects.get(pk=review_id), record_id=record_id or None)


@shared_task(name="screening.rescreen")
def rescreen(*, rescreening_id: int) -> None:
    """Give the records of a large re-screening back, or take it back. Decisions are people's; places follow."""
    from screening.actions import rescreening

    with acting(rescreening.WORKER):
        rescreening.carry_on(rescreening_id=rescreening_id)


@shared_task(name="screening.apply_rule")
def apply_rule(*, rule_id: int) -> None:
    """Bring the places of a large stage in line with its changed rule."""
    from screening.actions import applying

    with acting(applying.WORKER):
        applying.carry_on(rule_id=rule_id)


@shared_task(name="screening.prepare_run")
def prepare_run(*, run_id: int) -> None:
    """Make the items of a run."""
    from screening.actions import runs

    runs.prepare(run_id=run_id)


@shared_task(name="screening.screen_item")
def screen_item(*, item_id: int) -> None:
    """Suggestions of a language model: this item, then others of its run."""
    from screening.actions import suggestions

    suggestions.answer_bell(item_id=item_id)


@shared_task(name="screening.screen_locally")
def screen_locally(*, run_id: int) -> None:
    """One batch of suggestions of the offline engine; rings for the next."""
    from screening.actions import offline

    offline.screen_batch(run_id=run_id)


@shared_task(name="screening.calibrate")
def calibrate(*, assistant_id: int, stage: str, user_id: int = 0) -> None:
    """How an assistant's scores are read as shares of records that people keep, at the end of a run or on demand."""
    from django.contrib.auth.models import User

    from screening.actions import calibrating
    from screening.models.assistant import Assistant

    with acting(calibrating.WORKER):
        assistant = Assistant.objects.select_related("review").get(pk=assistant_id)
        by = User.objects.get(pk=user_id) if user_id else calibrating.WORKER
        calibrating.work_out(assistant=assistant, stage=stage, by=by)


@shared_task(name="screening.embed")
def embed(*, review_id: int) -> None:
    """A page of vectors of a review's texts; rings for the next."""
    from screening.actions import embedding

    with acting(worker("embedding")):
        embedding.embed_page(review_id=review_id)


@shared_task(name="screening.test_card")
def test_card(*, card_id: int, event_id: int) -> None:
    """Try a model out, because somebody asked for it."""
    from screening.actions import card_test

    with acting(card_test.WORKER):
        card_test.answer(card_id=card_id, event_id=event_id)


@shared_task(name="screening.read_document")
def read_document(*, document_id: int) -> None:
    """Read a PDF into pages with word boxes."""
    from screening.actions import document_reading

    with acting(worker("document reader")):
        document_reading.read(document_id)


@shared_task(name="screening.sweep")
def sweep() -> None:
    """Mend what stands still: claims of dead workers, doorbells that were lost, imports that were cut off."""
    from screening.actions import document_reading, elsewhere, embedding, imports, search_runs, sweeping

    sweeping.sweep()
    with acting(worker("sweeper")):
        imports.sweep()
        elsewhere.sweep()
        document_reading.sweep()
        search_runs.start_due()
        search_runs.sweep()
        embedding.sweep()


@shared_task(name="screening.notify")
def notify() -> None:
    """Tell people what is new, and put together the e-mails that are due."""
    from screening.actions import mailing, notifying

    with acting(worker("notifier")):
        notifying.look()
        mailing.collect()


@shared_task(name="screening.warn")
def warn() -> None:
    """Tell leads what they must act on."""
    from screening.actions import notifying

    with acting(worker("notifier")):
        notifying.warn()


@shared_task(name="screening.send_mails")
def send_mails() -> None:
    """Send the e-mails that wait."""
    from screening.actions import mailing

    mailing.send_due()


@worker_ready.connect
def _sweep_at_once(**kwargs: object) -> None:
    """A worker that starts may follow one that was killed: what that one held is given back without waiting."""
    sweep.apply_async(ignore_result=True)
