"""A report before it is set: blocks in order, and the facts with the words in which they are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from extraction.management.demonstration.looks import Look
from extraction.management.demonstration.model import LATE
from extraction.management.demonstration.numbers import Figures
from extraction.management.demonstration.plan import Plan
from screening.management.demonstration.grammar import expand
from screening.management.demonstration.model import Article

SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. `whole` keeps it on one page, so that what is quoted from it does not run over a page's end."""

    text: str
    kind: str = "body"
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table. A row with one cell is a heading over the rows that follow; `wide` spans both columns."""

    title: str
    head: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    note: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure that is drawn: "flow", "bars" or "curves", with what it shows."""

    kind: str
    caption: str
    data: Mapping[str, object]


Block = Heading | Para | Grid | Drawing


@dataclass(slots=True)
class Draft:
    """A report being written: what is known, what was written, and where each fact was said (page still unknown)."""

    plan: Plan
    article: Article
    figures: Figures
    look: Look
    rng: Random
    blocks: list[Block] = field(default_factory=list)
    facts: dict[str, tuple[str, str]] = field(default_factory=dict)  # key -> value, sentence
    rows: dict[tuple[object, ...], str] = field(default_factory=dict)  # what -> table row

    @property
    def to_come(self) -> bool:
        """Whether this is a protocol: nothing has been done yet."""
        return self.plan.special == "protocol"

    def heading(self, text: str, level: int = 1) -> None:
        """Start a section."""
        self.blocks.append(Heading(text, level))

    def paragraph(self, *sentences: str, kind: str = "body", whole: bool = False) -> None:
        """Add a paragraph of sentences; empty ones fall away. With a fact in it, it stays on one page."""
        text = " ".join(sentence for sentence in sentences if sentence)
        if text:
            quoted = any(sentence in text for _, sentence in self.facts.values())
            self.blocks.append(Para(text, kind, whole or quoted))

    def fact(self, keys: Sequence[tuple[str, object]], sentence: str) -> str:
        """Note that this sentence says these things, and hand it on."""
        for key, value in keys:
            self.facts[key] = (str(value), sentence)
        return sentence

    def tell(self, text: str) -> str:
        """A sentence of the bank with this report's words in it."""
        return self.look.prose(expand(text, self.slots(), self.rng))

    def slots(self) -> dict[str, str]:
        """The words that the bank's sentences leave open."""
        first, second = self.plan.arms
        what = self.plan.outcomes[0].instrument
        return {
            "int": first.name, "ctl": second.name, "country": self.plan.country, "city": self.plan.city,
            "pop": self.plan.population, "weeks": str(self.plan.weeks), "months": str(self.plan.months),
            "primary": _inside(what.name), "mid": what.minimal,
        }  # fmt: skip

    def when(self, time: str) -> str:
        """A time point in the paper's words."""
        return f"{self.plan.months} months" if time == LATE else f"{self.plan.weeks} weeks"


def _inside(name: str) -> str:
    return f"the {name}" if name[0].isupper() else name


def words(number: int) -> str:
    """A number below one hundred in words: "twenty-four"."""
    if number < len(SMALL):
        return SMALL[number]
    ten, one = divmod(number, 10)
    return TENS[ten] + (f"-{SMALL[one]}" if one else "")


def capital(text: str) -> str:
    """With a capital letter at its start."""
    return text[0].upper() + text[1:]
