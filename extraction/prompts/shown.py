"""What a model is shown of a document: all of it, or the passages that speak most of what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.prompts.asked import Asked
from screening.fulltext.passages import marked, marked_passages, ranges, selected, split

Pages = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """The text as a model gets it. `seen` holds [document, page, start, end] of each passage, or [document] alone where
    the document is shown as a whole."""

    text: str
    seen: list[list[int]]


def whole(document: int, pages: Pages) -> Shown:
    """The document with its page numbers."""
    return Shown(marked(pages), [[document]])


def some(document: int, pages: Pages, asked: Sequence[Asked], *, limit: int) -> Shown:
    """Up to `limit` passages of it, in its order."""
    passages = selected(split(pages), queries_of(asked), limit=limit)
    return Shown(marked_passages(passages), [[document, one.page, one.start, one.end] for one in passages])


def seen_said(seen: Sequence[Sequence[int]]) -> str:
    """What of the documents was read, from a stored `seen`, as a sentence; empty where nothing is kept."""
    if not seen:
        return ""
    documents = len({place[0] for place in seen})
    passages = [place for place in seen if len(place) > 1]
    if not passages:
        return "Read as a whole." if documents == 1 else f"{documents} documents, each read as a whole."
    counted = f"{len(passages)} passage{'s' if len(passages) != 1 else ''}"
    if documents > 1:
        return f"Read only in part: {counted} of {documents} documents."
    return f"Read only in part: {counted}, on pages {', '.join(ranges(sorted({place[1] for place in passages})))}."


def queries_of(asked: Sequence[Asked]) -> list[str]:
    """What to look for, cell by cell: label, help and options with the names of arm and outcome."""
    return list(dict.fromkeys(query_of(cell) for cell in asked))


def query_of(cell: Asked) -> str:
    """The words of one cell."""
    named = [one.name for one in (cell.arm, cell.measure) if one]
    options = [option.label for option in cell.field.options]
    return " ".join([cell.field.label, cell.group, cell.field.help, *options, *named])
