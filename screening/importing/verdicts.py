"""What the values in a column or tag of decisions probably mean: proposals, for a person to correct (IMP-06)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .elsewhere import DERIVED, IN_FILE, REASONS, WHOLE_FILE, Marks
from .headers import plain

INCLUDE, EXCLUDE, MAYBE, NOTHING = "include", "exclude", "maybe", ""
_WORDS = {
    INCLUDE: "include included includes inclusion yes y true t 1 relevant accept accepted eligible in keep kept pass "
    "passed select selected",
    EXCLUDE: "exclude excluded excludes exclusion no n false f 0 irrelevant notrelevant nonrelevant reject rejected "
    "ineligible noteligible out drop dropped discard discarded fail failed notselected",
    MAYBE: "maybe unsure unclear undecided uncertain doubt doubtful possible possibly discuss todiscuss",
}
_MEANING = {word: verdict for verdict, words in _WORDS.items() for word in words.split()}
# Abstrackr counts so: 1 relevant, -1 irrelevant, 0 borderline. Elsewhere -1 is "not labelled" (ASReview).
_ABSTRACKR = {"1": INCLUDE, "-1": EXCLUDE, "0": MAYBE}
_ABSTRACKR_COLUMNS = frozenset(("labeled_at", "consensus"))
_LIKELY = """
asreviewlabel labelincluded includedlabel included include inclusion finalincluded finaldecision decision
screeningdecision verdict consensus label labels relevance relevant screening screeningstatus status disposition
eligible eligibility rayyan outcome tags
"""
_NAMES = _LIKELY.split()
_REASON_NAMES = re.compile(r"(?:exclusion|excl|exclude)?reasons?(?:forexclusion|excluded|text)?|whyexcluded")

MOST_DIFFERENT = 5_000  # values that are counted of a place
SHOWN = 60
NEVER_MIND = frozenset(("", "nan", "none", "null", "na", "n/a"))


def propose(value: str, *, abstrackr: bool = False) -> str:
    """include, exclude, maybe, or "" for a value that says nothing, or that nobody can be sure of."""
    text = re.sub(r"\.0+$", "", value.strip())
    if abstrackr and text in _ABSTRACKR:
        return _ABSTRACKR[text]
    return _MEANING.get(plain(text), NOTHING) if not text.startswith("-") else NOTHING


@dataclass(frozen=True, slots=True)
class Place:
    """A column or tag in which a decision may stand. `values` are (value, entries, proposal), the likeliest first.

    `entries` have a value there; `more` is how many values are not listed.
    """

    name: str
    entries: int
    values: list[tuple[str, int, str]]
    more: int = 0

    @property
    def verdicts(self) -> set[str]:
        return {proposed for _, _, proposed in self.values if proposed}


class Survey:
    """Counts what stands where, entry by entry. Memory is bounded by `MOST_DIFFERENT` for each place."""

    def __init__(self, columns: Sequence[str] = ()) -> None:
        self.entries = 0
        self._abstrackr = frozenset(columns) >= _ABSTRACKR_COLUMNS
        self._values: dict[str, Counter[str]] = {}
        self._with: Counter[str] = Counter()

    def add(self, found: Marks) -> None:
        self.entries += 1
        for place, values in found.at.items():
            counted = self._values.setdefault(place, Counter())
            self._with[place] += 1
            for value in values:
                if value in counted or len(counted) < MOST_DIFFERENT:
                    counted[value] += 1

    def places(self) -> list[Place]:
        """Those that may hold decisions, the likeliest first: few different values, or one of a decision."""
        found = [self._place(name, counted) for name, counted in self._values.items()]
        return sorted((place for place in found if self._plausible(place)), key=_rank)

    def reasons(self) -> list[Place]:
        """Those that may hold reasons, the likeliest first."""
        found = [self._place(name, counted) for name, counted in self._values.items() if name != WHOLE_FILE]
        few = [place for place in found if len(self._values[place.name]) <= SHOWN]
        return sorted(few, key=lambda place: (not is_reason(place.name), place.name))

    def _place(self, name: str, counted: Counter[str]) -> Place:
        values = [(value, n, propose(value, abstrackr=self._abstrackr)) for value, n in counted.items()]
        values.sort(key=lambda one: (not one[2], -one[1], one[0]))
        return Place(name, self._with[name], values[:SHOWN], max(0, len(values) - SHOWN))

    def _plausible(self, place: Place) -> bool:
        if place.name in (*REASONS, WHOLE_FILE):
            return place.name == WHOLE_FILE
        return bool(place.verdicts) or (not place.more and max(n for _, n, _ in place.values) > 1)


def is_reason(name: str) -> bool:
    """Whether a place is, by its name, one of reasons for exclusion."""
    return name in REASONS or bool(_REASON_NAMES.fullmatch(plain(name)))


def _rank(place: Place) -> tuple[object, ...]:
    name = plain(place.name)
    by_name = _NAMES.index(name) if name in _NAMES else len(_NAMES)
    return place.name == WHOLE_FILE, place.name not in DERIVED, not place.verdicts, by_name, -len(place.verdicts), name


def proposed_place(places: Sequence[Place]) -> str:
    """The place that a decision most probably stands in; "" where none has more to say than that the file has it."""
    likely = [place for place in places if place.name != WHOLE_FILE and _likely(place)]
    return likely[0].name if likely else ""


def _likely(place: Place) -> bool:
    """A column of a known name, or one with two verdicts: "1" alone is a volume as well as a decision."""
    known = place.name in DERIVED or plain(place.name) in _NAMES
    return bool(place.verdicts) and (known or (len(place.verdicts) > 1 and not place.more))


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says once a person has said what the values mean: a verdict, or "" with the reason why not."""

    verdict: str
    contradictory: bool
    values: tuple[str, ...]
    reasons: tuple[str, ...]
    who: str


def read(found: Marks, *, place: str, verdicts: Mapping[str, str], reason_place: str = "") -> Said:
    """Values that mean nothing are passed over; two that mean different things make a contradiction."""
    values = found.at.get(place, ())
    meant = {verdict for value in values if (verdict := verdicts.get(value, NOTHING))}
    said = tuple(value for value in values if verdicts.get(value)) if place != WHOLE_FILE else ()
    return Said(
        meant.pop() if len(meant) == 1 else NOTHING,
        len(meant) > 1,
        said,
        found.at.get(reason_place, ()) if reason_place else (),
        found.who,
    )


def alike(value: str, texts: Iterable[tuple[int, str]]) -> int:
    """The id of the text that says the same as `value`, but for capitals and punctuation; 0 where none does."""
    wanted = plain(value)
    known = {plain(text): pk for pk, text in texts}
    return known.get(wanted) or known.get(f"wrong{wanted}") or 0


def unknown(values: Iterable[str], verdicts: Mapping[str, str]) -> list[str]:
    """Values that are left to mean nothing, although something stands there."""
    return [value for value in values if not verdicts.get(value) and value.lower() not in NEVER_MIND | {IN_FILE}]
