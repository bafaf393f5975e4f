"""What a worker does for a run of a search: count, or fetch page by page and hand the replies in as files (IMP-07).

Whether a worker is at it is asked of PostgreSQL (an advisory lock of its session), so that a run goes on seconds after
a kill; each page is stored with the place where the next one is, so that none is asked for twice. A passing fault puts
the run back with a later `not_before`; the sweeper rings again.
"""

import tempfile
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from audit import actors
from reviewapp import outside
from reviewapp.queue import enqueue, ring_later
from screening.actions import imports, sources
from screening.actions.saved_searches import described_strategy
from screening.actions.search_runs import record
from screening.enums import SearchStatus
from screening.models.search import SearchPage, SearchRun
from screening.providers import (
    PROVIDERS,
    Answer,
    Ask,
    Credentials,
    NotUnderstoodError,
    Query,
    RefusedStrategyError,
    Step,
)

LOCKS = -20_260_003  # the first key of our advisory locks; the second is the run's number
AT_ONCE = 20  # pages for one doorbell: then another is rung, behind the imports and suggestions that wait meanwhile
MOST_FAULTS = 6  # passing faults in a row, with growing pauses between: about a quarter of an hour
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0  # seconds
KEPT = "The pages that had come ({pages}, with {fetched} records) are kept: “Go on” fetches only the rest."


class OvertakenError(Exception):
    """The run was cancelled, or another worker has it: whoever sees this stops quietly."""


