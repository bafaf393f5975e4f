"""Lists inside one cell: authors and keywords, in the ways that exporters pack them."""

from __future__ import annotations

import ast
import re

# "Araz R. AlievNigar T. Ismayilova": Springer puts nothing between names. "McDonald" is not two of them.
_PARTICLES = "".join(rf"(?<!\b{particle})" for particle in ("Mc", "Mac", "De", "Di", "La", "Le", "Van"))
_GLUED = re.compile(rf"(?<=[a-zß-ÿ]){_PARTICLES}(?=[A-ZÀ-Þ][\w.])")
_INITIALS = re.compile(r"[^\s,]+(?: [^\s,]+)* (?:[A-Z]{1,4}|(?:[A-Z]\.[- ]?){1,4})\.?")


def authors(cell: str, *, glued: bool = False) -> list[str]:
    """Names as written. Split at ";" or "|", else " and ", else at commas that don't part surname from name."""
    packed = unpacked(cell)
    if packed is not None:
        return packed
    for separator in (";", "|", "\n"):
        if separator in cell:
            return [name.strip(" ,") for name in cell.split(separator)]
    if glued:
        return [name for part in cell.split(",") for name in _GLUED.split(part)]
    if " and " in cell:
        return [name.strip(" ,") for name in cell.split(" and ")]
    # PubMed ends the list with a full stop; "Braun R." ends with an initial's
    whole = cell.strip() if "." in cell.strip(" .") else cell.strip(" .")
    parts = [part.strip() for part in whole.split(",")]
    if len(parts) > 1 and _comma_separated(parts):
        return parts
    return [cell]


def _comma_separated(parts: list[str]) -> bool:
    """Are "Griffin DK, Larkin DM" and "Joseph Rottman, Mary Lacity" are two names each; "van der Berg, Jan" is one."""
    if all(_INITIALS.fullmatch(part) for part in parts):
        return True
    if any(len(part.split()) < 2 for part in parts):
        return False
    return len(parts) > 2 or all(part[:1].isupper() for part in parts)


def keywords(cell: str) -> list[str]:
    """Split at ";", "|" or line breaks, else at commas."""
    packed = unpacked(cell)
    if packed is not None:
        return packed
    for separator in (";", "|", "\n"):
        if separator in cell:
            return cell.split(separator)
    return cell.split(",")


def unpacked(cell: str) -> list[str] | None:
    """The texts of a Python or JSON list ("['Marx, Karl', 'Engels, F']", as ASReview writes); None if it is none."""
    cell = cell.strip()
    if not (cell.startswith("[") and cell.endswith("]")) or len(cell) > 100_000:
        return None
    try:
        values = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):  # what literal_eval may raise on any text
        return None
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else None
