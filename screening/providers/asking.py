"""What every provider is asked and says: a query in, requests out, replies in, counts and pages out.

A fetch is a small machine: `position` (JSON, {} at first) says where it is, `ask` what to send next, `take` what a
reply means. Whoever drives it stores the position with each page, and so goes on after a kill with the missing page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

Position = dict[str, Any]
LONGEST_STRATEGY = 20_000
"""Characters: longer than any published strategy in one expression, and short enough for one form."""


class RefusedStrategyError(Exception):
    """The provider can't run the strategy; the message says what it said and how to mend it."""


class NotUnderstoodError(Exception):
    """The reply is not in the documented form. `passing`: providers also answer so when they are busy."""

    def __init__(self, message: str, *, passing: bool = True) -> None:
        super().__init__(message)
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. `first` and `last` limit the date of publication; `since` is the day of entry of a top-up."""

    strategy: str
    first: date | None = None
    last: date | None = None
    since: date | None = None

    @property
    def words(self) -> str:
        """The strategy in one line, as the APIs want it."""
        return " ".join(self.strategy.replace("\0", " ").split())


@dataclass(frozen=True, slots=True)
class Credentials:
    """How we introduce ourselves; the key is never shown."""

    tool: str
    email: str = ""
    key: str = field(default="", repr=False)

    def fields(self) -> dict[str, str]:
        """NCBI's names; what is not set is left out."""
        given = {"tool": self.tool, "email": self.email, "api_key": self.key}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: a form for `path` below the provider's address."""

    path: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """How many there are, how the provider understood the strategy, and what it remarks (sentences)."""

    hits: int
    translated: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What a reply meant: where to go on, the page it holds (None: it only counted) with its number of entries, and
    how many of the last pages it makes void, since what they were taken from has changed meanwhile."""

    position: Position
    page: bytes | None = None
    entries: int = 0
    answer: Answer | None = None
    void: int = 0


class Provider(Protocol):
    """One database. `size` is the number of records that a page is asked for."""

    key: str
    label: str
    extension: str
    site: str

    def pause(self, credentials: Credentials) -> float:
        """Seconds between two requests."""

    def refusal(self, query: Query) -> str:
        """Why this strategy can't be run by this provider, before anything is sent; "" if it may."""

    def count(self, query: Query) -> Ask:
        """Ask for the number of hits alone."""

    def counted(self, body: bytes) -> Answer:
        """Raises RefusedStrategyError, NotUnderstoodError."""

    def ask(self, query: Query, position: Position, size: int) -> Ask | None:
        """The next request of a fetch; None when there is nothing more."""

    def take(self, position: Position, body: bytes, size: int) -> Step:
        """Raises RefusedStrategyError, NotUnderstoodError."""


# Each in time linear in what was pasted: blanks are matched in one way only, line by line before the first number.
_LINE = re.compile(
    r"(?<![\w&])#\d+\b|^[^\S\n]*\d+(?:\s*[.)])?\s+(?:and|or|not)\s+\d+\s*$", re.IGNORECASE | re.MULTILINE
)
_PROXIMITY = re.compile(r"\b(?:adj\d*|near/\d+|next/\d+)\b|\.(?:ti|ab|mp|tw|kw)(?:,[a-z]{2})*\.", re.IGNORECASE)


def common_refusal(query: Query, label: str) -> str:
    """What no provider here can run: nothing, too much, references to lines, another platform's syntax."""
    words = query.words
    if not words:
        return "The strategy is empty. Write or paste it."
    if len(words) > LONGEST_STRATEGY:
        return (
            f"The strategy has {len(words):,} characters; at most {LONGEST_STRATEGY:,} can be sent. Shorten it, or "
            "split it into two searches: records found by both are merged."
        )
    if _LINE.search(query.strategy):
        return f"The strategy refers to lines (such as #1). {label} runs one expression here: put the lines together."
    if _PROXIMITY.search(words):
        return f"This is Ovid's or Cochrane's syntax (adj3, .ti,ab.), which {label} would misread. Translate it first."
    return ""


def said(body: bytes) -> str:
    """The beginning of a reply, as one line that is fit to be shown."""
    text = " ".join(body[:400].decode(errors="replace").split())
    return "".join(character for character in text if character.isprintable())[:120]
