"""Suggestions by the offline engine, in batches: no key, no network, no language model; runs in the worker `cpu`.

It learns from what people have settled in this review (`offline_engines`). Meanings of texts take part as far as they
have been embedded already (`actions.embedding`): nothing here loads the embedding model, or waits for it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from audit import actors
from reviewapp.queue import enqueue, pending
from screening.actions.offline_engines import Engines, engines
from screening.actions.offline_storing import store_many
from screening.actions.outcomes import Job, Opinion, job_of
from screening.actions.reading import Read, Said, weigh
from screening.enums import FailureKind, ItemStatus, Stage
from screening.models.record import Record
from screening.models.run import RunItem
from screening.queries.assistants import vectors
from screening.queries.documents.papers import papers_of
from screening.ranking.local import LocalOpinion, LocalText
from screening.running import ends
from screening.running.claims import Claim, claim_some, release
from screening.running.lifecycle import finish_if_done

log = structlog.get_logger(__name__)

SCREEN_LOCALLY = "screening.screen_locally"
QUEUE = "cpu"
BATCH = {Stage.TITLE_ABSTRACT: 250, Stage.FULL_TEXT: 25}  # some seconds of work, which is what a kill costs
READ_OF_A_PAPER = 24_000  # characters; the engine reads 40,000 at most, and a batch must not take minutes
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-‐]\n\s*(?=[^\W\d_])")


def screen_batch(*, run_id: int) -> int:
    """Work on the next items of a run and ring for more; the number of items that were worked on."""
    job = job_of(run_id)
    claims = claim_some(run_id, BATCH[Stage(job.stage)])
    if claims:
        try:
            _call_another(run_id, len(claims))
            with actors.acting(job.worker):
                _work(job, claims)
        finally:
            release([ours.item_id for ours in claims])
    if not finish_if_done(run_id=run_id) and claims:
        enqueue(SCREEN_LOCALLY, run_id=run_id)
    return len(claims)


def _call_another(run_id: int, ours: int) -> None:
    """Ring once more where nobody else is at this run, more waits, and no bell does: a second worker then helps."""
    of_run = RunItem.objects.filter(run=run_id)
    if of_run.filter(status=ItemStatus.CLAIMED).count() > ours or pending(QUEUE):
        return
    if of_run.filter(status=ItemStatus.WAITING).exists():
        enqueue(SCREEN_LOCALLY, run_id=run_id)


def _work(job: Job, claims: Sequence[Claim]) -> None:
    records = Record.objects.in_bulk([ours.record for ours in claims])
    there: list[Claim] = []
    texts = _texts(job, records)
    for ours in claims:
        if not records[ours.record].active:
            ends.drop(claim=ours, why="The record was merged into another, or its import was undone.")
        elif ours.record not in texts:
            ends.drop(claim=ours, why="The record has no full text that can be read any more.")
        else:
            there.append(ours)
    _suggest(job, there, texts)


def _suggest(job: Job, claims: Sequence[Claim], texts: Mapping[int, Read]) -> None:
    """Store a suggestion for each. Where something breaks, half of them at a time: what breaks it ends alone."""
    if not claims:
        return
    try:
        opinions = _opinions(job, {ours.record: texts[ours.record] for ours in claims})
        store_many(job=job, pairs=[(ours, opinions[ours.record]) for ours in claims])
    except Exception as error:  # a fault of ours: no item may stay claimed for it, nor be tried for ever
        log.exception("batch_broke", run=job.run_id, records=len(claims))
        if len(claims) == 1:
            _give_up_or_wait(job, claims[0], f"The offline engine stumbled ({type(error).__name__}).")
            return
        half = len(claims) // 2
        _suggest(job, claims[:half], texts)
        _suggest(job, claims[half:], texts)


def _give_up_or_wait(job: Job, ours: Claim, why: str) -> None:
    if ours.attempts >= 3:
        ends.fail(job=job, claim=ours, why=f"{why} People judge this record.", kind=FailureKind.FAULT)
    else:
        ends.put_back(claim=ours)


def _texts(job: Job, records: Mapping[int, Record]) -> dict[int, Read]:
    """Record id -> what is read of it: at full text title, abstract and the passages nearest to the criteria."""
    if job.stage != Stage.FULL_TEXT:
        return {pk: Read(record.title, record.abstract) for pk, record in records.items()}
    return {
        pk: Read(records[pk].title, records[pk].abstract, paper, paper.excerpt(job.questions, room=READ_OF_A_PAPER))
        for pk, paper in papers_of(list(records)).items()
    }


def _prose(text: Read) -> str:
    """A paper's passages as running text: line ends and page numbers taken out, so that sentences are whole."""
    if text.excerpt is None or text.paper is None:
        return ""
    shown = [passage.text for passage in text.excerpt.passages] or [page for _, page in text.paper.pages]
    return "\n\n".join(" ".join(_BROKEN_WORD.sub("", piece).split()) for piece in shown)


def _opinions(job: Job, texts: Mapping[int, Read]) -> dict[int, Opinion]:
    """Record id -> what the engine says of it: those that one engine judges together, since that is faster."""
    fitted = engines(job)
    meant = vectors.stored(list(texts)) if fitted.used else {}
    together: dict[int, list[int]] = {}
    by = {pk: fitted.for_record(str(pk)) for pk in texts}
    for pk, engine in by.items():
        together.setdefault(id(engine), []).append(pk)
    found: dict[int, Opinion] = {}
    for records in together.values():
        read = [LocalText(texts[pk].title, texts[pk].abstract, meant.get(pk), _prose(texts[pk])) for pk in records]
        for pk, opinion in zip(records, by[records[0]].judge_many(read), strict=True):
            found[pk] = _as_stored(job, texts[pk], opinion, _explained(fitted, opinion, meant=pk in meant))
    return found


def _as_stored(job: Job, text: Read, opinion: LocalOpinion, explained: dict[str, Any]) -> Opinion:
    said = {one.criterion_key: Said(one.judgement, one.quotes, one.rationale) for one in opinion.judgements}
    weighed = weigh(job, said, text)
    proposed = weighed.proposed
    return Opinion(
        proposed_verdict=proposed.verdict,
        why=proposed.why,
        rationale=opinion.rationale,
        band="unsure" if proposed.verdict == "maybe" else opinion.band,
        band_method=opinion.method,
        score=opinion.score,
        judged=weighed.rows,
        flags=weighed.flags,
        explanation=explained | text.seen,
        answered_by="",
    )


def _explained(fitted: Engines, opinion: LocalOpinion, *, meant: bool) -> dict[str, Any]:
    """What moved the score, in words that a person can check: decided records by title, and single words."""
    return {
        "neighbours": [
            {
                "record": int(neighbour.id),
                "title": fitted.titles[neighbour.id],
                "verdict": neighbour.verdict,
                "similarity": round(neighbour.similarity, 3),
            }
            for neighbour in opinion.neighbours
        ],
        "terms": [list(term) for term in opinion.terms],
        "basis": opinion.basis,
        "embedding": fitted.used if meant else "",
    }
