"""Suggestions by the offline engine, in batches: no key, no network, no language model; runs in the worker `cpu`.

It learns from what people have settled in this review (`queries.stages.decided`). A record never teaches the engine
about itself: for records that are settled already the batch is left out of what is learned from, so that comparing
suggestions with decisions stays fair.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog

from audit import actors
from reviewapp.ai import embedding
from reviewapp.queue import enqueue
from screening.actions import outcomes
from screening.actions.outcomes import Job, Opinion, job_of
from screening.actions.reading import Read, Said, weigh
from screening.enums import ItemStatus, Stage
from screening.models.record import Record
from screening.models.run import RunItem
from screening.queries.documents.papers import papers_of
from screening.queries.stages.decided import Settled, settled, titles, unsettled_texts
from screening.ranking.local import Engine, LocalOpinion
from screening.running import ends
from screening.running.claims import Claim, claim, release
from screening.running.lifecycle import finish_if_done

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = dict[str, NDArray[np.float32]]

log = structlog.get_logger(__name__)

SCREEN_LOCALLY = "screening.screen_locally"
BATCH = 50
MOST_EMBEDDED = 1_000  # decided records; beyond so many words teach enough, and embedding them would take minutes
KEPT_VECTORS = 20_000  # about 30 MB
READ_OF_A_PAPER = 24_000  # characters; the engine reads 40,000 at most, and a batch must not take minutes
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-‐]\n\s*(?=[^\W\d_])")
_vectors: "OrderedDict[tuple[str, int], NDArray[np.float32]]" = OrderedDict()
_engine: dict[tuple[object, ...], Engine] = {}


def screen_batch(*, run_id: int) -> int:
    """Work on the next BATCH items of a run and ring for more; the number of items that were worked on."""
    waiting = RunItem.objects.filter(run_id=run_id, status=ItemStatus.WAITING).order_by("id")
    claims = claim(list(waiting.values_list("id", flat=True)[:BATCH]))
    if claims:
        job = job_of(run_id)
        try:
            with actors.acting(job.worker):
                _work(job, claims)
        finally:
            release([ours.item_id for ours in claims])
    if not finish_if_done(run_id=run_id) and claims:
        enqueue(SCREEN_LOCALLY, run_id=run_id)
    return len(claims)


def _work(job: Job, claims: Sequence[Claim]) -> None:
    records = Record.objects.in_bulk([ours.record for ours in claims])
    try:
        texts = _texts(job, records)
        opinions = _opinions(job, list(records.values()), texts)
    except Exception as error:  # a fault of ours: the batch must neither stay claimed nor be tried for ever
        log.exception("batch_broke", run=job.run_id)
        for ours in claims:
            _give_up_or_wait(job, ours, f"The offline engine stumbled ({type(error).__name__}).")
        return
    for ours in claims:
        record = records[ours.record]
        if not record.active:
            ends.drop(claim=ours, why="The record was merged into another, or its import was undone.")
        elif record.pk not in texts:
            ends.drop(claim=ours, why="The record has no full text that can be read any more.")
        else:
            opinion = _as_stored(job, texts[record.pk], *opinions[str(record.pk)])
            outcomes.store(job=job, claim=ours, opinion=opinion)


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


def _give_up_or_wait(job: Job, ours: Claim, why: str) -> None:
    if ours.attempts >= 3:
        ends.fail(job=job, claim=ours, why=f"{why} People judge this record.")
    else:
        ends.put_back(claim=ours)


def _opinions(job: Job, records: Sequence[Record], texts: Mapping[int, Read]) -> dict[str, tuple[LocalOpinion, str]]:
    """Record id -> opinion, and the hash of the embedding model that took part (empty: none did)."""
    decided = settled(job.review.pk, job.stage)
    vectors = _embedded(job, decided, records)
    used = embedding.model_hash() if vectors else ""
    decided = [replace(one, vector=vectors[one.id]) for one in decided] if vectors else decided
    known, own = {one.id for one in decided}, {str(record.pk) for record in records}
    general = _prepared(job, decided, used)
    fair = general if known.isdisjoint(own) else _prepare(job, [one for one in decided if one.id not in own])
    return {
        key: (
            (fair if key in known else general).judge(
                record.title, record.abstract, vectors.get(key), _prose(texts[record.pk])
            ),
            used,
        )
        for key, record in ((str(record.pk), record) for record in records)
        if record.pk in texts
    }


def _prepared(job: Job, decided: list[Settled], used: str) -> Engine:
    """The engine as fitted last, if nothing was decided since."""
    key = (job.protocol_id, job.run_id, used, tuple(sorted((one.id, one.verdict) for one in decided)))
    if key not in _engine:
        _engine.clear()
        _engine[key] = _prepare(job, decided)
    return _engine[key]


def _prepare(job: Job, decided: list[Settled]) -> Engine:
    criteria = [text for _, text in job.criteria]
    background = unsettled_texts(job.review.pk, job.stage)
    return Engine.prepare(criteria, decided, question=job.question, background=background)


def _embedded(job: Job, decided: Sequence[Settled], records: Sequence[Record]) -> "Vectors":
    """Record id -> vector for all of them, or nothing where embeddings are off, not installed, or too many."""
    if not job.assistant.parameters.get("embedding") or not embedding.available() or len(decided) > MOST_EMBEDDED:
        return {}
    texts = {one.id: f"{one.title}. {one.abstract}" for one in decided}
    texts |= {str(record.pk): f"{record.title}. {record.abstract}" for record in records}
    keys = {pk: (pk, hash(text)) for pk, text in texts.items()}
    missing = [pk for pk, key in keys.items() if key not in _vectors]
    for pk, vector in zip(missing, embedding.embed([texts[pk] for pk in missing]), strict=True):
        _vectors[keys[pk]] = vector
    found = {pk: _vectors[key] for pk, key in keys.items()}
    while len(_vectors) > KEPT_VECTORS:
        _vectors.popitem(last=False)
    return found


def _as_stored(job: Job, text: Read, opinion: LocalOpinion, used: str) -> Opinion:
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
        explanation=_explained(opinion, used) | text.seen,
        answered_by="",
    )


def _explained(opinion: LocalOpinion, used: str) -> dict[str, Any]:
    """What moved the score, in words that a person can check: decided records by title, and single words."""
    named = titles([int(neighbour.id) for neighbour in opinion.neighbours])
    return {
        "neighbours": [
            {
                "record": int(neighbour.id),
                "title": named.get(int(neighbour.id), ""),
                "verdict": neighbour.verdict,
                "similarity": round(neighbour.similarity, 3),
            }
            for neighbour in opinion.neighbours
        ],
        "terms": [list(term) for term in opinion.terms],
        "basis": opinion.basis,
        "embedding": used,
    }
