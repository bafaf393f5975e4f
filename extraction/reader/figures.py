"""Numbers: from the rows of tables by column, and from sentences by what stands around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.derived.roles import role_of
from extraction.fields import FieldError
from extraction.fields.units import unit_of
from extraction.prompts.asked import Asked, Named
from extraction.prompts.shown import query_of
from extraction.reader.names import at_time, columns, distinctive, place_of, speaks_of, split_measure, words
from extraction.reader.pieces import Cell, Piece, ranked, value_of
from screening.fulltext.locate import numbers_in

_SIGNED = r"(?<!\d)[−–-]?\d[\d.,·]*"  # never from the middle of a run of digits
_CONTRAST = re.compile(
    rf"(?P<estimate>{_SIGNED})\s*[A-Za-z%]*\s*[(,;]\s*(?:\d+\s?%\s*)?(?:CI|confidence interval)[\s:]*"
    rf"(?P<lower>{_SIGNED})\s*(?:to|–|-|,)\s*(?P<upper>{_SIGNED})(?:[;,\s]*p\s*[=<>]\s*(?P<p>[\d.·]+))?",
    re.IGNORECASE,
)
_RANDOMISED = re.compile(
    r"(?P<n>\d[\d,]*)\s+(?:[\w-]+\s+){0,3}?(?:were\s+)?(?:randomi[sz]ed|randomly)"
    r"|\brandomi[sz]ed\s+(?P<after>\d[\d,]*)\b",
    re.IGNORECASE,
)
_LOST = re.compile(r"no assessment|lost to follow-up|withdrew|dropped out|discontinued")
_UNIT_WORD = re.compile(r"[\s-]?(?P<unit>%|[A-Za-zµμ][\w²/]*)")
_ESTIMATES = {"estimate": "estimate", "lower": "lower", "upper": "upper", "p": "p", "ratio": "estimate"}
_ALSO = {"women": ["female"], "woman": ["female"], "men": ["male"], "man": ["male"]}
_DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is printed, its unit if one is said, and the piece that is quoted."""

    text: str
    piece: Piece
    unit: str = ""


def figure(cell: Asked, pieces: Sequence[Piece], arms: Sequence[Named]) -> Figure | None:
    """The number of a cell, or None where no rule finds one."""
    role, stem = role_of(cell.field.key)
    if cell.arm and cell.measure:
        return _result(role, cell, pieces, arms)
    if cell.measure:
        return _contrast(_ESTIMATES.get(role, ""), cell, pieces)
    if cell.arm:
        return _of_arm(role, stem or cell.field.key, cell, pieces, arms)
    return _of_study(role, cell, pieces)


def _result(role: str, cell: Asked, pieces: Sequence[Piece], arms: Sequence[Named]) -> Figure | None:
    """An arm's figure of an outcome: the table row of that outcome and time, the column of that arm."""
    outcome, time = split_measure(cell.measure.name if cell.measure else "")
    for row in _rows_of(pieces, outcome, time):
        shares = _shares(row, columns(row, arms))
        share = shares.get(cell.arm.id if cell.arm else 0, [])
        if said := _by_role(role, share):
            return Figure(said, row)
    return None


def _rows_of(pieces: Sequence[Piece], outcome: str, time: str) -> list[Piece]:
    rows = [row for row in pieces if row.row and speaks_of(row.label, outcome) and at_time(row.label, time)]
    wants_change = "change" in outcome.casefold()
    return [row for row in rows if ("change" in row.label.casefold()) == wants_change]


def _shares(row: Piece, order: Sequence[int]) -> dict[int, list[Cell]]:
    """The cells of each arm, in equal shares; what stands behind them (a contrast and its p value) is left away."""
    first = next((at for at, cell in enumerate(row.cells) if cell.interval), len(row.cells))
    cells = row.cells[:first]
    if not order or len(cells) % len(order):
        return {}
    size = len(cells) // len(order)
    return {arm: list(cells[at * size : (at + 1) * size]) for at, arm in enumerate(order)}


