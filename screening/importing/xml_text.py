"""Bytes of an XML file to pieces of text that end between tags, and what its declaration says of its encoding.

Some exporters write a library of any size as one line, so lines are no measure here. A piece ends at a ">", which in
every encoding that comes this far is one byte and part of no other character.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from .encodings import LINE_BYTES, text_lines
from .notes import Notes

_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
_LINE_END = re.compile(r"\r\n|\r|\n")
# What calls itself Latin-1 is Windows-1252 (WHATWG encoding standard) and is read so, byte by byte, like what declares
# nothing; what calls itself UTF-16 without the look of it is not.
_AS_EVER = frozenset(("iso8859-1", "cp1252"))
_CHARSET = re.compile(r"cp\d+|iso8859-\d+|koi8-[a-z]|gb\w+|big5\w*|shift_jis\w*|euc_\w+|mac-\w+|johab|tis-620")


def declared_encoding(head: bytes) -> str:
    """The codec that an XML declaration names, if it is one that reading as UTF-8 or Windows-1252 would get wrong."""
    found = _DECLARATION.match(head)
    if not found:
        return ""
    try:
        name = codecs.lookup(found[1].decode()).name
    except LookupError:
        return ""
    if name in _AS_EVER or not _CHARSET.fullmatch(name):
        return ""
    return name if b"<?xml".decode(name, "replace") == "<?xml" else ""  # EBCDIC would not have come so far


def is_in(chunks: Iterable[bytes], encoding: str) -> bool:
    """Can all of these bytes be read in the encoding? If not, the declaration lies."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def line_ends(text: str) -> int:
    r"""Number of line ends, of which \r\n is one."""
    return len(_LINE_END.findall(text)) if "\r" in text else text.count("\n")


def pieces(chunks: Iterable[bytes], notes: Notes) -> Iterator[str]:
    """The text, cut behind a ">" somewhere in each chunk; without one, at `LINE_BYTES`. Repaired bytes are noted."""
    line = 1
    for piece in _byte_pieces(chunks):
        try:
            text = piece.decode()
        except UnicodeDecodeError:
            text = _repaired(piece, line, notes)
        if "\0" in text:
            notes.add("NUL character, replaced by \ufffd", line, text.count("\0"))
            text = text.replace("\0", "\ufffd")
        yield text
        line += line_ends(text)


def _byte_pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    carry = bytearray()
    for chunk in chunks:
        cut = chunk.rfind(b">") + 1
        if cut:
            yield bytes(carry + chunk[:cut])
            carry = bytearray(chunk[cut:])
        else:
            carry += chunk
        if len(carry) > LINE_BYTES:
            yield bytes(carry)
            carry.clear()
    if carry:
        yield bytes(carry)


def _repaired(piece: bytes, line: int, notes: Notes) -> str:
    seen = Notes()
    text = "".join(text_lines(piece.splitlines(keepends=True), seen))
    for what, first, count in seen.counts():
        notes.add(what, line + first - 1, count)
    return text
