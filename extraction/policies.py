"""What follows from the values and proposals of a cell. Data and predicates; nothing is written here."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import eq

from extraction.enums import Capacity, CellState, Manner, ProposalMode, Tier, ValueState
from extraction.fields import FieldError, FieldSpec, Parsed, kind_of

Same = Callable[[Parsed, Parsed], bool]


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody's last word on a cell. `said` is None where they took it back."""

    pk: int
    author_id: int
    capacity: str
    manner: str
    citing_id: int | None
    said: Parsed | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a cell stands: `word` is the one that counts, and only where `confirmed`."""

    state: CellState
    word: Word | None
    words: tuple[Word, ...] = ()

    @property
    def confirmed(self) -> bool:
        return self.word is not None


def parsed(state: str, value: object, unit: str) -> Parsed | None:
    """A stored value as its field's kind compares and shows it; None for one that was withdrawn."""
    if state == ValueState.WITHDRAWN:
        return None
    if isinstance(value, list):
        return Parsed(state, tuple(str(item) for item in value), unit)
    return Parsed(state, None if value is None else str(value), unit)


def same_for(spec: FieldSpec | None) -> Same:
    """How two extractors' answers to a field are compared; letter by letter where the form has lost the field."""
    if spec is None:
        return eq

    def same(one: Parsed, other: Parsed) -> bool:
        if one == other:  # most are; reading both as numbers takes ten times as long
            return True
        try:
            return kind_of(spec).compare(one, other)
        except (FieldError, ArithmeticError, ValueError, TypeError):  # entered when the field was of another kind
            return one == other

    return same


def agreed(words: Sequence[Word], same: Same) -> bool:
    """Whether all who spoke said the same. Nobody having spoken, nothing is agreed."""
    said = [word.said for word in words if word.said is not None]
    return bool(said) and all(same(said[0], other) for other in said[1:])


def standing(words: Sequence[Word], *, extractors: Collection[int], needed: int, same: Same) -> Standing:
    """The one rule from which the state of a cell follows.

    A consensus ends it. Else the words of those who extract the study count (not of those who were taken off it): all
    alike and as many as the review wants, they stand; unlike, they are a conflict, however many are wanted (EXT-06).
    """
    spoken = sorted((word for word in words if word.said is not None), key=lambda word: word.pk)
    consensus = [word for word in spoken if word.capacity == Capacity.CONSENSUS]
    if consensus:
        return Standing(CellState.VERIFIED, consensus[-1], tuple(spoken))
    counted = tuple(word for word in spoken if word.author_id in extractors)
    if not counted:
        return Standing(CellState.EMPTY, None)
    if not agreed(counted, same):
        return Standing(CellState.CONFLICT, None, counted)
    if len(counted) < needed:
        return Standing(CellState.PARTIAL, None, counted)
    return Standing(_own(counted[-1]) if len(counted) == 1 else CellState.VERIFIED, counted[-1], counted)


def moved(settled: Word | None, others: Iterable[Word], same: Same) -> bool:
    """Whether one of the extractors has said something else since a cell was settled. What was settled stands."""
    if settled is None or (stands := settled.said) is None:
        return False
    return any(word.pk > settled.pk and word.said is not None and not same(word.said, stands) for word in others)


def waits(words: Sequence[Word], *, extractors: Collection[int], needed: int, same: Same) -> bool:
    """Whether somebody has to settle a cell: its extractors differ, or not all spoke, or one moved since."""
    found = standing(words, extractors=extractors, needed=needed, same=same)
    if found.state in (CellState.CONFLICT, CellState.PARTIAL):
        return True
    theirs = [word for word in words if word.capacity == Capacity.EXTRACTION and word.author_id in extractors]
    settled = found.word if found.word and found.word.capacity == Capacity.CONSENSUS else None
    return moved(settled, theirs, same)


def cell_state(
    words: Sequence[Word], *, suggested: bool, extractors: Collection[int], needed: int, same: Same
) -> CellState:
    """Where a cell stands for whoever sees all of it; `suggested`: a proposal waits and may be seen."""
    found = standing(words, extractors=extractors, needed=needed, same=same).state
    return CellState.SUGGESTED if found == CellState.EMPTY and suggested else found


def own_state(word: Word | None, *, suggested: bool) -> CellState:
    """Where a cell stands for one extractor, who sees nobody else's word."""
    if word is None or word.said is None:
        return CellState.SUGGESTED if suggested else CellState.EMPTY
    return _own(word)


def mode_of(tier: str, *, descriptive: str, outcome: str, ai_enabled: bool) -> str:
    """The proposal mode in force for a field. Computed fields have none; nor has anything where AI is off (AI-01)."""
    if not ai_enabled or tier == Tier.DERIVED:
        return ProposalMode.OFF
    return outcome if tier == Tier.OUTCOME else descriptive


def _own(word: Word) -> CellState:
    return CellState.ACCEPTED if word.manner == Manner.ACCEPTED else CellState.EDITED
