"""What a risk-of-bias instrument is: domains, their signalling questions, when each is asked, and its judgements."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Answers = Mapping[str, str]  # question key to answer code; an unanswered question is missing or ""


@dataclass(frozen=True, slots=True)
class Option:
    """An answer or judgement: its code, as stored, and its words."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Level(Option):
    """A judgement with its sign and tone for plots: good, some, bad, worst, unknown or plain."""

    sign: str = ""
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement and the reason for it. `code` is "" while questions wait for an answer (their keys in `waiting`)."""

    code: str
    why: str
    waiting: tuple[str, ...] = ()


def always(answers: Answers) -> bool:
    """Say that a question is asked whatever was answered before."""
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """A signalling question in our own words. `condition` says to people when it is asked, `asked` to the machine."""

    key: str
    number: str
    text: str
    options: tuple[Option, ...]
    help: str = ""
    condition: str = ""
    asked: Callable[[Answers], bool] = field(default=always, compare=False)


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain. `rule` turns complete answers into a judgement; without one a person judges unaided.

    `weighs` is False for what is shown but not counted into the overall judgement (applicability in QUADAS-2).
    """

    key: str
    title: str
    short: str
    questions: tuple[Question, ...]
    levels: tuple[Level, ...]
    rule: Callable[[Answers], Judgement] | None = field(default=None, compare=False)
    help: str = ""
    weighs: bool = True


@dataclass(frozen=True, slots=True)
class Instrument:
    """A published tool. `repeats` is what it judges: "measure" (a result) or "study".

    `overall` combines {domain key: level code} of every weighing domain; `overall_levels` are what it may say.
    """

    key: str
    title: str
    source: str
    repeats: str
    domains: tuple[Domain, ...]
    overall_title: str
    overall_levels: tuple[Level, ...]
    overall: Callable[[Mapping[str, str]], Judgement] = field(compare=False)
    help: str = ""

    def domain(self, key: str) -> Domain:
        """Return the domain of that key; raises KeyError."""
        return {domain.key: domain for domain in self.domains}[key]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(domain.key for domain in self.domains)
