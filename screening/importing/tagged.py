"""The line machine under all readers of tagged text: lines in, blocks of tagged values out. It cannot fail.

Every line of the file goes into exactly one block, so that concatenating the blocks loses nothing but blank lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from .citation import MAX_ENTRY, Entry, Reject, overlong
from .draft import Draft, finish
from .notes import Notes

Pair = tuple[str, str]
Values = dict[str, list[str]]


@dataclass(slots=True)
class Block:
    """One entry: its tags in order, each with the lines of its value, and the raw lines they came from."""

    line: int = 0
    pairs: list[tuple[str, list[str]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    size: int = 0
    closed: bool = False
    blank_before: bool = False

    @property
    def raw(self) -> str:
        """The text of the block, without blank lines around it."""
        first, last = 0, len(self.lines)
        while first < last and not self.lines[first].strip():
            first += 1
        while last > first and not self.lines[last - 1].strip():
            last -= 1
        return "".join(self.lines[first:last])

    @property
    def overlong(self) -> bool:
        return self.size > MAX_ENTRY

    def keep(self, line: str) -> None:
        """Remember the line as raw text, up to the limit."""
        if self.size <= MAX_ENTRY:
            self.lines.append(line)
        self.size += len(line)

    def has(self, tag: str) -> bool:
        """Is there a line with this tag, be its value empty?"""
        return any(known == tag for known, _ in self.pairs)

    def values(self) -> Values:
        """Tag -> its values that are not empty, in order; a newline where a value was broken into lines."""
        found: Values = {}
        for tag, parts in self.pairs:
            value = "\n".join(parts).strip()
            if value:
                found.setdefault(tag, []).append(value)
        return found


def one(values: Values, *tags: str) -> str:
    """The first value of the first of these tags that is there; "" if none is."""
    return next((values[tag][0] for tag in tags if tag in values), "")


def every(values: Values, *tags: str) -> list[str]:
    """All values of these tags, tag by tag."""
    return [value for tag in tags for value in values.get(tag, ())]


def pieces(values: list[str], separators: str) -> list[str]:
    """The values, split at each of these characters."""
    for separator in separators:
        values = [piece for value in values for piece in value.split(separator)]
    return values


class Grammar(Protocol):
    """What is particular to a format."""

    def split(self, line: str) -> Pair | None:
        """(tag, value) of a tagged line; None for any other."""

    def starts(self, tag: str, block: Block) -> bool:
        """Does this tag begin a new entry, `block` being the open one?"""

    def ends(self, tag: str) -> bool:
        """Is this the line that ends an entry?"""

    def stray(self, block: Block) -> bool:
        """Are the tags of this unfinished block no entry, but left over between two?"""


def blocks(lines: Iterable[str], grammar: Grammar) -> Iterator[Block]:
    """Cut lines into blocks. What stands between two goes with the second; the rest of the file, with the last."""
    waiting: Block | None = None  # a finished block is held back until another begins, for the lines at the file's end
    block = Block()
    for number, line in enumerate(lines, 1):
        pair = grammar.split(line)
        if pair is None:
            _continue(block, line, number)
            continue
        begins = grammar.starts(pair[0], block) if block.pairs else block.overlong
        if begins and grammar.stray(block) and not block.overlong:
            block.pairs.clear()
        elif begins:
            yield from _some(waiting)
            waiting, block = block, Block()
        _add(block, number, pair, line)
        if grammar.ends(pair[0]):
            block.closed = True
            yield from _some(waiting)
            waiting, block = block, Block()
    if grammar.stray(block):
        block.pairs.clear()
    yield from _last(waiting, block)


def _some(block: Block | None) -> Iterator[Block]:
    if block:
        yield block


def _last(waiting: Block | None, block: Block) -> Iterator[Block]:
    if waiting and not block.pairs and waiting.size + block.size <= MAX_ENTRY:
        waiting.lines += block.lines
        block = Block()
    yield from _some(waiting)
    if block.raw:
        yield block


def _add(block: Block, number: int, pair: Pair, line: str) -> None:
    if not block.pairs:
        block.line = number  # lines that stand before the entry don't count as its first
    block.blank_before = False
    block.keep(line)
    if not block.overlong:
        block.pairs.append((pair[0], [pair[1]]))


def _continue(block: Block, line: str, number: int) -> None:
    block.keep(line)
    text = line.strip()
    if not text:
        block.blank_before = True
    elif not block.pairs:
        block.line = block.line or number
    elif not block.overlong:
        block.pairs[-1][1].append(text)


def citations(
    lines: Iterable[str], grammar: Grammar, name: str, draft: Callable[[Values], Draft], notes: Notes
) -> Iterator[Entry]:
    """Every entry of a text, as a citation or a reject; never raises. `name` is the format's, for the sentences."""
    for block in blocks(lines, grammar):
        if block.overlong:
            yield overlong(block.line, block.raw)
            continue
        entry = finish(draft(block.values()), block.line, block.raw, notes)
        if isinstance(entry, Reject) and not block.pairs:
            reason = f"These lines belong to no entry: none of them has {name} tag."
            entry = Reject(entry.line, "", reason, entry.raw)
        yield entry
