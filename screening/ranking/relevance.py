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
TERMS = 8  # words shown
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


class RankedText(Protocol):
    """A text to be ranked, with its embedding or None."""

    @property
    def title(self) -> str: ...
    @property
    def abstract(self) -> str: ...
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
    """Fitted once; then `of_many` answers for texts. Deterministic: the order of `decided` does not matter."""

    def __init__(self, question: str, decided: Sequence[DecidedText], background: Sequence[str], seed: int) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.decided = sorted(decided, key=lambda d: d.id)
        self.seed, self.learned, self.fewest = seed, False, 0
        self._models: dict[str, Classifier] = {}
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
            self._pull = self._models["words"].weights if self._models else self._question.toarray()[0]

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

    def of_many(self, texts: Sequence[RankedText]) -> list[Learned]:
        """What the question and the decided records say of each of these texts, in their order."""
        if self.empty or not texts:
            return [Learned(0.0, None, None, (), ()) for _ in texts]
        rows = self._words.transform([f"{text.title} {text.title} {text.abstract}" for text in texts])
        questions = (rows @ self._question.T).toarray().ravel()
        cosines = self._cosines(rows, texts)
        leans = self._leans(rows, texts)
        return [
            self._learned(rows[i], float(questions[i]), None if cosines is None else cosines[i], leans[i])
            for i in range(len(texts))
        ]

    def _learned(self, row: Any, question: float, cosines: Any, lean: float | None) -> Learned:
        near = self._nearest(cosines)
        return Learned(
            question=_near(question),
            classifier=lean,
            poll=self._poll(near) if self.learned else None,
            neighbours=tuple(
                Neighbour(self.decided[i].id, self.decided[i].verdict, round(cosine, 4))
                for i, cosine in near[:NEAREST]
                if cosine > 0
            ),
            terms=self._terms(row),
        )

    def _cosines(self, rows: Any, texts: Sequence[RankedText]) -> Any:
        """n×d: how near each text is to each decided one, by words and, where both have vectors, by meaning too."""
        if self._texts is None:
            return None
        cosines = (rows @ self._texts.T).toarray()
        where, vectors = _stacked(texts)
        if where and self._vectors is not None:
            cosines[where] = (cosines[where] + (vectors @ self._vectors.T).clip(0, 1)) / 2
        return cosines

    def _nearest(self, cosines: Any) -> list[tuple[int, float]]:
        """The decided texts nearest to one, with their cosines; of those equally near the lower id comes first."""
        if cosines is None:
            return []
        order = (-cosines.round(6)).argsort(kind="stable")[:POLLED]  # `decided` is in the order of ids
        return [(int(i), float(cosines[i])) for i in order]

    def _leans(self, rows: Any, texts: Sequence[RankedText]) -> list[float | None]:
        """How far each text leans, the mean of what the models that can read it say; None where none is fitted."""
        said: list[list[float]] = [[] for _ in texts]
        if "words" in self._models:
            for place, lean in enumerate(self._models["words"].leans(rows)):
                said[place].append(lean)
        where, vectors = _stacked(texts)
        if where and "vectors" in self._models:
            for place, lean in zip(where, self._models["vectors"].leans(vectors), strict=True):
                said[place].append(lean)
        return [sum(one) / len(one) if one else None for one in said]

    def _poll(self, near: Sequence[tuple[int, float]]) -> float:
        """Share of includes among the nearest, weighted by similarity and rarity of the verdict; 0.5 when none."""
        weight = {"include": 1 / self._share, "exclude": 1 / (1 - self._share)}
        votes = [(self.decided[i].verdict, cosine**2 * weight.get(self.decided[i].verdict, 0.0)) for i, cosine in near]
        total = sum(vote for _, vote in votes)
        return sum(vote for verdict, vote in votes if verdict == "include") / total if total > 0 else 0.5

    def _terms(self, row: Any) -> tuple[tuple[str, float], ...]:
        """The words of this text that moved the score most: signed when learned, else the question's own words."""
        moved = (row.data * self._pull[row.indices]).round(4)
        size = abs(moved)
        least = sorted(size, reverse=True)[:TERMS][-1] if len(size) else 0.0
        found = [
            (str(self._names[row.indices[i]]), float(moved[i])) for i in ((size >= least) & (size > 0)).nonzero()[0]
        ]
        return tuple(sorted(found, key=lambda one: (-abs(one[1]), one[0]))[:TERMS])


def _stacked(texts: Sequence[RankedText]) -> tuple[list[int], Any]:
    """The places of the texts that have a vector, and these vectors as rows."""
    import numpy as np

    found = [(place, text.vector) for place, text in enumerate(texts) if text.vector is not None]
    return [place for place, _ in found], np.stack([vector for _, vector in found]) if found else None


def _near(cosine: float) -> float:
    return min(1.0, float(cosine) / 0.25)  # to a short question a cosine of 0.25 is already near
