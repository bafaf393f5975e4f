"""The offline engine `local`: an opinion on a record from its text, the criteria and this review's own decisions.

No key, no network, no language model. `Engine.prepare` once, then `judge_many`. Everything it says
can be traced: the sentences it quotes stand in the text, the decided records it leans on are named, the words that
moved the score are listed. The score orders records and picks a band; it is not a probability and never shown as one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from screening.ranking.evidence import Evidence, Reading, read, weigh
from screening.ranking.relevance import DecidedText, Learned, Neighbour, Relevance
from screening.ranking.sentences import Sentence, sentences
from screening.ranking.wanted import CriterionText, Wanted, positive, wanted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Embed = Callable[[Sequence[str]], NDArray[np.float32]]

ENGINE_VERSION = "local-1"
SEED = 2020


@dataclass(frozen=True, slots=True)
class LocalJudgement:
    """`judgement` is met, not_met or unclear. `quotes` are whole sentences of title or abstract, unchanged.

    For an exclusion criterion "met" means that what it describes is the case (and so speaks for excluding).
    """

    criterion_key: str
    judgement: str
    quotes: tuple[str, ...]
    rationale: str


@dataclass(frozen=True, slots=True)
class LocalOpinion:
    """`score` 0..1 orders records; `band` is clear, leaning or unsure; `basis` says what the score was made of."""

    judgements: tuple[LocalJudgement, ...]
    score: float
    band: str
    method: str
    rationale: str
    neighbours: tuple[Neighbour, ...]
    terms: tuple[tuple[str, float], ...]
    basis: str


@dataclass(frozen=True, slots=True)
class LocalText:
    """What is read of a record. `vector` is the embedding of title and abstract, or None.

    `passages` of the full text are evidence for criteria; what decisions teach is about title and abstract.
    """

    title: str
    abstract: str
    vector: NDArray[np.float32] | None = None
    passages: str = ""


class Engine:
    """Prepared for one batch of one review. Deterministic for the same inputs, whatever their order."""

    def __init__(self, wants: Sequence[Wanted], relevance: Relevance, embed: Embed | None) -> None:
        self._wants = tuple(wants)
        self._relevance = relevance
        self._embed = embed
        self._anchors = (
            dict(zip((w.key for w in wants), embed([w.wording for w in wants]), strict=True)) if embed and wants else {}
        )
        self._usual = self._usual_by_criteria() if relevance.learned else (0.5, 0.25)

    @classmethod
    def prepare(
        cls,
        criteria: Sequence[CriterionText],
        decided: Sequence[DecidedText] = (),
        embed: Embed | None = None,
        *,
        question: str = "",
        background: Sequence[str] = (),
        seed: int = SEED,
    ) -> Engine:
        """Fit on what there is. `background` (texts of undecided records) only tells common words from rare ones.

        `embed` maps n texts to an n×d array of unit vectors; with it sentences are compared by meaning too (slow).
        """
        wants = [wanted(criterion) for criterion in criteria]
        asked = positive(" ".join([question, *(want.wording for want in wants if not want.excludes)]))
        return cls(wants, Relevance(asked, decided, background, seed), embed)

    def judge(
        self, title: str, abstract: str, vector: NDArray[np.float32] | None = None, passages: str = ""
    ) -> LocalOpinion:
        """An opinion on one record: `judge_many` of it alone."""
        return self.judge_many([LocalText(title, abstract, vector, passages)])[0]

    def judge_many(self, texts: Sequence[LocalText]) -> list[LocalOpinion]:
        """An opinion on each record, in their order, none swayed by the others: many at once are faster, that is all.

        Reads at most 40,000 characters of each; an empty text is unclear throughout.
        """
        return [
            self._judged(text, learned) for text, learned in zip(texts, self._relevance.of_many(texts), strict=True)
        ]

    def _judged(self, text: LocalText, learned: Learned) -> LocalOpinion:
        body = f"{text.abstract}\n\n{text.passages}" if text.passages else text.abstract
        reading, found = self._weigh(text.title, body)
        score, basis = self._score(found, learned) if reading.parts else (0.5, "nothing to read")
        return LocalOpinion(
            judgements=tuple(
                LocalJudgement(want.key, evidence.judgement, evidence.quotes, evidence.rationale)
                for want, evidence in zip(self._wants, found, strict=True)
            ),
            score=round(score, 4),
            band=self._band(found, score, learned),
            method="uncalibrated",
            rationale=self._rationale(found, learned, basis),
            neighbours=learned.neighbours,
            terms=learned.terms,
            basis=basis,
        )

    def _weigh(self, title: str, abstract: str) -> tuple[Reading, list[Evidence]]:
        reading = read(sentences(title, abstract))
        similarity = self._similarity if self._anchors else None
        return reading, [weigh(want, reading, {}, similarity) for want in self._wants]

    def _similarity(self, want: Wanted, parts: Sequence[Sentence]) -> list[float]:
        if self._embed is None:
            return [0.0] * len(parts)
        cosines = self._embed([part.text for part in parts]) @ self._anchors[want.key]
        return [min(0.9, max(0.0, (float(cosine) - 0.2) / 0.5)) for cosine in cosines]

    def _score(self, found: Sequence[Evidence], learned: Learned) -> tuple[float, str]:
        cold = self._by_criteria(found, learned.question)
        if learned.classifier is None or learned.poll is None:
            return cold, "criteria"
        # The more decisions of the rarer kind, the less the wording of the criteria counts: 5 -> 0.20, 20 -> 0.08.
        wording = 0.4 / (1 + self._relevance.fewest / 5)
        mean, deviation = self._usual
        lean = (
            (0.85 - wording) * learned.classifier
            + 0.15 * 4 * (learned.poll - 0.5)
            + wording * 2 * (cold - mean) / deviation
        )
        return 1 / (1 + math.exp(-lean)), "criteria and decisions"

    def _usual_by_criteria(self) -> tuple[float, float]:
        """Mean and deviation of the criteria's score in this review: what is high depends on the searches."""
        sample = self._relevance.usual()[: 30 if self._embed else None]  # sentences are slow to embed
        scores = [self._by_criteria(self._weigh("", text)[1], near) for text, near in sample]
        return (fmean(scores), max(pstdev(scores), 0.05)) if scores else (0.5, 0.25)

    def _by_criteria(self, found: Sequence[Evidence], question: float) -> float:
        wished = [e.strength for want, e in zip(self._wants, found, strict=True) if not want.excludes]
        score = 0.5 * sum(wished) / len(wished) + 0.5 * question if wished else question
        return score * 0.5 ** self._speaking_against(found)

    def _speaking_against(self, found: Sequence[Evidence]) -> int:
        return sum(
            e.judgement == ("met" if want.excludes else "not_met") for want, e in zip(self._wants, found, strict=True)
        )

    def _speaking_for(self, found: Sequence[Evidence]) -> bool:
        return all(e.judgement == "met" for want, e in zip(self._wants, found, strict=True) if not want.excludes)

    def _band(self, found: Sequence[Evidence], score: float, learned: Learned) -> str:
        against = self._speaking_against(found) > 0
        if (against and score < 0.5) or (not against and self._speaking_for(found) and score >= 0.5):
            return "clear" if learned.classifier is not None and abs(score - 0.5) >= 0.25 else "leaning"
        return "leaning" if learned.classifier is not None and abs(score - 0.5) >= 0.2 and not against else "unsure"

    def _speaking(self, wanted_one: str, unwanted_one: str, found: Sequence[Evidence]) -> int:
        """How many criteria were judged so: what must not be met speaks the other way round."""
        return sum(
            evidence.judgement == (unwanted_one if want.excludes else wanted_one)
            for want, evidence in zip(self._wants, found, strict=True)
        )

    def _rationale(self, found: Sequence[Evidence], learned: Learned, basis: str) -> str:
        for_it, against = self._speaking("met", "not_met", found), self._speaking("not_met", "met", found)
        unclear = len(found) - for_it - against
        said = f"Of {len(found)} criteria {for_it} speak for inclusion, {against} against; {unclear} unclear."
        if basis == "nothing to read":
            return f"There is no text to read. {said}"
        if basis == "criteria":
            return f"{said} Ordered by the criteria alone: too few decisions to learn from yet."
        near = [n.verdict for n in learned.neighbours]
        verdicts = f"{near.count('include')} were included, {near.count('exclude')} excluded"
        return f"{said} Of the {len(near)} nearest decided records {verdicts}."
