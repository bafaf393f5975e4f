"""Bytes to lines, whatever the encoding and the line ends, and without ever holding more than a line.

The usual guessers are wrong about exports (cp1250 for cp1252), so nothing is guessed: valid UTF-8 is UTF-8, what has a
UTF-16 byte order mark or its pattern of NULs is UTF-16, and each byte that fits neither is Windows-1252 (its five
undefined bytes Latin-1, as in the WHATWG encoding standard). Pasting exports together makes mixed files, so it is
decided per byte.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from .citation import MAX_ENTRY
from .notes import Notes

# A character takes at most 4 bytes: a line cut here is still longer than MAX_ENTRY, so its entry is rejected.
LINE_BYTES = 4 * (MAX_ENTRY + 1)
_FALLBACK = "reviewapp-cp1252"
_NARROW = {"", "utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-8+cp1252"}


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_cp1252_char(byte) for byte in bad), error.end


def _cp1252_char(byte: int) -> str:
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


codecs.register_error(_FALLBACK, _as_cp1252)


def wide_encoding(head: bytes) -> str:
    """Either "utf-16-le" or "utf-16-be" if the first bytes show it, else ""."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = head[: len(head) // 2 * 2][:4096]
    if len(sample) < 8:
        return ""
    even, odd, half = sample[::2].count(0), sample[1::2].count(0), len(sample) / 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def to_narrow(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """UTF-16 (or what else XML declares) as UTF-8; what `text_lines` can read as it is, without a byte order mark."""
    if encoding not in _NARROW:
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        texts = (decoder.decode(chunk) for chunk in chunks)
        yield from _without_bom(text.encode("utf-8", "replace") for text in texts)
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")
    else:
        yield from _without_bom(chunks)


def _without_bom(chunks: Iterable[bytes]) -> Iterator[bytes]:
    first = b""
    rest = iter(chunks)
    for chunk in rest:
        first += chunk
        if len(first) >= 3:
            break
    yield first.removeprefix(codecs.BOM_UTF8)
    yield from rest


def byte_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Lines with their ends (\n, \r\n or a lone \r, mixed as they come), each cut after `LINE_BYTES`."""
    carry = bytearray()  # the line that the last chunk did not finish
    for chunk in chunks:
        begin = 0
        if carry.endswith(b"\r") and chunk:  # only now it is known whether it was half of \r\n
            if chunk.startswith(b"\n"):
                carry += b"\n"
                begin = 1
            yield bytes(carry)
            carry.clear()
        pieces = chunk[begin:].splitlines(keepends=True)
        if carry and pieces:
            _extend(carry, pieces[0])
            if len(pieces) == 1 and not carry.endswith(b"\n"):
                continue
            yield bytes(carry)
            carry.clear()
            del pieces[0]
        if pieces and not pieces[-1].endswith(b"\n"):
            _extend(carry, pieces.pop())
        for piece in pieces:
            yield piece[:LINE_BYTES]
    if carry:
        yield bytes(carry)


def _extend(carry: bytearray, piece: bytes) -> None:
    """Append, keeping the line end of a line that grew over the limit."""
    room = max(LINE_BYTES - len(carry), 0)
    end = piece[-1:] if piece[-1:] in (b"\n", b"\r") else b""
    carry += piece if len(piece) <= room else piece[:room] + end


def text_lines(lines: Iterable[bytes], notes: Notes) -> Iterator[str]:
    """Decode each line; repaired bytes are counted in `notes`. A NUL, which PostgreSQL cannot store, becomes U+FFFD."""
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text = line.decode(errors=_FALLBACK)
            notes.add("line that is not UTF-8 and was read as Windows-1252", number)
        if len(line) >= LINE_BYTES:
            notes.add(f"line of more than {LINE_BYTES:,} bytes, of which the rest was not read", number)
        if "\0" in text:
            notes.add("NUL character, replaced by \ufffd", number, text.count("\0"))
            text = text.replace("\0", "\ufffd")
        yield text


class Scan:
    """Names the encoding of a whole file while its bytes pass by (in chunks, for the hash, before parsing)."""

    def __init__(self, head: bytes) -> None:
        self._wide = wide_encoding(head)
        self._bom = head.startswith(codecs.BOM_UTF8)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._valid = True
        self._kinds: set[str] = set()

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        """Look at the next bytes; cheap as long as they are UTF-8."""
        if self._wide:
            return
        if self._valid:
            try:
                self._decoder.decode(chunk, final)
            except UnicodeDecodeError:
                self._valid = False

    def name(self) -> str:
        """utf-8, utf-8-sig (with byte order mark), utf-16-le, utf-16-be, or "" when some byte is not UTF-8."""
        if self._wide:
            return self._wide
        if not self._valid:
            return ""
        return "utf-8-sig" if self._bom else "utf-8"


def name_of_mixture(lines: Iterable[bytes]) -> str:
    """For a file that is not all UTF-8: cp1252, latin-1 (a byte that cp1252 lacks) or utf-8+cp1252."""
    utf8 = undefined = False
    for line in lines:
        if line.isascii():
            continue
        try:
            line.decode()
            utf8 = True
        except UnicodeDecodeError:
            undefined = undefined or any(line.count(byte) for byte in b"\x81\x8d\x8f\x90\x9d")
    if utf8:
        return "utf-8+cp1252"
    return "latin-1" if undefined else "cp1252"
