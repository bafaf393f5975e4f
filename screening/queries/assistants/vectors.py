"""Which texts of a review have been embedded, and their vectors. Nothing here loads the model or waits for it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit import stops
from reviewapp import prepared
from reviewapp.ai import embedding
from screening.models.embedding import RecordEmbedding
from screening.models.record import Record
from screening.models.review import Review

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HEADER = 4  # bytes before the numbers, as pgvector sends a vector: how many there are, and two that are unused

# Whether anything of a review, `v`, may be read: its AI is on, and nobody has stopped it here or everywhere.
GOING = f"v.ai_enabled AND NOT {stops.STOPPED.format(review='v.id')}"
# A record that was merged away or undone is not looked at; its vector, if it has one, waits for its return.
MISSING = f"""
  FROM screening_record r JOIN screening_review v ON v.id = r.review_id
 WHERE v.id = %(review)s::bigint AND {GOING} AND r.active AND NOT EXISTS (
       SELECT FROM screening_recordembedding e WHERE e.record_id = r.id AND e.model_sha256 = %(model)s::text)
"""
PAGE = f"SELECT r.id, r.title, r.abstract {MISSING} ORDER BY r.id LIMIT %(most)s::bigint"
ANY = f"SELECT EXISTS (SELECT {MISSING})"
ALLOWED = f"SELECT EXISTS (SELECT FROM screening_review v WHERE v.id = %(review)s::bigint AND {GOING})"  # noqa: S608
STORED = """
SELECT e.record_id, vector_send(e.vector) FROM screening_recordembedding e
 WHERE e.record_id = ANY(%(ids)s::bigint[]) AND e.model_sha256 = %(model)s::text
"""


@dataclass(frozen=True, slots=True)
class Text:
    """A record's text as the model reads it: its title and its abstract."""

    record_id: int
    text: str

    @property
    def sha256(self) -> str:
        """By which it is known whether the text is still this one when its vector is stored."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` active records have a vector of the model that is installed."""

    done: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether there is nothing left to do."""
        return self.done >= self.total


def missing(review_id: int, most: int) -> list[Text]:
    """The next texts of a review that lack a vector, by record; none where its AI is off."""
    values = {"review": review_id, "model": embedding.model_hash(), "most": most}
    return [Text(pk, f"{title}. {abstract}") for pk, title, abstract in prepared.rows(PAGE, values)]


def allowed(review_id: int) -> bool:
    """Whether texts of this review may be read at all, as of now."""
    ((found,),) = prepared.rows(ALLOWED, {"review": review_id})
    return bool(found)


def waiting(review_id: int) -> bool:
    """Whether a text of this review lacks a vector and may be given one."""
    ((found,),) = prepared.rows(ANY, {"review": review_id, "model": embedding.model_hash()})
    return bool(found)


def reviews_waiting() -> list[int]:
    """The reviews that may go on and have texts without a vector."""
    return [pk for pk in Review.objects.filter(ai_enabled=True).values_list("pk", flat=True) if waiting(pk)]


def progress(review: Review) -> Progress | None:
    """How far embedding is; None where the model is not installed or the review's AI is off. Two queries."""
    if not review.ai_enabled or not embedding.available():
        return None
    total = Record.objects.filter(review=review, active=True).count()
    made = RecordEmbedding.objects.filter(record__review=review, record__active=True)
    return Progress(min(total, made.filter(model_sha256=embedding.model_hash()).count()), total)


def complete(record_ids: Collection[int], model_sha256: str) -> bool:
    """Whether each of these records has a vector of this model. One query."""
    made = RecordEmbedding.objects.filter(record__in=record_ids, model_sha256=model_sha256)
    return bool(record_ids) and made.count() == len(record_ids)


def stored(record_ids: Collection[int]) -> "dict[int, NDArray[np.float32]]":
    """Record id -> its unit vector, of those that have one of the model that is installed. One query."""
    if not record_ids:
        return {}
    import numpy as np

    found = prepared.rows(STORED, {"ids": list(record_ids), "model": embedding.model_hash()})
    return {pk: np.frombuffer(sent, dtype=">f4", offset=HEADER).astype(np.float32) for pk, sent in found}
