"""Whether a sentence or row speaks of an arm or an outcome: by the words of its name, or by their initials."""

import re
from collections.abc import Sequence

from extraction.prompts.asked import Named
from extraction.reader.pieces import Piece

_WORD = re.compile(r"[^\W_]+")
_COMMON = {"a", "an", "the", "of", "with", "and", "or", "for", "at", "in", "to", "group", "arm", "control", "by", "s"}
_FIGURES = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "eight": "8", "ten": "10", "twelve": "12"}


def words(text: str) -> list[str]:
    """The words that tell names apart, in lower case and without a plural s."""
    found = (word.casefold() for word in _WORD.findall(text))
    return [word.removesuffix("s") if len(word) > 4 else word for word in found if word not in _COMMON]


def distinctive(named: Named, among: Sequence[Named]) -> list[str]:
    """The words of a name that no other of the names has; all its words where there are none such."""
    others = {word for one in among if one.id != named.id for word in words(one.name)}
    own = words(named.name)
    return [word for word in own if word not in others] or own


def place_of(text: str, marks: Sequence[str]) -> int:
    """Where the first of these words stands in a text; -1 where none does."""
    places = [found.start() for found in _WORD.finditer(text.casefold()) if _is(found[0], marks)]
    return places[0] if places else -1


def columns(row: Piece, arms: Sequence[Named]) -> list[int]:
    """Ids of the arms in the order of a table's columns: as its head names them, else as the study lists them."""
    for line in reversed(row.above):
        places = {arm.id: place_of(line, distinctive(arm, arms)) for arm in arms}
        if all(place >= 0 for place in places.values()) and len(set(places.values())) == len(arms):
            return sorted(places, key=lambda arm: places[arm])
    return [arm.id for arm in arms]


def split_measure(name: str) -> tuple[str, str]:
    """(outcome, time point) of “Walking distance, 8 weeks”."""
    outcome, comma, time = name.rpartition(", ")
    return (outcome, time) if comma and re.search(r"\d|baseline|end", time, re.IGNORECASE) else (name, "")


def speaks_of(text: str, outcome: str) -> bool:
    """Most words of the outcome stand in the text, or an abbreviation of it does."""
    own, there = set(words(outcome)), set(words(text))
    if own and len(own & there) >= max(1, round(len(own) * 0.7)):
        return True
    return any(_abbreviates(token, outcome) for token in re.findall(r"\b[A-Z0-9][A-Z0-9-]{1,7}\b", text))


def at_time(text: str, time: str) -> bool:
    """The time point stands in the text, as “8 weeks” or “8-week”; without one, anything that isn't baseline fits."""
    plain = " ".join(text.casefold().split())
    if not time:
        return "baseline" not in plain
    number = re.match(r"(\d+)\s*-?\s*([a-z]+?)s?$", time.casefold().strip())
    if number is None:
        return time.casefold() in plain
    return bool(re.search(rf"\b{number[1]}[\s-]{number[2]}", plain))


def _is(word: str, marks: Sequence[str]) -> bool:
    singular = word.removesuffix("s") if len(word) > 4 else word
    return singular in marks or any(len(mark) > 5 and word.startswith(mark) for mark in marks)


def _abbreviates(token: str, outcome: str) -> bool:
    """SGRQ for “St George's Respiratory Questionnaire total score”: initials of its words, in order, from the first."""
    initials = "".join(
        _FIGURES.get(word.casefold(), word[0]).upper() for word in _WORD.findall(outcome) if len(word) > 1
    )
    letters = token.replace("-", "")
    if len(letters) < 2 or not initials.startswith(letters[0]):
        return False
    rest = iter(initials)
    return all(letter in rest for letter in letters)