def work(*, run_id: int) -> None:
    """Do what a run asks for, as far as it goes now. A second ring does no harm."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, run_id])
        if not (cursor.fetchone() or [False])[0]:
            return
        try:
            _work(run_id)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, run_id])


def _work(run_id: int) -> None:
    run = _due(run_id)
    if run is None:
        return
    try:
        _count(run) if run.status == SearchStatus.COUNTING else _fetch(run)
    except OvertakenError:
        return
    except outside.TakenError as error:
        _come_again(run, error)
    except (outside.OutsideError, NotUnderstoodError) as error:
        after = error.after if isinstance(error, outside.OutsideError) else None
        _put_back(run, str(error), passing=error.passing, after=after)
    except RefusedStrategyError as error:
        _fail(run, str(error))
    except Exception:  # whatever it is, the lead must see that it stopped; the log has the rest
        _fail(run, "The search stopped because of an error on this server.")
        raise


def _due(run_id: int) -> SearchRun | None:
    rows = SearchRun.objects.select_related("search__source", "review", "created_by")
    run = rows.filter(pk=run_id, status__in=(SearchStatus.COUNTING, SearchStatus.FETCHING)).first()
    return run if run and not (run.not_before and run.not_before > timezone.now()) else None


def _query(run: SearchRun) -> Query:
    return Query(run.strategy, run.published_from, run.published_to, run.since)


def _send(run: SearchRun, ask: Ask, *, waits: bool = True) -> bytes:
    """One request, outside of any transaction."""
    who = Credentials(settings.SEARCH_TOOL, settings.SEARCH_EMAIL, _key(run))
    fields = ask.fields | who.fields() if run.search.provider == "pubmed" else ask.fields
    pause = PROVIDERS[run.search.provider].pause(who)
    body = outside.post(settings.SEARCH_URLS[run.search.provider], ask.path, fields, pause=pause, waits=waits).body
    # NCBI repeats the key in what it refuses, and what it refuses is shown to the team
    return body.replace(who.key.encode(), b"[key]") if who.key else body


def _key(run: SearchRun) -> str:
    return settings.NCBI_API_KEY if run.search.provider == "pubmed" else ""


def _count(run: SearchRun) -> None:
    provider = PROVIDERS[run.search.provider]
    answer = provider.counted(_send(run, provider.count(_query(run))))
    with transaction.atomic():
        held = _hold(run)
        _answered(held, answer)
        held.status, held.ended_at, held.waits_for = SearchStatus.COUNTED, timezone.now(), ""
        held.save()
        record("search.counted", held, by=actors.current(), hits=answer.hits)


def _answered(run: SearchRun, answer: Answer) -> None:
    run.hits, run.translated, run.notes = answer.hits, answer.translated, list(answer.notes)
    run.searched_at, run.faults, run.waits_for = timezone.now(), 0, ""


def _hold(run: SearchRun) -> SearchRun:
    """Lock the run for this transaction, provided that it still stands where we left it."""
    rows = SearchRun.objects.select_for_update(no_key=True, of=("self",)).select_related("search__source", "review")
    held = rows.filter(pk=run.pk, status=run.status, pages=run.pages).first()
    if held is None:
        raise OvertakenError
    return held


def _fetch(run: SearchRun) -> None:
    provider, query = PROVIDERS[run.search.provider], _query(run)
    for number in range(AT_ONCE):
        ask = provider.ask(query, run.position, settings.SEARCH_PAGE)
        if ask is None:
            _finish(run)
            return
        body = _send(run, ask, waits=number == 0)  # who has had a turn lets those go first who wait for theirs
        step = provider.take(run.position, body, settings.SEARCH_PAGE)
        run = _store(run, step)
        if problem := _too_many(run):
            _fail(run, problem)
            return
    enqueue("screening.search", run_id=run.pk)


@transaction.atomic
def _store(run: SearchRun, step: Step) -> SearchRun:
    """A step with its page, and where to go on: all or nothing."""
    held = _hold(run)
    if step.answer:
        _answered(held, step.answer)
        held.save()
    kept = SearchPage.objects.filter(run=held)
    if step.void:
        kept.filter(number__gt=held.pages - step.void).delete()
        held.pages -= step.void
    if step.page is not None:
        held.pages += 1
        SearchPage.objects.create(
            run=held, number=held.pages, entries=step.entries, content=zlib.compress(step.page, 6)
        )
    progress = {
        "pages": held.pages,
        "fetched": kept.aggregate(n=Sum("entries"))["n"] or 0,
        "position": step.position,
        "faults": 0,
        "waits_for": "",
        "not_before": None,
        "heartbeat_at": timezone.now(),
    }
    return _progressed(held, **progress)


def _progressed(run: SearchRun, **fields: Any) -> SearchRun:
    """Store how far a run is, without a line of history for each page."""
    SearchRun.objects.filter(pk=run.pk).update(**fields)
    for name, value in fields.items():
        setattr(run, name, value)
    return run


def _too_many(run: SearchRun) -> str:
    most = settings.SEARCH_MAX_RECORDS
    if (run.hits or 0) <= most and run.fetched <= most:
        return ""
    return (
        f"{run.search.get_provider_display()} finds {run.hits:,} records; at most {most:,} are fetched here. Narrow "
        "the strategy, or split it into searches with different dates of publication. An administrator can raise "
        "SEARCH_MAX_RECORDS."
    )


def _finish(run: SearchRun) -> None:
    """The pages, byte by byte, become files of their own, which wait at the imports for a person."""
    with transaction.atomic():
        held = _hold(run)
        notes = list(held.notes)
        for number, part in enumerate(_parts(held), 1):
            with part:
                held.brought += _hand_in(held, part, number, notes)
        if held.fetched != held.hits:
            notes.append(
                f"{held.search.get_provider_display()} counted {held.hits or 0:,} and gave {held.fetched:,}: records "
                "come and go while one searches."
            )
        held.notes, held.status, held.ended_at = notes, SearchStatus.DONE, timezone.now()
        held.save()
        SearchPage.objects.filter(run=held).delete()
        described = described_strategy(held.strategy, held.published_from, held.published_to)
        day = timezone.localdate(held.searched_at) if held.searched_at else timezone.localdate()
        sources.change(source=held.search.source, by=actors.current(), date_searched=day, strategy=described)
        record("search.finished", held, by=actors.current(), hits=held.hits, fetched=held.fetched, files=held.brought)


def _parts(run: SearchRun) -> "Iterator[File[bytes]]":
    """The raw replies, one behind the other, in files that the importer takes."""
    written, part = 0, _scratch()
    for page in SearchPage.objects.filter(run=run).order_by("number").iterator(4):
        content = zlib.decompress(page.content)
        if written and written + len(content) > settings.SEARCH_PART_BYTES:
            yield _wound(part)
            written, part = 0, _scratch()
        written += part.write(content + b"\n")
    if written:
        yield _wound(part)


def _scratch() -> "File[bytes]":
    return File(tempfile.TemporaryFile())  # closed by who takes it


def _wound(part: "File[bytes]") -> "File[bytes]":
    part.seek(0)
    return part


def _hand_in(run: SearchRun, part: "File[bytes]", number: int, notes: list[str]) -> int:
    """1 if the file was taken, 0 if exactly this was imported before."""
    provider = PROVIDERS[run.search.provider]
    day = f"{timezone.localdate():%Y-%m-%d}"
    part.name = f"{provider.label} {day}{f' part {number}' if number > 1 else ''}.{provider.extension}"
    try:
        imports.upload(
            review=run.review,
            source=run.search.source,
            file=part,
            by=run.created_by,
            at_once=False,
            search_run=run,
        )
    except imports.ImportRefusedError as error:
        notes.append(f"Nothing new: {error}")
        return 0
    return 1


def _come_again(run: SearchRun, taken: outside.TakenError) -> None:
    """No fault, however often. It counts as worked on: else the sweeper would ring, too, and the rings would grow."""
    now, seconds = timezone.now(), taken.after or 0.0
    until = now + timedelta(seconds=seconds)
    rows = SearchRun.objects.filter(pk=run.pk, status=run.status)
    rows.update(not_before=until, heartbeat_at=now, waits_for=str(taken))
    ring_later("screening.search", seconds=seconds + 0.5, run_id=run.pk)


def _put_back(run: SearchRun, why: str, *, passing: bool, after: float | None) -> None:
    """Try again later; after too many times in a row, or where waiting can't help, the run has failed."""
    faults = run.faults + 1
    if not passing or faults > MOST_FAULTS:
        _fail(run, why)
        return
    pause = max(after or 0.0, min(LONGEST_PAUSE, FIRST_PAUSE * 3 ** (faults - 1)))
    until = timezone.now() + timedelta(seconds=pause)
    SearchRun.objects.filter(pk=run.pk, status=run.status).update(faults=faults, not_before=until, waits_for=why)
    if pause <= FIRST_PAUSE * 3:
        ring_later("screening.search", seconds=pause + 0.5, run_id=run.pk)


@transaction.atomic
def _fail(run: SearchRun, why: str) -> None:
    rows = SearchRun.objects.select_for_update(no_key=True, of=("self",)).select_related("search__source")
    held = rows.filter(pk=run.pk, status__in=(SearchStatus.COUNTING, SearchStatus.FETCHING)).first()
    if held is None:
        return
    kept = KEPT.format(pages=held.pages, fetched=f"{held.fetched:,}") if held.pages else "Nothing was imported."
    held.status, held.error, held.ended_at = SearchStatus.FAILED, f"{why} {kept}", timezone.now()
    held.not_before, held.waits_for = None, ""
    held.save()
    record("search.failed", held, by=actors.current(), reason=held.error)
