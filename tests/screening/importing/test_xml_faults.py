"""XML that is broken, hostile or not in the encoding it declares: what can be read is, and the rest is said."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from screening.importing import ParsedCitation, parse, xml_formats, xml_tree
from screening.importing.notes import Notes

RECORD = "<record><titles><title>{}</title></titles><ref-type>17</ref-type></record>"
MEASURE = """
import resource, sys, time
from pathlib import Path
from screening.importing import Reject, open_citations
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
entries = [type(entry).__name__ for entry in open_citations(Path(sys.argv[1]))]
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert time.process_time() - start < 12, time.process_time() - start
assert grown < 120_000, grown
print(len(entries), entries.count("Reject"))
"""


def library(*titles: str, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return f"{prolog}<xml><records>{''.join(RECORD.format(title) for title in titles)}</records></xml>"


def titles(content: bytes) -> list[str]:
    return [citation.title for citation in parse(content).citations]


def test_a_bomb_of_entities_does_not_go_off_and_no_file_is_fetched() -> None:
    bomb = '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    parsed = parse(library("One &b;&c;", "Two", prolog=bomb).encode())

    assert [citation.title for citation in parsed.citations] == ["One &b;&c;", "Two"]
    assert "characters that XML forbids" in parsed.notes[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("p &lt; 0.05 & more", "p < 0.05 & more"),
        ("p < 0.05", "p < 0.05"),
        ("caf&eacute;&nbsp;au lait", "café au lait"),
        ("a\x0bb&#x1f;c", "abc"),
        ("<![CDATA[a < b & </record> c]]>", "a < b & </record> c"),
        ("a<!-- </record> -->b", "ab"),
        ("a<!-- b", "a"),
    ],
)
def test_what_exporters_get_wrong_is_mended(written: str, read: str) -> None:
    assert titles(library(written, "Next").encode()) == [read, "Next"]


def test_a_fault_costs_the_entry_that_has_it_and_no_other() -> None:
    broken = library("One", "Two", "Three").replace("<title>Two</title></titles>", "<title>Two</titel>")
    parsed = parse(broken.encode())

    assert [citation.title for citation in parsed.citations] == ["One", "Two", "Three"]
    assert "not well-formed XML" in parsed.notes[0]


def test_a_file_that_is_cut_off_keeps_what_stands_before_the_cut() -> None:
    whole = "<xml>\n<records>\n" + RECORD.format("One") + "\n" + RECORD.format("Two") + "\n"
    inside = parse(whole[: whole.index("Two</title>") + 3].encode())
    before = parse(whole[: whole.rindex("<titles>") + 4].encode())

    assert [citation.title for citation in inside.citations] == ["One", "Two"]
    assert inside.notes == ["1 × entry without its end, perhaps cut off, kept as far as it goes (first at line 4)."]
    assert [citation.title for citation in before.citations] == ["One"]
    assert (before.rejects[0].line, "cut off here" in before.rejects[0].reason) == (4, True)


def test_an_entry_that_is_not_closed_ends_where_the_next_begins() -> None:
    text = library("One", "Two", "Three").replace("</record>", "", 1)

    assert titles(text.encode()) == ["One", "Two", "Three"]


def test_every_entry_has_its_exact_text_and_its_line() -> None:
    text = "<xml>\r\n<records>\r\n\r\n" + RECORD.format("One") + "\r\n" + RECORD.format("Tw\ro") + RECORD.format("x")
    citations = parse(text.encode()).citations

    assert [(citation.line, citation.raw) for citation in citations] == [
        (4, RECORD.format("One")), (5, RECORD.format("Tw\ro")), (6, RECORD.format("x"))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("declared", "real", "found"),
    [
        ("UTF-8", "utf-8", "utf-8"),
        ("UTF-8", "utf-8-sig", "utf-8-sig"),
        ("UTF-16", "utf-16", "utf-16-le"),
        ("UTF-8", "utf-16-be", "utf-16-be"),  # the declaration lies
        ("ISO-8859-1", "cp1252", "cp1252"),
        ("UTF-8", "cp1252", "cp1252"),  # it lies
        ("windows-1250", "cp1250", "cp1250"),
        ("windows-1250", "utf-8", "utf-8"),  # it lies
        ("x-nothing", "utf-8", "utf-8"),
    ],
)
def test_the_encoding_is_what_the_bytes_are(declared: str, real: str, found: str) -> None:
    text = library("Schlaf für Bär", prolog=f'<?xml version="1.0" encoding="{declared}"?>')
    parsed = parse(text.encode(real))

    assert (parsed.encoding, parsed.citations[0].title) == (found, "Schlaf für Bär")


def test_wide_encodings_that_are_declared_are_read_by_their_own_rules() -> None:
    prolog = '<?xml version="1.0" encoding="GB18030"?>'

    assert titles(library("睡眠与工作", prolog=prolog).encode("gb18030")) == ["睡眠与工作"]


def test_a_comment_across_two_chunks_hides_nothing_behind_it() -> None:
    chunks = [RECORD.format("One").encode() + b"<!-- <record>", b" -->" + RECORD.format("Two").encode() * 2]

    assert len(list(xml_formats.read(chunks, "endnote-xml", Notes()))) == 3


def test_text_between_entries_is_noted() -> None:
    parsed = parse(library("One", "Two").replace("</record><record>", "</record>lost words<record>").encode())

    assert parsed.notes == ["1 × text between two entries, left out (first at line 1)."]


@pytest.mark.parametrize(
    ("start", "middle", "expected"),
    [
        ("<xml><records>", RECORD.format("Sleep" * 400), "4826 0"),  # a library on one line
        ("<xml><records><record><title>", "a" * 1000, "1 1"),
        ("<xml><records><record>", "<a>" * 300, "1 1"),
        ("<xml><records><record>", "<!--" * 250, "1 1"),
        ("<PubmedArticleSet>", "<PubmedArticle ", ""),
    ],
)
def test_ten_megabytes_of_it_are_over_in_seconds_and_in_little_memory(
    tmp_path: Path, start: str, middle: str, expected: str
) -> None:
    path = tmp_path / "long.xml"
    path.write_text(start + middle * (10_000_000 // len(middle)))

    result = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert expected in result.stdout


def test_deep_nesting_is_no_danger() -> None:
    deep = "<a>" * 20_000 + "x" + "</a>" * 20_000
    parsed = parse(library(deep, "Next").encode())

    assert parsed.found == 2
    assert isinstance(parsed.citations[-1], ParsedCitation)
    assert parsed.citations[-1].title == "Next"


def test_many_sections_that_never_end_are_read_in_time() -> None:
    """SEC-04: it took the square of their number, twenty minutes for the longest entry that is read."""
    begun = time.process_time()
    xml_tree.parse("<record>" + "<![CDATA[" * 100_000)
    assert time.process_time() - begun < 10
