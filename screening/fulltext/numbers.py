"""Numbers as trial reports print them, and whether a quote holds the number that was read from it (EXT-04).

Read: 1,234 and 1 234 (thin or fixed spaces), 0.05, .05, 0·05 (the Lancet's middle dot), −3.2 with any minus, 12%,
1.2×10^3, 1.2 × 10⁻³, 1.2e-5, 10⁹, and whole numbers in words below a million. A dash between two numbers is a range:
"3–5" is 3 and 5. A comma is a thousands separator where three digits follow each, and a decimal sign in "0,05".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_DOTS = "\\.·∙⋅‧"
_DASHES = "−–‐‑‒—﹣－-"
_FIXED = "\u00a0\u2007\u2008\u2009\u202f"  # spaces that a line does not break at
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")

_WHOLE = rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|[0-9]{{1,3}}(?:[{_FIXED}][0-9]{{3}})+(?![0-9])|[0-9]+"
_POWER = (
    rf"[ {_FIXED}]?[×xX∙·*][ {_FIXED}]?10(?:\^[ ]?[({{]?(?P<caret>[+{_DASHES}]?[0-9]{{1,3}})[)}}]?"
    rf"|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}})|(?P<flat>[{_DASHES}][0-9]{{1,2}})(?![0-9]))"
)
_NUMBER = re.compile(
    rf"(?P<sign>[+{_DASHES}])?"
    rf"(?:(?P<base>10)(?:\^(?P<up>[+{_DASHES}]?[0-9]{{1,3}})|(?P<high>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}}))"
    rf"|(?P<zero>0),(?P<comma>[0-9]+)(?![0-9,])"
    rf"|(?:(?P<whole>{_WHOLE})(?:[{_DOTS}](?P<part>[0-9]+))?|(?<![0-9])[{_DOTS}](?P<only>[0-9]+))"
    rf"(?:{_POWER}|[eE](?P<e>[+{_DASHES}]?[0-9]{{1,3}})(?![0-9A-Za-z]))?)"
    rf"(?P<percent>[ {_FIXED}]?[%‰])?"
)
_EUROPEAN = re.compile(rf"(?<![0-9,.])(?P<sign>[{_DASHES}])?(?P<whole>[0-9]+),(?P<part>[0-9]{{1,2}})(?![0-9,])")
_SPACED = re.compile(rf"(?<![0-9.,])(?P<sign>[{_DASHES}])?(?P<whole>[0-9]{{1,3}}(?: [0-9]{{3}})+)(?![0-9.,·])")
_BEFORE_RANGE = re.compile(rf"(?:[0-9]|[%‰)\]])[ {_FIXED}]?\Z")

_UNITS = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
)
_TENS = re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety")
_WORTH = {word: value for value, word in enumerate(_UNITS)} | {word: 20 + 10 * at for at, word in enumerate(_TENS)}
_ONE = "|".join(sorted(_WORTH, key=len, reverse=True))
_WORDS = re.compile(
    rf"\b(?:{_ONE}|hundred|thousand)(?:(?:[ \n]|[-‐‑][ \n]?)(?:and[ \n])?(?:{_ONE}|hundred|thousand)\b)*\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """`text[start:end]` of what was searched, and its worth; a percentage is worth the number before its sign."""

    value: Decimal
    text: str
    start: int
    end: int


def numbers_in(text: str) -> list[Number]:
    """Every number in `text`, in order. Linear."""
    return sorted([*_figures(text), *_spelled(text)], key=lambda number: (number.start, number.end))


def holds_number(quote: str, value: Decimal) -> bool:
    """Whether `value` stands in `quote`, digit for digit: 0.50 is 0.5, but 12 is not 12.4.

    Where print is ambiguous, either reading will do: "12,5" is 12.5 or 12 and 5; "12 345" is 12345 or 12 and 345.
    """
    return any(number.value == value for number in numbers_in(quote)) or any(
        reading == value for reading in _other_readings(quote)
    )


def _figures(text: str) -> Iterator[Number]:
    for found in _NUMBER.finditer(text):
        start = found.start()
        sign = found["sign"]
        if sign and not _is_sign(text, start, sign):
            start, sign = start + 1, None
        value = _value(found)
        if value is not None:
            signed = -value if sign and sign != "+" else value
            yield Number(signed, text[start : found.end()], start, found.end())


def _is_sign(text: str, at: int, sign: str) -> bool:
    """Not between two numbers (a range), and not in a word ("IL-6")."""
    before = text[max(at - 2, 0) : at]
    if not before or before[-1] in _DASHES:
        return True
    if sign in "−+" and before[-1].isspace():
        return True
    spaced_range = sign in "–—‒" and _BEFORE_RANGE.search(before)
    return not (before[-1].isalnum() or before[-1] in "%‰)]" or spaced_range)


def _value(found: re.Match[str]) -> Decimal | None:
    if found["base"]:
        return _scaled(Decimal(1), found["up"] or found["high"])
    if found["zero"]:
        return Decimal(f"0.{found['comma']}")
    whole = re.sub(rf"[,{_FIXED}]", "", found["whole"] or "0")
    part = found["part"] or found["only"]
    value = Decimal(f"{whole}.{part}" if part else whole)
    power = found["caret"] or found["raised"] or found["flat"] or found["e"]
    return _scaled(value, power) if power else value


def _scaled(value: Decimal, power: str) -> Decimal | None:
    try:
        return value.scaleb(int(re.sub(f"[{_DASHES}]", "-", power.translate(_SUPERSCRIPTS))))
    except InvalidOperation:
        return None


def _other_readings(text: str) -> Iterator[Decimal]:
    for pattern in (_EUROPEAN, _SPACED):
        for found in pattern.finditer(text):
            digits = found["whole"].replace(" ", "") + ("." + found["part"] if pattern is _EUROPEAN else "")
            sign = found["sign"]
            yield -Decimal(digits) if sign and _is_sign(text, found.start(), sign) else Decimal(digits)


def _spelled(text: str) -> Iterator[Number]:
    for found in _WORDS.finditer(text):
        start = found.start()
        for words in _whole_numbers(list(re.finditer(r"[A-Za-z]+", found[0]))):
            first, last = words[0].start(), words[-1].end()
            value = _worth([word[0].lower() for word in words])
            yield Number(Decimal(value), found[0][first:last], start + first, start + last)


def _whole_numbers(words: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Words that form one number each: "twenty-one" is one, "two three" are two."""
    run: list[re.Match[str]] = []
    for word in words:
        if run and not _goes_on(run[-1][0].lower(), word[0].lower(), run):
            yield run[:-1] if run[-1][0].lower() == "and" else run
            run = []
        if run or word[0].lower() != "and":
            run.append(word)
    if run:
        yield run


def _goes_on(before: str, word: str, run: list[re.Match[str]]) -> bool:
    if word == "and":
        return before in {"hundred", "thousand"}
    if before in {"hundred", "thousand", "and"}:
        return word in _WORTH or (word == "thousand" and before == "hundred")
    if word in {"hundred", "thousand"}:
        return word not in {part[0].lower() for part in run}
    return before in _TENS and 0 < _WORTH.get(word, 0) < 10


def _worth(words: list[str]) -> int:
    total = current = 0
    for word in words:
        if word == "hundred":
            current = (current or 1) * 100
        elif word == "thousand":
            total, current = (current or 1) * 1000, 0
        else:
            current += _WORTH.get(word, 0)
    return total + current
