"""Why a file could not be read, in words for the person who handed it in."""

from typing import Literal, get_args

Kind = Literal["encrypted", "damaged", "empty", "not_pdf", "too_many_pages", "too_slow", "too_big", "bomb"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_SENTENCES: dict[Kind, str] = {
    "encrypted": "This PDF opens only with a password. Save a copy without one (open it, then print or export it as "
    "PDF) and upload that; nothing else was changed.",
    "damaged": "This PDF is damaged and could not be read. Download it again from where it came from, or open it in a "
    "PDF reader and save a copy.",
    "empty": "This file holds nothing: no bytes, or no pages. Look whether the download was finished.",
    "not_pdf": "This is not a PDF, whatever its name says. Often it is the web page that stood before the download: "
    "open it to see, then fetch the PDF itself.",
    "too_many_pages": "This PDF has more pages than can be read here ({limit:,}). Upload the part that reports the "
    "study.",
    "too_slow": "This PDF took longer to read than the {limit:,} seconds that a document may take, so it was stopped. "
    "Saving a copy from a PDF reader often makes it simpler.",
    "too_big": "This file is larger than can be read here ({limit:,} MB). Save a copy with smaller pictures.",
    "bomb": "This PDF unpacks to more than a document can need ({limit:,} MB), so reading was stopped. If you trust "
    "where it came from, save a copy from a PDF reader and upload that.",
}


class NotReadable(ValueError):
    """A file that gives no text; `kind` says why, the message says it kindly and how to mend it."""

    def __init__(self, kind: Kind, limit: int = 0) -> None:
        self.kind: Kind = kind
        self.limit = limit
        super().__init__(_SENTENCES[kind].format(limit=limit))
