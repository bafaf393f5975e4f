"""Encodings and line ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.importing import parse
from screening.importing.encodings import byte_lines, to_narrow

TEXT = "TY  - JOUR\nTI  - Müller’s naïve – “café”\nER  - \n"
TITLE = "Müller’s naïve – “café”"


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_found_and_the_title_whole(codec: str, name: str) -> None:
    parsed = parse(TEXT.encode(codec))

    assert (parsed.encoding, [c.title for c in parsed.citations]) == (name, [TITLE])


def test_a_mixed_file_is_read_byte_by_byte_and_the_repair_is_said() -> None:
    parsed = parse(TEXT.encode() + TEXT.encode("cp1252"))

    assert [c.title for c in parsed.citations] == [TITLE, TITLE]
    assert parsed.encoding == "utf-8+cp1252"
    assert parsed.notes == ["1 × line that is not UTF-8 and was read as Windows-1252 (first at line 5)."]


def test_bytes_that_windows_1252_lacks_are_latin_1() -> None:
    parsed = parse(b"TY  - JOUR\nTI  - caf\xe9 \x9d\nER  - \n")

    assert parsed.encoding == "latin-1"
    assert parsed.citations[0].title == "café \x9d"


def test_nul_bytes_never_reach_a_database() -> None:
    parsed = parse(b"TY  - JOUR\nTI  - a\0b\nER  - \n")

    assert "\0" not in parsed.citations[0].raw + parsed.citations[0].title
    assert "NUL" in parsed.notes[0]


@given(st.lists(st.text(alphabet="ab\r\n", max_size=6)))
def test_lines_do_not_depend_on_where_the_chunks_end(parts: list[str]) -> None:
    chunks = [part.encode() for part in parts]

    assert list(byte_lines(chunks)) == b"".join(chunks).splitlines(keepends=True)


@given(st.text(), st.integers(1, 5), st.sampled_from(["utf-16-le", "utf-16-be", "utf-8"]))
def test_text_survives_whatever_the_chunks_cut(text: str, size: int, encoding: str) -> None:
    content = ("\ufeff" + text.lstrip("\ufeff")).encode(encoding)
    chunks = [content[start : start + size] for start in range(0, len(content), size)]

    assert b"".join(to_narrow(chunks, encoding)).decode() == text.lstrip("\ufeff")
