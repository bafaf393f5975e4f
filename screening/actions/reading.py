"""What a model's reply amounts to: quotes found or not in the stored text, judgements settled, verdict computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from audit.calls import Answer
from screening.actions.outcomes import Job, Opinion
from screening.prompts import verdict
from screening.prompts.hygiene import clean, injection_flags
from screening.prompts.quotes import Quote, locate_in
from screening.prompts.screening import ScreeningReply
from screening.queries.documents.papers import Excerpt, Paper

LONGEST_RATIONALE = 600


@dataclass(frozen=True, slots=True)
class Read:
    """What of a record was read: title and abstract, and at full text its paper and what was shown of that."""

    title: str
    abstract: str
    paper: Paper | None = None
    excerpt: Excerpt | None = None

    @property
    def has_text(self) -> bool:
        """Whether there is more than a title."""
        return self.paper is not None or bool(self.abstract.strip())

    @property
    def flags(self) -> list[str]:
        """What looks meant for a model rather than a reader."""
        own = injection_flags(f"{self.title}\n{self.abstract}")
        return list(dict.fromkeys([*own, *(self.paper.flags if self.paper else [])]))

    @property
    def seen(self) -> dict[str, Any]:
        """Which places of the paper were shown; empty where there is none."""
        return self.paper.seen(self.excerpt) if self.paper and self.excerpt else {}

    def shortened(self, questions: Sequence[str], *, room: int) -> "Read":
        """The same with fewer characters of the paper."""
        return replace(self, excerpt=self.paper.excerpt(questions, room=room) if self.paper else None)

    def quoted(self, quote: str) -> dict[str, Any]:
        """A quote as it is stored, with the place where it stands: in the paper if there, else in title or abstract."""
        whole = self.paper.quoted(quote) if self.paper else None
        if whole and whole["verified"]:
            return whole
        name, found = locate_in(clean(quote).text, {"title": self.title, "abstract": self.abstract})
        if whole and not found.verified:
            return whole
        return {
            "text": found.text,
            "field": name,
            "start": found.start,
            "end": found.end,
            "verified": found.verified,
        }


@dataclass(frozen=True, slots=True)
class Said:
    """What an assistant said of one criterion: met, not_met or unclear, the passages it quotes, and why."""

    judgement: str
    quotes: Sequence[str]
    rationale: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What follows from what was said. `rows`: (criterion's id, settled judgement, rationale, quotes as stored)."""

    judged: list[verdict.Judgement]
    proposed: verdict.Proposed
    rows: list[tuple[int, str, str, list[dict[str, Any]]]]
    flags: list[str]


def read(job: Job, reply: ScreeningReply, answer: Answer, text: Read) -> Opinion:
    """The opinion that a valid reply stands for (AI-03 to AI-05, AI-09). The model is not asked for a verdict."""
    said = {
        criterion.key: Said(criterion.judgement, criterion.quotes, criterion.rationale) for criterion in reply.criteria
    }
    flags = ["text_gives_instructions"] if reply.text_gives_instructions else []
    weighed = weigh(job, said, text, suspicions=flags)
    band = verdict.band(weighed.judged, weighed.proposed, stage=job.stage)
    return Opinion(
        proposed_verdict=weighed.proposed.verdict,
        why=weighed.proposed.why,
        rationale=_rationale(weighed, said, job.stage),
        band=band.word,
        band_method=band.method,
        score=score(weighed.judged, weighed.proposed.verdict, job.stage),
        judged=weighed.rows,
        flags=weighed.flags,
        explanation=text.seen,
        answered_by=answer.answered_by,
        call_id=answer.call_id,
        replayed=answer.replayed,
    )


def weigh(job: Job, said: Mapping[str, Said], text: Read, *, suspicions: Sequence[str] = ()) -> Weighed:
    """Find the quotes, settle each judgement, compute the verdict, and note what is suspicious about the text."""
    quoted = {
        criterion.key: [text.quoted(quote) for quote in said[criterion.key].quotes] for _, criterion in job.criteria
    }
    judged = [
        verdict.judged(criterion, said[criterion.key].judgement, [_quote(one) for one in quoted[criterion.key]])
        for _, criterion in job.criteria
    ]
    flags = list(dict.fromkeys([*text.flags, *suspicions]))
    proposed = verdict.propose(judged, stage=job.stage, has_abstract=text.has_text, flagged=bool(flags))
    rows = [
        (pk, judgement.settled, _rationale_of(said[criterion.key], judgement), quoted[criterion.key])
        for (pk, criterion), judgement in zip(job.criteria, judged, strict=True)
    ]
    return Weighed(judged, proposed, rows, flags + _hidden(text.title, text.abstract))


def _quote(stored: Mapping[str, Any]) -> Quote:
    return Quote(stored["text"], stored["start"], stored["end"], stored["verified"])


def score(judged: Sequence[verdict.Judgement], proposed: str, stage: str) -> float:
    """Where the record stands in an order by suggestions, 0..1: first by verdict, then by what speaks for it."""
    worth = {"for": 1.0, "open": 0.5, "against": 0.0}
    mean = sum(worth[judgement.speaks(stage)] for judgement in judged) / len(judged) if judged else 0.5
    return round(({"include": 2, "maybe": 1}.get(proposed, 0) + mean) / 3, 4)


def _rationale_of(said: Said, judgement: verdict.Judgement) -> str:
    """The assistant's words, and ours where its judgement does not stand."""
    words = clean(said.rationale).text.strip()
    if judgement.settled == said.judgement:
        return words
    why = "a quote does not stand in the text" if judgement.missing else "nothing was quoted for it"
    return f"{words} (It was judged “{said.judgement.replace('_', ' ')}”; {why}, so it counts as unclear.)"


def _rationale(weighed: Weighed, said: Mapping[str, Said], stage: str) -> str:
    """What was said of the criteria that decided."""
    decisive = {"exclude": "against", "maybe": "open"}.get(weighed.proposed.verdict, "for")
    words = [clean(said[j.key].rationale).text.strip() for j in weighed.judged if j.speaks(stage) == decisive]
    joined = " ".join(dict.fromkeys(words))
    return joined if len(joined) <= LONGEST_RATIONALE else joined[: LONGEST_RATIONALE - 1] + "…"


def _hidden(title: str, abstract: str) -> list[str]:
    """Invisible characters are counted and shown (SEC-05)."""
    hidden = clean(title).hidden + clean(abstract).hidden
    return [f"{hidden} invisible character{'s' if hidden > 1 else ''} in the text, left out"] if hidden else []
