"""How near a record stands to what this review includes: TF-IDF, a logistic regression and the nearest decided records.

The words' weights (TF-IDF: Salton & Buckley 1988) are fitted on all texts at hand; the classifier (class-weighted
logistic regression, as in the active learning of Wallace et al. 2010 and ASReview, van de Schoot et al. 2021) on the
decided ones. Scores order records; they are never probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from screening.ranking.classifier import Classifier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENOUGH = 5  # decided records of each kind before anything is learned
NEAREST = 5  # neighbours shown
POLLED = 10  # neighbours asked
MOST_WORDS = 60_000
MOST_SAMPLED = 150  # texts that say what is usual in this review, where each costs a reading
MOST_REFERENCES = 2_000  # texts that say how widely scores spread


class DecidedText(Protocol):
    """A record that people have decided. `verdict` is include, exclude or maybe; `vector` is its embedding or None."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def abstract(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def vector(self) -> NDArray[np.float32] | None: ...


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A decided record near this one; `similarity` is a cosine, 0..1."""

    id: str
    verdict: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of one text. `question` is its nearness to the question, 0..1. `classifier` (a leaning, -6..6) and
    `poll` (0..1, the share of includes among the nearest) are None until there are ENOUGH decisions of each kind."""

    question: float
    classifier: float | None
    poll: float | None
    neighbours: tuple[Neighbour, ...]
    terms: tuple[tuple[str, float], ...]


class Relevance:
    """Fitted once per batch; then `of` answers for one text. Deterministic: the order of `decided` does not matter."""

    def __init__(self, question: str, decided: Sequence[DecidedText], background: Sequence[str], seed: int) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.decided = sorted(decided, key=lambda d: d.id)
        self.seed, self.learned, self.fewest = seed, False, 0
        texts = [f"{d.title} {d.title} {d.abstract}" for d in self.decided]  # a title's words weigh twice
        corpus = [*texts, *sorted(background)] or [question]
        self._words = TfidfVectorizer(
            sublinear_tf=True, ngram_range=(1, 2), stop_words="english", strip_accents="unicode",
            token_pattern=r"\b[^\W\d_]\w+\b",  # noqa: S106 - a pattern; figures are no subject
            min_df=2 if len(corpus) > 50 else 1, max_features=MOST_WORDS,
        )  # fmt: skip
        self._plain = Random(seed).sample(corpus, min(len(corpus), MOST_SAMPLED))
        self.empty = not self._fit([*corpus, question])
        if not self.empty:
            self._names = self._words.get_feature_names_out()
            self._question = self._words.transform([question])
            self._texts = self._words.transform(texts) if texts else None
            self._reference = self._words.transform(Random(seed).sample(corpus, min(len(corpus), MOST_REFERENCES)))
            self._learn()

    def _fit(self, corpus: Sequence[str]) -> bool:
        try:
            self._words.fit(corpus)
        except ValueError:  # sklearn's way to say that there is not one word in it
            return False
        return True

    def _learn(self) -> None:
        sure = [i for i, d in enumerate(self.decided) if d.verdict in {"include", "exclude"}]
        wanted = [self.decided[i].verdict == "include" for i in sure]
        self.fewest = min(sum(wanted), len(wanted) - sum(wanted))
        self.learned = self.fewest >= ENOUGH
        self._vectors = self._stack_vectors()
        self._models: dict[str, Classifier] = {}
        if self.learned and self._texts is not None:
            self._share = sum(wanted) / len(wanted)
            self._models["words"] = Classifier(self._texts[sure], wanted, self._question, self._reference, self.seed)
            if self._vectors is not None:
                vectors = self._vectors[sure]
                self._models["vectors"] = Classifier(vectors, wanted, vectors[:0], self._vectors, self.seed)

    def _stack_vectors(self) -> NDArray[np.float32] | None:
        import numpy as np

        found = [d.vector for d in self.decided if d.vector is not None]
        return np.stack(found) if found and len(found) == len(self.decided) else None

    def usual(self) -> tuple[tuple[str, float], ...]:
        """Some texts of this review, each with its nearness to the question."""
        if self.empty:
            return ()
        rows = self._words.transform(self._plain)
        return tuple(zip(self._plain, map(_near, (rows @ self._question.T).toarray().ravel()), strict=True))

    def of(self, title: str, abstract: str, vector: NDArray[np.float32] | None = None) -> Learned:
        """What the question and the decided records say of this text."""
        if self.empty:
            return Learned(0.0, None, None, (), ())
        row = self._words.transform([f"{title} {title} {abstract}"])
        order, cosines = self._nearest(row, vector)
        return Learned(
            question=_near((row @ self._question.T).toarray()[0, 0]),
            classifier=self._classify(row, vector),
            poll=self._poll(order, cosines) if self.learned else None,
            neighbours=tuple(
                Neighbour(self.decided[i].id, self.decided[i].verdict, round(cosines[i], 4))
                for i in order[:NEAREST]
                if cosines[i] > 0
            ),
            terms=self._terms(row),
        )

    def _nearest(self, row: Any, vector: NDArray[np.float32] | None) -> tuple[list[int], list[float]]:
        if self._texts is None:
            return [], []
        cosines = (self._texts @ row.T).toarray().ravel()
        if vector is not None and self._vectors is not None:
            cosines = (cosines + (self._vectors @ vector).clip(0, 1)) / 2
        values = [float(value) for value in cosines]
        return sorted(range(len(values)), key=lambda i: (-round(values[i], 6), self.decided[i].id))[:POLLED], values

    def _classify(self, row: Any, vector: NDArray[np.float32] | None) -> float | None:
        given = {"words": row, "vectors": None if vector is None else vector.reshape(1, -1)}
        said = [model.lean(given[kind]) for kind, model in self._models.items() if given[kind] is not None]
        return sum(said) / len(said) if said else None

    def _poll(self, order: Sequence[int], cosines: Sequence[float]) -> float:
        """Share of includes among the nearest, weighted by similarity and rarity of the verdict; 0.5 when none."""
        weight = {"include": 1 / self._share, "exclude": 1 / (1 - self._share)}
        votes = [(self.decided[i].verdict, cosines[i] ** 2 * weight.get(self.decided[i].verdict, 0.0)) for i in order]
        total = sum(vote for _, vote in votes)
        return sum(vote for verdict, vote in votes if verdict == "include") / total if total > 0 else 0.5

    def _terms(self, row: Any) -> tuple[tuple[str, float], ...]:
        """The words of this text that moved the score most: signed when learned, else the question's own words."""
        pull = self._models["words"].weights if self._models else self._question.toarray()[0]
        moved = [
            (str(self._names[i]), round(float(value * pull[i]), 4))
            for i, value in zip(row.indices, row.data, strict=True)
        ]
        return tuple(sorted((m for m in moved if m[1]), key=lambda m: (-abs(m[1]), m[0]))[:8])


def _near(cosine: float) -> float:
    return min(1.0, float(cosine) / 0.25)  # to a short question a cosine of 0.25 is already near
