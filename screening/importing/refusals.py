"""Files that are not citations, or not yet ours: what each looks like, and what to choose instead."""

from __future__ import annotations

import re

_CHOOSE = "In the database, choose “Export” and then RIS, PubMed (nbib), EndNote, BibTeX or CSV."
_MAGIC = (
    (b"%PDF-", f"This is a PDF, a document rather than a list of citations. {_CHOOSE}"),
    (
        b"\xd0\xcf\x11\xe0",
        (
            "This is an old Office file (.xls or .doc), or one with a password. Open it and save it as .xlsx without a "
            "password or as CSV (UTF-8), then import that."
        ),
    ),
    (b"\x1f\x8b", "This is a gzip archive. Unpack it and import the file that is in it."),
    (b"7z\xbc\xaf\x27\x1c", "This is a 7-Zip archive. Unpack it and import the files that are in it."),
    (b"Rar!\x1a\x07", "This is a RAR archive. Unpack it and import the files that are in it."),
    (b"BZh", "This is a bzip2 archive. Unpack it and import the file that is in it."),
    (b"SQLite format 3\0", "This is a database file, perhaps of Zotero. In Zotero, choose “Export library” and RIS."),
    (b"\x89PNG", f"This is a picture. {_CHOOSE}"),
    (b"\xff\xd8\xff", f"This is a picture. {_CHOOSE}"),
    (b"GIF8", f"This is a picture. {_CHOOSE}"),
    (
        b"{\\rtf",
        "This is a word processor's file (RTF). In EndNote, export with the style “RefMan (RIS) Export” as text only.",
    ),
)
_ZIPS = (
    (b"word/", f"This is a Word document. {_CHOOSE}"),
    (b"opendocument.spreadsheet", "This is an OpenDocument spreadsheet. Save it as CSV (UTF-8) and import that."),
)
_MARKUP = (
    (re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE),
     f"This is a web page, not an export. {_CHOOSE}"),
    (re.compile(r"\s*<(?:\?xml|[A-Za-z!])"),
     f"This looks like XML, but not that of PubMed, Europe PMC, EndNote or the WHO's ICTRP. {_CHOOSE}"),
    (re.compile(r"\s*[\[{]\s*(?:[\"{\[]|$)"), f"This looks like JSON, which is not read. {_CHOOSE}"),
)  # fmt: skip
EMPTY = "This file is empty. Check that the export finished, and export it again if it didn't."
UNKNOWN = (
    "No citations were found in this file: it has no tags of RIS, MEDLINE, EndNote, Web of Science, Ovid or Cochrane, "
    f"no BibTeX entries and no table header with a title column. {_CHOOSE}"
)
BINARY = f"This is not a text file, so it holds no citations that can be read. {_CHOOSE}"


def binary(head: bytes) -> str:
    """What to say of a file that isn't text, by its first bytes; "" for text."""
    for magic, message in _MAGIC:
        if head.startswith(magic):
            return message
    if head.startswith(b"PK\x03\x04"):
        return next(
            (message for part, message in _ZIPS if part in head),
            "This is a zip archive. Unpack it and import the files.",
        )
    controls = sum(head.count(byte) for byte in _CONTROLS)
    return BINARY if controls > max(8, len(head) // 50) else ""


# Control characters that no text export has in number. NUL is one of them: UTF-16 has been made UTF-8 by then.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\x1c\x1d\x1e\x1f"))


def markup(head: str) -> str:
    """What to say of a web page, XML or JSON; "" for anything else."""
    if head.lstrip()[:1] not in ("<", "{", "["):
        return ""
    return next((message for shape, message in _MARKUP if shape.search(head[:4096]) and _at_start(shape, head)), "")


def _at_start(shape: re.Pattern[str], head: str) -> bool:
    return not shape.pattern.startswith(r"\s*") or shape.match(head) is not None
