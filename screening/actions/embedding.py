"""Embedding the texts of records, once each: in the background, by a worker of its own. Nothing ever waits for it.

A page of texts is read, longest first, so that each batch of the model pads little; vectors are stored as they come,
while the next are being made. What is stored is never made again, whatever kills the worker: at most what was in the
model's hands at that moment is. A text that changes meanwhile is not given the vector of what it was.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import structlog
from django.db import connection

from reviewapp.ai import embedding
from reviewapp.ai.errors import AIError
from reviewapp.queue import enqueue, pending
from screening.actions.batching import ahead, batches
from screening.queries.assistants import vectors
from screening.queries.assistants.vectors import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = structlog.get_logger(__name__)

EMBED = "screening.embed"
QUEUE = "embed"
PAGE = 512  # texts that are sorted by length together
TOGETHER = 64  # vectors that are stored together
READ = 6_000  # characters: more than the model's 256 tokens ever are, and less than a hostile abstract
LOCKS = -20_260_004  # the first key of our advisory locks; the second is the review's number
NEARLY_EMPTY = 5  # messages in the queue

# The text is looked at again, and held, in the statement that stores: an edit comes before (no row) or after (the
# trigger takes the row away), never between. AI that was switched off meanwhile stores nothing more.
STORE = f"""
INSERT INTO screening_recordembedding (record_id, model_sha256, text_sha256, vector, created_at)
SELECT r.id, %(model)s, new.text, new.vector::vector, clock_timestamp()
  FROM unnest(%(ids)s::bigint[], %(texts)s::text[], %(vectors)s::text[]) AS new (id, text, vector)
  JOIN screening_record r ON r.id = new.id
  JOIN screening_review v ON v.id = r.review_id AND {vectors.GOING}
 WHERE encode(sha256(convert_to(r.title || '. ' || r.abstract, 'UTF8')), 'hex') = new.text
   FOR SHARE OF r
    ON CONFLICT DO NOTHING
"""  # noqa: S608  (a constant of ours)


def embed_page(*, review_id: int) -> int:
    """Embed the next texts of a review and ring for more; how many vectors were stored. A second ring does no harm."""
    if not embedding.available():
        return 0
    with _alone(review_id) as ours:
        made = _embed(review_id, vectors.missing(review_id, PAGE)) if ours else 0
    if made and vectors.waiting(review_id):
        enqueue(EMBED, review_id=review_id)
    return made


def sweep() -> int:
    """Ring for the reviews that have texts to embed, however they came to have them; how many were rung for."""
    if not embedding.available() or pending(QUEUE) >= NEARLY_EMPTY:
        return 0
    found = vectors.reviews_waiting()
    for review_id in found:
        enqueue(EMBED, review_id=review_id)
    return len(found)


def _embed(review_id: int, texts: Sequence[Text]) -> int:
    stored = 0
    made = ahead(_encoded(texts))
    try:
        for some, rows in made:
            stored += _store(some, rows)
            if not vectors.allowed(review_id):
                break
    except AIError as error:
        log.warning("not_embedded", review=review_id, error=str(error))
    finally:
        made.close()
    return stored


def _encoded(texts: Sequence[Text]) -> "Iterator[tuple[list[Text], NDArray[np.float32]]]":
    """Some texts and their vectors, again and again. Longest first: what takes most memory comes at once, or never."""
    order = sorted(texts, key=lambda one: -len(one.text))
    for some in batches(order, TOGETHER):
        yield some, embedding.embed([one.text[:READ] for one in some])


def _store(texts: Sequence[Text], rows: "NDArray[np.float32]") -> int:
    values: dict[str, Any] = {
        "model": embedding.model_hash(),
        "ids": [one.record_id for one in texts],
        "texts": [one.sha256 for one in texts],
        "vectors": [str(row) for row in rows.tolist()],  # a list of numbers is how pgvector writes a vector
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, values)
        return int(cursor.rowcount)


@contextmanager
def _alone(review_id: int) -> Iterator[bool]:
    """Whether this is the only worker at the review's texts; PostgreSQL knows when one dies."""
    key = [LOCKS, review_id % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        ours = bool(cursor.fetchone()[0])
        try:
            yield ours
        finally:
            if ours:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