def _by_role(role: str, share: Sequence[Cell]) -> str:
    """n, mean (SD): the number before brackets, the one in them, and the one that stands alone before both."""
    spread = next((cell for cell in share if cell.inside), None)
    alone = next((cell for cell in share if not cell.inside), None)
    if role == "n":
        return alone.text if alone and (spread or len(share) == 1) else ""
    if spread is None:
        return ""
    counted = "%" in spread.inside
    if role in ("events", "mean"):
        return spread.text if counted == (role == "events") else ""
    return _first(spread.inside) if role == "sd" and not counted else ""


def _first(text: str) -> str:
    found = numbers_in(text)
    return found[0].text if found else ""


def _contrast(part: str, cell: Asked, pieces: Sequence[Piece]) -> Figure | None:
    """Difference, its interval or its p value: from a sentence on outcome and time, else from the outcome's rows."""
    if not part:
        return None
    outcome, time = split_measure(cell.measure.name if cell.measure else "")
    for piece in pieces:
        found = _CONTRAST.search(piece.text.replace("\n", " ")) if not piece.row else None
        if found and found[part] and speaks_of(piece.text, outcome) and _at_or_nowhere(piece.text, time):
            return Figure(found[part], piece)
    for row in (one for one in pieces if one.row and speaks_of(one.label, outcome) and at_time(one.label, time)):
        if said := _of_row(part, row):
            return Figure(said, row)
    return None


def _at_or_nowhere(text: str, time: str) -> bool:
    """A sentence in which no time at all is named may speak of the one that is asked for."""
    return at_time(text, time) or not re.search(r"\d+[\s-](?:day|week|month|year)", text)


def _of_row(part: str, row: Piece) -> str:
    at = next((at for at, one in enumerate(row.cells) if one.interval), -1)
    if at < 0:
        return ""
    inside = [number.text for number in numbers_in(row.cells[at].inside)]
    behind = row.cells[at + 1].text if at + 1 < len(row.cells) and not row.cells[at + 1].text.startswith("<") else ""
    ends = inside if len(inside) == 2 else ["", ""]
    return {"estimate": row.cells[at].text, "lower": ends[0], "upper": ends[1], "p": behind}[part]


def _of_arm(role: str, stem: str, cell: Asked, pieces: Sequence[Piece], arms: Sequence[Named]) -> Figure | None:
    """A row whose label is what is asked for; else a sentence in which a number goes with each arm."""
    subject = words(stem.replace("_", " ")) if role in ("mean", "sd") else words(cell.field.label)
    subject += _ALSO.get(subject[0], []) if subject else []
    for row in (one for one in pieces if one.row and set(words(one.label)[:1]) & {*subject[:1], *subject[-1:]}):
        share = _shares(row, columns(row, arms)).get(cell.arm.id if cell.arm else 0, [])
        if said := _by_role(role, share) if role in ("mean", "sd") else (share[0].text if len(share) == 1 else ""):
            return Figure(said, row)
    return _beside_arm(role, cell, pieces, arms) if role not in ("mean", "sd") else None


def _beside_arm(role: str, cell: Asked, pieces: Sequence[Piece], arms: Sequence[Named]) -> Figure | None:
    if cell.arm is None:
        return None
    sentences = [piece for piece in pieces if not piece.row]
    if cell.field.unit and cell.field.unit not in ("participants", "patients"):
        return _amount(cell, sentences, arms)
    lost = [piece for piece in sentences if _LOST.search(piece.folded)] if "lost" in cell.field.key else []
    for piece in lost or ranked(sentences, _looked_for(role, cell)):
        numbers = [number for number in numbers_in(piece.text) if number.value == number.value.to_integral_value()]
        said = _paired(piece.text, [(number.start, number.text) for number in numbers], arms)
        if cell.arm.id in said:
            return Figure(said[cell.arm.id], piece)
    return None


