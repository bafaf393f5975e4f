"""A stand-in for the embedding model: quick, the same each time, and it counts what it reads."""

import zlib
from collections import Counter

import numpy as np
import pytest

from reviewapp.ai import embedding
from screening.actions import embedding as embedding_worker

WORDS = 16  # directions that words point in


class Model:
    """`read` counts each text that was read; `after` so many texts it is killed, or does what `then` says."""

    def __init__(self) -> None:
        self.read: Counter[str] = Counter()
        self.after: int | None = None
        self.then = None

    def embed(self, texts):
        if self.after is not None and self.read.total() >= self.after:
            self.after = None
            if self.then is None:
                raise SystemExit("killed")
            self.then()
        self.read.update(texts)
        return np.stack([vector(text) for text in texts]) if texts else np.empty((0, WORDS), dtype=np.float32)


def vector(text):
    """A unit vector: texts that share words point the same way."""
    found = np.full(WORDS, 0.01, dtype=np.float32)
    for word in text.lower().split():
        found[zlib.crc32(word.strip(".,").encode()) % WORDS] += 1
    return found / np.linalg.norm(found)


@pytest.fixture
def model(monkeypatch):
    """The stand-in, in place of the model."""
    made = Model()
    monkeypatch.setattr(embedding, "available", lambda: True)
    monkeypatch.setattr(embedding, "embed", made.embed)
    return made


def embed_all(review):
    """Answer every bell."""
    while embedding_worker.embed_page(review_id=review.pk):
        pass
