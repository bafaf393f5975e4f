"""What an amendment changes: criteria by their key, and their texts word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"
GONE, NEW = "gone", "new"  # of a piece of text; SAME as well
TOKENS = re.compile(r"\s+|[^\W_]+|[\W_]", re.UNICODE)
MOST_TOKENS = 1_500  # of both texts together; matching takes the square of it, so longer ones are told apart as wholes
NAMES = {"label": "Short name", "text": "Question", "facet": "Facet", "polarity": "For inclusion"} | {
    "if_not_reported": "If not reported"
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A criterion as a version has it; values of lists in the words that people read."""

    key: str
    label: str
    text: str
    facet: str
    polarity: str
    if_not_reported: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is the SAME in both, GONE from the old or NEW in the new."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One part of a criterion that reads otherwise now: what it is called, and its pieces."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """What becomes of the criterion with this key. `old` is None where it was ADDED, `new` where it was REMOVED."""

    key: str
    kind: str
    old: Wording | None
    new: Wording | None
    turns: tuple[Turn, ...] = ()

    @property
    def wording(self) -> Wording:
        """The newest text that there is."""
        found = self.new or self.old
        assert found is not None  # noqa: S101  one of the two is there
        return found


def compare(old: Sequence[Wording], new: Sequence[Wording]) -> tuple[CriterionChange, ...]:
    """What becomes of every criterion: those of the new version in their order, then what was removed.

    A criterion is the same as long as its key is. Another place in the list is no change: nobody judges by it.
    """
    before, after = {one.key: one for one in old}, {one.key: one for one in new}
    kept = [_change(before.get(one.key), one) for one in new]
    return (*kept, *(CriterionChange(one.key, REMOVED, one, None) for one in old if one.key not in after))


def _change(old: Wording | None, new: Wording) -> CriterionChange:
    if old is None:
        return CriterionChange(new.key, ADDED, None, new)
    turns = tuple(
        Turn(name, pieces(getattr(old, field), getattr(new, field)))
        for field, name in NAMES.items()
        if getattr(old, field) != getattr(new, field)
    )
    return CriterionChange(new.key, CHANGED if turns else SAME, old, new, turns)


def judged_otherwise(old: Sequence[Wording], new: Sequence[Wording]) -> frozenset[str]:
    """Keys of criteria of the old version that the new one words differently or does not have."""
    return frozenset(change.key for change in compare(old, new) if change.kind in (CHANGED, REMOVED))


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Both texts in one, word by word: without the NEW pieces it is the old one, without the GONE ones the new one."""
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    if len(before) + len(after) > MOST_TOKENS:
        return tuple(_joined([(GONE, old), (NEW, new)] if old != new else [(SAME, old)]))
    return tuple(_joined(_matched(before, after)))


def _matched(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    for tag, start, end, at, until in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield SAME, "".join(before[start:end])
            continue
        yield GONE, "".join(before[start:end])
        yield NEW, "".join(after[at:until])


def _joined(found: Sequence[tuple[str, str]] | Iterator[tuple[str, str]]) -> Iterator[Piece]:
    """Without the empty ones, and with whole phrases instead of words: a lone space between two changes is changed."""
    gone = new = ""
    stretches = [(kind, text) for kind, text in found if text]
    for place, (kind, text) in enumerate(stretches):
        between = 0 < place < len(stretches) - 1
        if kind == SAME and not (between and text.isspace()):
            yield from _changed(gone, new)
            gone = new = ""
            yield Piece(SAME, text)
        else:
            gone += text if kind != NEW else ""
            new += text if kind != GONE else ""
    yield from _changed(gone, new)


def _changed(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece(GONE, gone)
    if new:
        yield Piece(NEW, new)