def _looked_for(role: str, cell: Asked) -> str:
    if role == "randomised":
        return "assessed for eligibility were randomised"
    return f"{cell.field.label} {cell.field.help}"


def _paired(text: str, numbers: Sequence[tuple[int, str]], arms: Sequence[Named]) -> dict[int, str]:
    """Arm -> the nearest number before its name, where each arm has one of its own."""
    places = {arm.id: place_of(text, distinctive(arm, arms)) for arm in arms}
    if any(place < 0 for place in places.values()):
        return {}
    pairs: dict[int, str] = {}
    start = -1
    for arm in sorted(places, key=lambda one: places[one]):
        between = [text_ for at, text_ in numbers if start < at < places[arm]]
        if not between:
            return {}
        pairs[arm], start = between[-1], places[arm]
    return pairs


def _amount(cell: Asked, sentences: Sequence[Piece], arms: Sequence[Named]) -> Figure | None:
    """A number with one of the field's units, in a sentence about the arm: a dose, a duration."""
    marks = distinctive(cell.arm, arms) if cell.arm else []
    named = [piece for piece in sentences if place_of(piece.text, marks) >= 0]
    for piece in ranked(named, query_of(cell), limit=12):
        for number in numbers_in(piece.text):
            before = piece.text[: number.start].rstrip().casefold()
            unit = _unit_behind(piece.text[number.end :], cell.field.all_units)
            if unit and ("duration" not in cell.field.key or before.endswith(("for", "over"))):
                return Figure(number.text, piece, unit)
    return None


def _unit_behind(rest: str, allowed: Sequence[str]) -> str:
    found = _UNIT_WORD.match(rest)
    try:
        return unit_of(found["unit"], allowed) if found and allowed else ""
    except FieldError:
        return ""


def _of_study(role: str, cell: Asked, pieces: Sequence[Piece]) -> Figure | None:
    sentences = [piece for piece in pieces if not piece.row]
    if role in ("total", "randomised"):
        return _total(sentences)
    if {"day", "week", "month", "year"} & {word.removesuffix("s") for word in cell.field.all_units}:
        return _longest(cell, sentences)
    return _before_word(cell, sentences)


def _total(sentences: Sequence[Piece]) -> Figure | None:
    counted = [piece for piece in sentences if "eligib" in piece.folded and "randomi" in piece.folded]
    for piece in [*counted, *sentences]:
        found = _RANDOMISED.search(piece.text)
        number = (found["n"] or found["after"]) if found else ""
        if (value_of(number) or Decimal(0)) > 3:
            return Figure(number, piece)
    return None


def _longest(cell: Asked, sentences: Sequence[Piece]) -> Figure | None:
    """The longest of the times in the sentences that speak of measuring."""
    query = f"{cell.field.label} outcomes were measured at baseline and follow-up assessments"
    found = []
    for piece in ranked(sentences, query, limit=3):
        for number in numbers_in(piece.text):
            unit = _unit_behind(piece.text[number.end :], cell.field.all_units)
            if unit in _DAYS and "measured" in piece.folded:
                found.append((number.value * _DAYS[unit], Figure(number.text, piece, unit)))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _before_word(cell: Asked, sentences: Sequence[Piece]) -> Figure | None:
    """“three hospitals”: a number with what is counted behind it."""
    places = r"(?:[\w-]+\s+){0,2}?(?:centres?|centers?|sites?|hospitals?|clinics?|practices)\b"
    counted = (
        places if "centre" in cell.field.key or "center" in cell.field.key else re.escape(cell.field.label.casefold())
    )
    for piece in [one for one in sentences if "trial" in one.folded or "study" in one.folded] or list(sentences):
        for number in numbers_in(piece.text):
            if re.match(rf"\s+{counted}", piece.text[number.end :], re.IGNORECASE):
                return Figure(number.text, piece)
    return None
