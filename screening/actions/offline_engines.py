"""The offline engine as it is fitted on what people have settled in a review, and kept while nothing more is settled.

A record never teaches the engine about itself. What is settled falls into FOLDS parts; a record that is settled itself
is judged by an engine that learned from the other parts, so that comparing suggestions with decisions stays fair. (The
parts follow from the records' ids alone: the same records, the same engines, whatever a batch holds.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

from reviewapp.ai import embedding
from screening.actions.outcomes import Job
from screening.queries.assistants import vectors
from screening.queries.stages.decided import Settled, settled, unsettled_texts, verdicts
from screening.ranking.local import Engine

FOLDS = 5
Key = tuple[object, ...]
_kept: dict[Key, "Engines"] = {}


@dataclass
class Engines:
    """`used` is the hash of the embedding model whose vectors take part; empty where none do."""

    job: Job
    decided: Sequence[Settled]
    background: Sequence[str]
    used: str
    titles: Mapping[str, str]
    _fitted: dict[int | None, Engine] = field(default_factory=dict)

    def for_record(self, key: str) -> Engine:
        """The engine that may judge this record."""
        return self._left_out(fold(key) if key in self.titles else None)

    def _left_out(self, part: int | None) -> Engine:
        if part not in self._fitted:
            rest = [one for one in self.decided if part is None or fold(one.id) != part]
            criteria = [text for _, text in self.job.criteria]
            self._fitted[part] = Engine.prepare(criteria, rest, question=self.job.question, background=self.background)
        return self._fitted[part]


def fold(key: str) -> int:
    """The part that a settled record falls into."""
    return crc32(key.encode()) % FOLDS


def engines(job: Job) -> Engines:
    """As fitted last, if nothing was settled since. Meanings count once every settled record has its vector."""
    known = verdicts(job.review.pk, job.stage)
    model = str(job.assistant.parameters.get("embedding") or "")
    used = model if model == embedding.model_hash() and vectors.complete(known, model) else ""
    key = (job.protocol_id, job.stage, job.assistant.pk, used, tuple(sorted(known.items())))
    if key not in _kept:
        made = _engines(job, used)
        _kept.clear()
        _kept[key] = made
    return _kept[key]


def _engines(job: Job, used: str) -> Engines:
    decided = settled(job.review.pk, job.stage)
    known = vectors.stored([int(one.id) for one in decided]) if used else {}
    if any(int(one.id) not in known for one in decided):  # one was settled, or its text changed, in between
        used = ""
    if used:
        decided = [replace(one, vector=known[int(one.id)]) for one in decided]
    background = unsettled_texts(job.review.pk, job.stage)
    return Engines(job, decided, background, used, {one.id: one.title for one in decided})
