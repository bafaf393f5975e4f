"""What a search looks for, as a tree."""

from __future__ import annotations

from dataclasses import dataclass

LABELS = {
    "title": "title",
    "abstract": "abstract",
    "author": "author",
    "journal": "journal",
    "keyword": "keyword",
}
"""The fields of a record whose words can be asked for by name."""


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words that stand side by side, anywhere or in one field. `prefix`: words that begin so."""

    text: str
    field: str = ""
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Identifier:
    """A DOI or accession number, whole and in lower case."""

    value: str


@dataclass(frozen=True, slots=True)
class Years:
    """Published in these years, both included; None is open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Named:
    """Of a source, or with a tag, of this name. `kind` is source or tag."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = Words | Identifier | Years | Named | All | Some | Not


def wanted_words(node: Node | None) -> list[Words]:
    """The words that records are to have, in the order asked for: what matches are ranked by and marked with."""
    if isinstance(node, Words):
        return [node]
    if isinstance(node, All | Some):
        return [words for part in node.parts for words in wanted_words(part)]
    return []


def leaves(node: Node | None) -> int:
    """How many things are looked for."""
    if isinstance(node, All | Some):
        return sum(leaves(part) for part in node.parts)
    return leaves(node.part) if isinstance(node, Not) else int(node is not None)
