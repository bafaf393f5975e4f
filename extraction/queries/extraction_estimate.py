"""What an extraction run would take, and what it can't ask (AI-10)."""

import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from extraction.models.form import FormVersion
from extraction.prompts.asked import portions
from extraction.prompts.question import build
from extraction.queries.asking import Matter, matters
from screening.enums import Engine
from screening.fulltext.passages import SIZE
from screening.models.assistant import Assistant
from screening.models.study import Study
from screening.queries.assistants.endpoints import fallbacks_of
from screening.queries.assistants.work import LETTERS_PER_TOKEN, cost_of, cost_up_to, experience_of, seconds_of
from screening.queries.documents.papers import room_of

PASSAGES = 24  # at most, for one call, of about 900 letters
TOKENS_OUT = (60, 90)  # of a reply: altogether, and per cell
LOCAL_SECONDS = 1.5  # for a study, by the offline engine


@dataclass(frozen=True, slots=True)
class Estimate:
    """`studies` can be asked; `cannot` says in sentences what can't, and why. `cost` in US dollars, None if unknown.

    `falls_back` and `cost_up_to` are as those of a run over records (`screening.queries.assistants.work`).
    """

    studies: int
    cells: int
    calls: int
    tokens_in: int
    tokens_out: int
    cost: Decimal | None
    seconds: float
    cannot: tuple[str, ...] = ()
    falls_back: bool = False
    cost_up_to: Decimal | None = None

    @property
    def spoken_time(self) -> str:
        """The time as people say it."""
        minutes = max(1, math.ceil(self.seconds / 60))
        return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"

    @property
    def records(self) -> int:
        """How many items the run has; pages of runs call them records."""
        return self.studies

    def as_dict(self) -> dict[str, Any]:
        """As JSON, the form that is kept with the run."""
        said = {name: str(one) if isinstance(one, Decimal) else one for name, one in asdict(self).items()}
        return {**said, "records": self.studies, "cannot": list(self.cannot)}


def askable(
    version: FormVersion, assistant: Assistant, studies: Sequence[Study], only: Collection[str] = ()
) -> list[Matter]:
    """The studies that this assistant can be asked about: with a text that it may read, and cells to fill."""
    return [matter for matter in _all(version, assistant, studies, only) if matter.documents and matter.asked]


def estimate(
    version: FormVersion, assistant: Assistant, studies: Sequence[Study], only: Collection[str] = ()
) -> Estimate:
    """Calls, tokens, cost and time, by the letters of the documents."""
    everything = _all(version, assistant, studies, only)
    found = [matter for matter in everything if matter.documents and matter.asked]
    cells, cannot = sum(len(matter.asked) for matter in found), _cannot(everything, assistant)
    if assistant.engine == Engine.LOCAL:
        return Estimate(len(found), cells, 0, 0, 0, Decimal(0), len(found) * LOCAL_SECONDS, cannot)
    sizes = [_tokens(matter, room_of(assistant)) for matter in found]
    calls, sent = sum(size[0] for size in sizes), sum(size[1] for size in sizes)
    received = calls * TOKENS_OUT[0] + cells * TOKENS_OUT[1]
    each_in, each_out = (round(sent / calls), round(received / calls)) if calls else (0, 0)
    past = experience_of(assistant.model)
    cost = cost_of(assistant.card, calls, each_in, each_out, past["cost"])
    return Estimate(
        studies=len(found),
        cells=cells,
        calls=calls,
        tokens_in=sent,
        tokens_out=received,
        cost=cost,
        seconds=seconds_of(assistant, calls, each_in + each_out, past["seconds"]),
        cannot=cannot,
        falls_back=bool(fallbacks_of(assistant)),
        cost_up_to=cost_up_to(assistant, cost, calls, each_in, each_out),
    )


def _all(version: FormVersion, assistant: Assistant, studies: Sequence[Study], only: Collection[str]) -> list[Matter]:
    return matters(version, studies, sent=assistant.engine == Engine.LLM, only=only)


def _tokens(matter: Matter, whole: int) -> tuple[int, int]:
    """(calls, tokens sent) of one study at most: a further report is asked about what is still open then."""
    calls = portions(matter.asked)
    sizes = [document.characters for document in matter.documents]
    text = sum(size if size <= whole else passages_in(whole) * SIZE for size in sizes)
    questions = len(sizes) * sum(_letters(call) for call in calls)
    return len(sizes) * len(calls), (len(calls) * text + questions) // LETTERS_PER_TOKEN


def passages_in(room: int) -> int:
    """How many passages are shown in one call of a text that is longer than `room` characters."""
    return max(1, min(PASSAGES, room // SIZE))


def _letters(call: Sequence[Any]) -> int:
    return sum(len(message.content) for message in build(call, "", fence="0" * 16).messages)


def _cannot(everything: Sequence[Matter], assistant: Assistant) -> tuple[str, ...]:
    without = [one for one in everything if not one.documents]
    sentences = [
        _said(
            [one for one in without if not one.withheld],
            "no document with text: upload it, or extract by hand",
        ),
        _said(
            [one for one in without if one.withheld],
            "documents that may not be sent to AI: permit it on the documents page, or use the offline engine",
        ),
        _said([one for one in everything if one.documents and one.withheld], "some documents that are left out"),
        _said([one for one in everything if "arm" in one.lacks], "no arms named: questions for each arm are not asked"),
        _said(
            [one for one in everything if "measure" in one.lacks],
            "no outcomes named: questions for each outcome are not asked",
        ),
    ]
    return tuple(sentence for sentence in sentences if sentence)


def _said(found: Collection[Matter], what: str) -> str:
    if not found:
        return ""
    named = ", ".join(one.study.label for one in list(found)[:3]) + (" …" if len(found) > 3 else "")
    return f"{len(found)} {'study has' if len(found) == 1 else 'studies have'} {what} ({named})."
