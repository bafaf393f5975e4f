"""The offline engine of extraction: finds the place near to a question and parses the value there by rule.

It is no language model and understands nothing: tables are read by their columns, sentences by what stands beside a
number, choices by the words of their options. Where no rule finds a value it proposes nothing.
"""

from collections.abc import Sequence

from extraction.prompts.asked import Asked, Named
from extraction.prompts.question import CellReply
from extraction.reader.figures import figure
from extraction.reader.phrases import choice, countries, date, identifier, passage, yes_or_no
from extraction.reader.pieces import Pages, Piece, pieces_of

__all__ = ["READER_VERSION", "read"]

READER_VERSION = "reader-1"
RATIONALE = "Offline engine, not an LLM: nearest passage, value parsed by rule."


def read(asked: Sequence[Asked], pages: Pages) -> list[CellReply]:
    """What the engine proposes for the cells that are asked, in the form of a model's reply. Pure; the same each time.

    `pages`: document id -> (number, visible text). Each proposal is checked afterwards as a model's is.
    """
    pieces = pieces_of(pages)
    arms = _arms(asked)
    replies = (_reply(cell, pieces, arms) for cell in asked)
    return [reply for reply in replies if reply is not None]


def _arms(asked: Sequence[Asked]) -> list[Named]:
    return list({cell.arm.id: cell.arm for cell in asked if cell.arm}.values())


def _reply(cell: Asked, pieces: Sequence[Piece], arms: Sequence[Named]) -> CellReply | None:
    if cell.field.kind == "number":
        found = figure(cell, pieces, arms)
        return _said(cell, found.text.rstrip(".,"), found.piece, found.unit) if found else None
    said = _words(cell, pieces, arms)
    return _said(cell, said[0], said[1]) if said else None


def _words(cell: Asked, pieces: Sequence[Piece], arms: Sequence[Named]) -> tuple[str, Piece] | None:
    label = f"{cell.field.label} {cell.field.key}".casefold()
    if cell.field.kind == "date":
        return date(cell, pieces)
    if cell.field.kind in ("choice", "multi_choice"):
        return choice(cell, pieces, arms)
    if cell.field.kind == "yes_no":
        return yes_or_no(cell, pieces, arms)
    if "regist" in label:
        return identifier(cell, pieces)
    if "countr" in label:
        return countries(cell, pieces)
    return passage(cell, pieces, arms)


def _said(cell: Asked, value: str, piece: Piece, unit: str = "") -> CellReply:
    return CellReply(
        field=cell.field.key,
        arm=cell.arm.name[:300] if cell.arm else "",
        outcome=cell.measure.name[:300] if cell.measure else "",
        quote=piece.text[:4000],
        rationale=RATIONALE,
        state="reported",
        value=value[:5000],
        unit=unit,
    )
