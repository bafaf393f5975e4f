"""One number as people and models write it: "1,234", "0·05", "−3.2", "1.2×10^3", "twelve".

A range, a bound ("<0.001") or a number with its spread ("5 (2.1)") is not one number: it is refused with a sentence,
because the wrong half of it would be believed.
"""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from extraction.fields.parsed import FieldError

MOST_DIGITS = 30  # far beyond what a study reports; keeps 1e999999999 from becoming a gigabyte of zeros

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
WORDS = {word: Decimal(value) for value, word in enumerate(_WORDS.split())}
_MINUS = str.maketrans(dict.fromkeys("−‐‑‒–—﹣－", "-"))
_POINT = str.maketrans(dict.fromkeys("·∙⋅‧˙", "."))
_SPACES = "\u00a0\u2009\u202f\u2007 "
_DIGITS = r"[0-9](?:[0-9.,'’]|[ ](?=[0-9]{3}(?![0-9])))*"
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)\s?(?P<body>{_DIGITS}|[.,][0-9]+)"
    r"(?:\s?(?:[eE](?P<exp>[+-]?[0-9]{1,3})|[x×*]\s?10\s?\^?\s?(?P<power>[+-]?[0-9]{1,3}|[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})))?"
)
_SUPERSCRIPT = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_GROUPED_COMMA = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_GROUPED_POINT = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}")
_GROUPED_SPACE = re.compile(r"[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,][0-9]+)?")
_PLAIN = re.compile(r"[0-9]*\.?[0-9]+|[0-9]+\.")
_DECIMAL_COMMA = re.compile(r"[0-9]*,[0-9]+")


def split(text: str) -> tuple[Decimal, str]:
    """The number that `text` begins with, and what stands behind it. Raises FieldError where it isn't one number."""
    folded = _folded(text)
    word, _, rest = folded.partition(" ")
    if word.casefold() in WORDS:
        return WORDS[word.casefold()], rest.strip()
    _refuse_bounds(folded)
    found = _NUMBER.match(folded)
    if not found:
        raise FieldError(f"“{_short(text)}” is not a number. Write it in digits, for example 12.5.")
    rest = folded[found.end() :].strip()
    _refuse_more(rest, text)
    exponent = (found["exp"] or found["power"] or "0").translate(_SUPERSCRIPT)
    return _decimal(found["sign"], _body(found["body"], text), exponent, text), rest


def plain(value: Decimal) -> str:
    """`value` without an exponent, its digits as they were written: 1.20 stays 1.20, and −0 is 0."""
    return format(value or abs(value), "f")


def from_stored(text: str) -> Decimal:
    """The number of a stored value. Raises FieldError where it is none."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise FieldError(f"“{_short(text)}” is not a stored number.") from error
    return _limited(value, text)


def _folded(text: str) -> str:
    """Signs, points, digits and spaces in their plain forms; everything else as it is."""
    text = "".join(" " if character in _SPACES else character for character in text.translate(_MINUS).translate(_POINT))
    text = "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text.strip()
    )
    return re.sub(r"\s+", " ", text)


def _refuse_bounds(text: str) -> None:
    if text[:1] in "<>≤≥~≈±" and text:
        raise FieldError(
            f"“{_short(text)}” is a bound or an approximation, not one number. Enter the number that is reported, or"
            " choose “unclear” and say it in the note."
        )


def _refuse_more(rest: str, text: str) -> None:
    if re.match(r"(?:-|to\b|±|\(|\[|/|of\b|and\b|,|;)\s*[+<>=]?\s*[0-9.(]", rest, re.IGNORECASE):
        raise FieldError(
            f"“{_short(text)}” holds more than one number. This field takes one: enter each where it belongs."
        )


def _body(body: str, text: str) -> str:
    """Digits with a point at most. A comma before exactly three digits groups thousands, another is a decimal comma."""
    body = body.rstrip(",'’")
    if _GROUPED_SPACE.fullmatch(body):
        body = re.sub(r"[ '’]", "", body)
    if _PLAIN.fullmatch(body):
        return body
    if _GROUPED_COMMA.fullmatch(body):
        return body.replace(",", "")
    if _GROUPED_POINT.fullmatch(body):
        return body.replace(".", "").replace(",", ".")
    if _DECIMAL_COMMA.fullmatch(body):
        return body.replace(",", ".")
    raise FieldError(
        f"“{_short(text)}” can be read in more than one way. Write it with a point only, for example 1234.5."
    )


def _decimal(sign: str, body: str, exponent: str, text: str) -> Decimal:
    try:
        value = Decimal(f"{sign}{body}e{int(exponent)}")
    except (InvalidOperation, ValueError) as error:
        raise FieldError(f"“{_short(text)}” is not a number. Write it in digits, for example 12.5.") from error
    return _limited(value, text)


def _limited(value: Decimal, text: str) -> Decimal:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise FieldError(f"“{_short(text)}” is not a number. Write it in digits, for example 12.5.")
    if max(len(value.as_tuple().digits), abs(exponent), abs(value.adjusted()) + 1) > MOST_DIGITS:
        raise FieldError(f"“{_short(text)}” has more than {MOST_DIGITS} digits. Was something pasted twice?")
    return value


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"
