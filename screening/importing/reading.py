"""The door: a file or bytes in, a `Reading` out, which yields citations and rejects one by one.

A file is passed over twice: once for its hash and encoding, once to parse it. Memory is bounded by one entry
(`citation.MAX_ENTRY`), whatever the size of the file; for a workbook, by `workbook.UNPACKED`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from . import bibtex, cochrane, medline, ovid, refer, refusals, ris, table, workbook, wos, xml_formats
from .citation import Entry, NotACitationFile, ParsedCitation, Reject
from .detect import HEAD, Found, detect
from .encodings import Scan, byte_lines, name_of_mixture, text_lines, to_narrow, wide_encoding
from .headers import FIELDS
from .notes import Notes
from .xml_text import declared_encoding, is_in

_CHUNK = 1 << 18
Opener = Callable[[], BinaryIO]
_READERS: dict[str, Callable[[Iterable[str], Notes], Iterator[Entry]]] = {
    "ris": ris.read,
    "medline": medline.read,
    "bibtex": bibtex.read,
    "refer": refer.read,
    "wos": wos.read,
    "ovid": ovid.read,
    "cochrane": cochrane.read,
}


class Reading:
    """A citation file, recognised. Iterate over it, as often as you like, for `ParsedCitation` and `Reject`.

    `format` is ris, medline, bibtex, refer, wos, ovid, cochrane, pubmed-xml, endnote-xml, ictrp-xml, csv, tsv or xlsx;
    `encoding` utf-8, utf-8-sig, utf-16-le, utf-16-be, cp1252, latin-1, utf-8+cp1252 or what an XML file declares;
    `sha256` is of the file's bytes. `columns` and `mapping` (our field -> column) are a table's; `fields` are those
    that `mapping` may name. `notes`, complete once the iteration has ended, say what was repaired.
    """

    fields = FIELDS

    def __init__(self, opener: Opener, *, sha256: str, encoding: str, found: Found) -> None:
        self._open = opener
        self._found = found
        self._notes = Notes()
        self.format = found.format
        self.encoding = encoding
        self.sha256 = sha256
        self.columns: list[str] = list(found.layout.columns) if found.layout else []
        self.mapping: dict[str, str] = dict(found.layout.mapping) if found.layout else {}

    @property
    def notes(self) -> list[str]:
        """Sentences on what was mended or is odd, each with a count and a first line."""
        return self._notes.sentences()

    def __iter__(self) -> Iterator[Entry]:
        self._notes = notes = Notes()
        with self._open() as stream:
            if self._found.layout and self._found.layout.sheet:
                yield from workbook.read(stream, self._found.layout, notes)
                return
            narrow = to_narrow(_chunks(stream), self.encoding)
            if self.format in xml_formats.FORMATS:
                yield from xml_formats.read(narrow, self.format, notes)
                return
            lines = text_lines(byte_lines(narrow), notes)
            if self._found.layout:
                yield from table.read(lines, self._found.layout, notes)
            else:
                yield from _READERS[self.format](lines, notes)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All of a file at once. `found` is `len(citations) + len(rejects)`."""

    format: str
    encoding: str
    sha256: str
    found: int
    citations: list[ParsedCitation]
    rejects: list[Reject]
    notes: list[str]
    columns: list[str]
    mapping: dict[str, str]


def open_citations(path: Path, *, mapping: Mapping[str, str] | None = None) -> Reading:
    """Recognise a file; nothing is parsed yet.

    `mapping` (our field -> column name, "" for none) corrects what the header of a table suggests.
    Raises NotACitationFile with a sentence for the person who chose the file; OSError if it can't be opened.
    """
    return _recognise(lambda: path.open("rb"), mapping)


def parse(content: bytes, *, mapping: Mapping[str, str] | None = None) -> ParsedFile:
    """The same for bytes in memory, all at once. Raises NotACitationFile."""
    reading = _recognise(lambda: io.BytesIO(content), mapping)
    return gather(reading)


def gather(reading: Reading) -> ParsedFile:
    """Iterate a reading to its end and keep all of it in memory."""
    citations: list[ParsedCitation] = []
    rejects: list[Reject] = []
    for entry in reading:
        if isinstance(entry, Reject):
            rejects.append(entry)
        else:
            citations.append(entry)
    found = len(citations) + len(rejects)
    facts = reading.format, reading.encoding, reading.sha256
    return ParsedFile(*facts, found, citations, rejects, reading.notes, reading.columns, reading.mapping)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _recognise(opener: Opener, mapping: Mapping[str, str] | None) -> Reading:
    with opener() as stream:
        head = stream.read(HEAD)
    if not head:
        raise NotACitationFile(refusals.EMPTY)
    if head.startswith(b"PK\x03\x04") and (layout := _sheet(opener, mapping)):
        return Reading(opener, sha256=_digest(opener), encoding="utf-8", found=Found("xlsx", layout))
    wide = wide_encoding(head)
    narrow = b"".join(to_narrow([head], wide))
    if message := refusals.binary(narrow):
        raise NotACitationFile(message)
    complete = len(head) < HEAD
    lines = list(text_lines(byte_lines([narrow]), Notes()))
    found = detect(lines if complete or len(lines) < 2 else lines[:-1], mapping)
    digest, encoding = _scan(opener, head)
    return Reading(opener, sha256=digest, encoding=encoding, found=found)


def _sheet(opener: Opener, mapping: Mapping[str, str] | None) -> table.Layout | None:
    """The sheet to read of a workbook; None if the archive is none. Raises NotACitationFile."""
    with opener() as stream:
        return workbook.find_layout(stream, mapping) if workbook.is_workbook(stream) else None


def _digest(opener: Opener) -> str:
    digest = sha256()
    with opener() as stream:
        for chunk in _chunks(stream):
            digest.update(chunk)
    return digest.hexdigest()


def _declared(opener: Opener, head: bytes) -> str:
    """The encoding that an XML file declares, if it is needed and true; else ""."""
    encoding = declared_encoding(head)
    if not encoding:
        return ""
    with opener() as stream:
        return encoding if is_in(_chunks(stream), encoding) else ""


def _scan(opener: Opener, head: bytes) -> tuple[str, str]:
    """SHA-256 and encoding of the whole file."""
    digest, scan = sha256(), Scan(head)
    with opener() as stream:
        for chunk in _chunks(stream):
            digest.update(chunk)
            scan.feed(chunk)
    scan.feed(b"", final=True)
    encoding = scan.name() or _declared(opener, head)
    if not encoding:
        with opener() as stream:
            encoding = name_of_mixture(byte_lines(_chunks(stream)))
    return digest.hexdigest(), encoding
