"""A page as text whose every word knows where it stands, and what can be said about the reading of a whole document."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Why = Literal["invisible", "white", "tiny", "off_page"]
Layer = Literal["text", "poor", "mixed", "scan", "none"]

_FEW_LETTERS = 25  # a page number and a running head
_STAMPED = 200  # a scan that got a stamp: "Downloaded from … on …"
_MOSTLY_PICTURE = 0.5
_SOME_PICTURE = 0.05
_MIXED = 0.25  # a single full-page figure does not make a mixed document
_ODD = 0.05
_LETTERS = 0.55
_LONGEST_MEAN = 25.0  # characters a word: above it the spaces are missing

LAYERS: dict[Layer, str] = {
    "text": "It has a text layer.",
    "poor": "It has a text layer, but much of it is not readable text: check every quote against the page.",
    "mixed": "Part of it has a text layer, part is a scan without text.",
    "scan": "It is a scan without a text layer: it can be read by people, but not searched or proposed from.",
    "none": "It holds neither text nor pictures.",
}
WORDS: dict[Layer, str] = {
    "poor": "text hard to read",
    "mixed": "partly a scan without text",
    "scan": "scan without text",
    "none": "neither text nor pictures",
}


@dataclass(frozen=True, slots=True)
class Word:
    """`text[start:end]` of its page, and its box as fractions (0 to 1) of the page as displayed, from the top left."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Hidden:
    """A span of a page's text that a reader of the page does not see."""

    start: int
    end: int
    why: Why


@dataclass(frozen=True, slots=True)
class Page:
    """One page, rotated and cropped as a viewer displays it; width and height in points (1/72 inch).

    Words are in reading order and cover all of `text` but its white space: " " between words of a line, a line end
    between lines, two between blocks. Hidden text stands in blocks of its own after all that is seen.
    """

    number: int  # from 1
    width: float
    height: float
    text: str
    words: tuple[Word, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    pictures: float = 0.0  # share of the page that pictures cover, 0 to 1
    recognised: bool = False  # a scan with an invisible text layer, as character recognition makes it
    table: bool = False  # looks as if it held one
    odd: int = 0  # characters that the PDF does not explain
    broken: bool = False  # could not be read, and is given without text

    @property
    def visible(self) -> str:
        """The text with hidden spans as spaces: as long as `text`, so that places in it are places in `text`."""
        seen = self.text
        for span in self.hidden:
            seen = seen[: span.start] + " " * (span.end - span.start) + seen[span.end :]
        return seen

    @property
    def scanned(self) -> bool:
        """A picture where the text should be."""
        letters = sum(map(str.isalnum, self.visible))
        if self.pictures >= _MOSTLY_PICTURE:
            return letters < _STAMPED
        return self.pictures >= _SOME_PICTURE and letters < _FEW_LETTERS


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a document could be read. Lists hold page numbers; `hidden` and `odd` count characters."""

    pages: int
    characters: int  # seen, without white space
    layer: Layer
    scanned: list[int] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    hidden: int = 0
    hidden_on: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    odd: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For a JSON column."""
        return asdict(self)

    def sentence(self) -> str:
        """What a person should know of the reading, in plain sentences."""
        count = "1 page" if self.pages == 1 else f"{self.pages:,} pages"
        said = [f"{count}, {self.characters:,} characters. {LAYERS[self.layer]}"]
        if self.scanned and self.layer != "scan":
            said.append(f"There is no text on {_listed(self.scanned)}, only a picture.")
        if self.recognised:
            said.append(f"The text of {_listed(self.recognised)} comes from character recognition and may have errors.")
        if self.tables:
            said.append(f"Tables seem to stand on {_listed(self.tables)}.")
        if self.hidden:
            said.append(
                f"{self.hidden:,} characters on {_listed(self.hidden_on)} can't be seen by a reader of the page; "
                "they are kept apart from the rest."
            )
        if self.broken:
            said.append(f"{_listed(self.broken).capitalize()} could not be read.")
        return " ".join(said)

    def brief(self) -> str:
        """The same for a list of documents, in one line: "5 pages · tables"."""
        count = "1 page" if self.pages == 1 else f"{self.pages:,} pages"
        return " · ".join([count, *_brief(self)])


def _brief(quality: Quality) -> list[str]:
    """What tells one document from another, in a few words each; what is as it should be goes without saying."""
    said = [WORDS[quality.layer]] if quality.layer in WORDS else []
    if quality.recognised:
        said.append("recognised characters")
    if quality.tables:
        said.append("tables")
    if quality.hidden:
        said.append("hidden text")
    if quality.broken:
        said.append(f"{_listed(quality.broken)} unreadable")
    return said


def quality_of(pages: Sequence[Page]) -> Quality:
    """What can be said about the reading of a document's pages."""
    seen = ["".join(page.visible.split()) for page in pages]
    hidden = {page.number: sum(_solid(page.text[span.start : span.end]) for span in page.hidden) for page in pages}
    scanned = [page.number for page in pages if page.scanned]
    odd = sum(page.odd for page in pages)
    return Quality(
        pages=len(pages),
        characters=sum(map(len, seen)),
        layer=_layer(pages, "".join(seen), len(scanned), odd),
        scanned=scanned,
        tables=[page.number for page in pages if page.table],
        hidden=sum(hidden.values()),
        hidden_on=[number for number, count in hidden.items() if count],
        recognised=[page.number for page in pages if page.recognised],
        broken=[page.number for page in pages if page.broken],
        odd=odd,
    )


def _layer(pages: Sequence[Page], seen: str, scanned: int, odd: int) -> Layer:
    filled = sum(1 for page in pages if page.pictures >= _SOME_PICTURE or page.visible.strip())
    if not filled:
        return "none"
    if scanned == filled:
        return "scan"
    if scanned >= _MIXED * filled:
        return "mixed"
    return "poor" if _unreadable(pages, seen, odd) else "text"


def _unreadable(pages: Sequence[Page], seen: str, odd: int) -> bool:
    """Characters without meaning, hardly any letters or digits, or no spaces between words of a Latin script."""
    if not seen:
        return False
    latin = sum(map(str.isascii, seen)) > len(seen) / 2
    words = sum(len(page.words) for page in pages)
    spaceless = latin and words > 0 and len(seen) / words > _LONGEST_MEAN
    return spaceless or odd > _ODD * len(seen) or sum(map(str.isalnum, seen)) < _LETTERS * len(seen)


def _solid(text: str) -> int:
    return len("".join(text.split()))


def _listed(numbers: Sequence[int]) -> str:
    """ "page 3", "pages 3 to 5 and 9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [str(low) if low == high else f"{low} {'and' if high == low + 1 else 'to'} {high}" for low, high in runs]
    return ("page " if len(numbers) == 1 else "pages ") + (
        parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    )
