"""The full text of a record as an assistant reads it: which document, what of it fits, and which places that is.

Only what a reader of the page sees is handed on; text that is hidden in a file is known by its flags alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from screening.enums import DocumentStatus, TextLayer
from screening.fulltext.locate import Found, PagedText, locate
from screening.fulltext.passages import SIZE, Passage, marked, marked_passages, selected, split
from screening.models.assistant import Assistant
from screening.models.document import Document
from screening.prompts.hygiene import clean, injection_flags
from screening.queries.documents.documents import current_documents, pages_of

ROOM = 100_000  # characters, about 25,000 tokens: what models of today read well, and most reports fit in
LEAST_ROOM = 2_000
SMALL_ROOM = 20_000  # of a text that a model said is too long for it: about 5,000 tokens
WITH_TEXT = (TextLayer.TEXT, TextLayer.POOR, TextLayer.MIXED)


def room_of(assistant: Assistant) -> int:
    """How many characters of a document this assistant is shown; of longer ones it gets passages."""
    return max(LEAST_ROOM, int(assistant.parameters.get("context_characters") or ROOM))


def readable(document: Document | None) -> bool:
    """Whether there is a text to read: scans and files that can't be read are for people."""
    return document is not None and (
        document.status == DocumentStatus.READY and document.characters > 0 and document.layer in WITH_TEXT
    )


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which of some records have a text that can be read, by record; how many have none, or one that may not go."""

    documents: dict[int, Document] = field(default_factory=dict)
    no_text: int = 0
    not_permitted: int = 0


def coverage(record_ids: Collection[int], *, sent: bool) -> Coverage:
    """What can be read of these records; `sent`: their texts would leave for a provider. One query."""
    found = current_documents(list(record_ids))
    texts = {pk: document for pk, document in found.items() if readable(document)}
    may = {pk: document for pk, document in texts.items() if document.may_be_sent_to_ai or not sent}
    return Coverage(may, no_text=len(record_ids) - len(texts), not_permitted=len(texts) - len(may))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What an assistant is shown of a document: marked with page numbers, and which passages if it is not all."""

    text: str
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A document's text by page, as a reader sees it."""

    document: Document
    pages: tuple[tuple[int, str], ...]

    @cached_property
    def paged(self) -> PagedText:
        """The text in which quotes are looked for."""
        return PagedText(self.pages)

    @cached_property
    def flags(self) -> list[str]:
        """What in the file looks meant for a model: as found when it was read, hidden text included, and as of now."""
        visible = "\n".join(text for _, text in self.pages)
        return list(dict.fromkeys([*self.document.flags, *injection_flags(visible)]))

    def excerpt(self, questions: Sequence[str], *, room: int) -> Excerpt:
        """The whole text where it fits into `room` characters, else the passages that speak most about `questions`."""
        whole = marked(self.pages)
        if len(whole) <= room:
            return Excerpt(whole)
        passages = selected(split(self.pages), questions, limit=max(1, room // SIZE))
        return Excerpt(marked_passages(passages), tuple(passages))

    def seen(self, excerpt: Excerpt) -> dict[str, Any]:
        """Which places were shown, as it is kept with what was made of them."""
        return {
            "seen": "passages" if excerpt.passages else "whole",
            "passages": [[passage.page, passage.start, passage.end] for passage in excerpt.passages],
            "document": self.document.pk,
            "sha256": self.document.sha256,
            "name": self.document.name,
            "pages": len(self.pages),
        }

    def quoted(self, quote: str) -> dict[str, Any]:
        """A quote with its place, in the form that is stored."""
        found: Found = locate(clean(quote).text, self.paged)
        return {
            "text": found.text,
            "field": "document",
            "document": self.document.pk,
            "page": found.page,
            "start": found.start,
            "end": found.end,
            "verified": found.verified,
            "parts": [list(part) for part in found.parts],
        }


def papers_of(record_ids: Collection[int]) -> dict[int, Paper]:
    """Record id -> its full text, of those that have one that can be read. Two queries."""
    documents = coverage(record_ids, sent=False).documents
    pages = pages_of([document.pk for document in documents.values()])
    return {
        pk: Paper(document, tuple((page.number, page.visible) for page in pages.get(document.pk, [])))
        for pk, document in documents.items()
    }
