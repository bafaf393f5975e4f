"""Advice on the wording of criteria, for the pages on which they are written and put to use (`prompts.lint`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from screening.prompts.lint import Finding, lint
from screening.prompts.screening import CriterionText


class Written(Protocol):
    """A criterion, in force or a draft."""

    @property
    def label(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def facet(self) -> str: ...
    @property
    def polarity(self) -> str: ...
    @property
    def if_not_reported(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Advice:
    """On one criterion: its name, and what may be misread in it."""

    label: str
    findings: tuple[Finding, ...]


def advice_on(criteria: Iterable[Written]) -> list[Advice]:
    """Of each criterion that there is something to say about, in their order."""
    found = []
    for one in criteria:
        text = CriterionText("", one.label, one.text, one.facet, one.polarity, one.if_not_reported)
        findings = tuple(lint([text]))
        if findings:
            found.append(Advice(one.label, findings))
    return found
