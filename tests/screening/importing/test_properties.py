"""Whatever the bytes: no exception but the refusal, nothing lost, the sums right."""

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.importing import NotACitationFile, Reject, bibtex, cochrane, medline, ovid, parse, refer, ris, wos
from screening.importing.notes import Notes

ENDS = st.sampled_from(["\n", "\r\n", "\r"])
WORDS = st.text(alphabet="aZ9 -{}@=,\"'\\%é\t", max_size=12)


def lines(tags: list[str], form: str) -> st.SearchStrategy[list[str]]:
    tagged = st.builds(form.format, st.sampled_from(tags), WORDS)
    return st.lists(st.builds(str.__add__, st.one_of(tagged, tagged, WORDS), ENDS), max_size=30)


RIS_LINES = lines(["TY", "TI", "AU", "ER", "AB", "KW", "NL", "DO", "PY"], "{}  - {}")
MEDLINE_LINES = lines(["PMID", "TI  ", "FAU ", "PMC ", "AB  ", "OWN ", "DP  "], "{}- {}")
REFER_LINES = lines(["0", "T", "A", "X", "D", "U"], "%{} {}")
WOS_LINES = lines(["FN", "PT", "AU", "  ", "TI", "ER", "EF", "UT"], "{} {}")
OVID_TAGGED = lines(["VN", "TI", "AU", "SO", "YR"], "{}  - {}")
OVID_LINES = lines(["<1>", "Title", "Author", "  ", "Source", "Score", "Unknown Field"], "{}{}")
COCHRANE_LINES = lines(["Record #1 of 2", "ID:", "AU:", "TI:", "AB:", "SO:"], "{} {}")
BIB_LINES = lines(["@article{a", "@string{x =", "title = {", "}", "author = {b}", "@comment{"], "{},{}")
TEXTS = (RIS_LINES, MEDLINE_LINES, BIB_LINES, REFER_LINES, WOS_LINES, OVID_TAGGED, OVID_LINES, COCHRANE_LINES)


def ink(text: str) -> list[str]:
    return [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]


@given(RIS_LINES)
def test_ris_loses_no_line(text: list[str]) -> None:
    entries = list(ris.read(iter(text), Notes()))

    assert ink("\n".join(entry.raw for entry in entries)) == ink("".join(text))
    assert [entry.line for entry in entries] == sorted({entry.line for entry in entries})


@given(MEDLINE_LINES)
def test_medline_loses_no_line(text: list[str]) -> None:
    entries = list(medline.read(iter(text), Notes()))

    assert ink("\n".join(entry.raw for entry in entries)) == ink("".join(text))
    assert [entry.line for entry in entries] == sorted({entry.line for entry in entries})


@pytest.mark.parametrize(
    ("reader", "made"),
    [
        (refer, REFER_LINES),
        (wos, WOS_LINES),
        (ovid, OVID_TAGGED),
        (ovid, OVID_LINES),
        (cochrane, COCHRANE_LINES),
    ],
    ids=["refer", "wos", "ovid with tags", "ovid with names", "cochrane"],
)
def test_no_reader_of_tagged_text_loses_a_line(reader: ModuleType, made: st.SearchStrategy[list[str]]) -> None:
    @given(made)
    def keeps(text: list[str]) -> None:
        entries = list(reader.read(iter(text), Notes()))

        assert ink("\n".join(entry.raw for entry in entries)) == ink("".join(text))
        assert [entry.line for entry in entries] == sorted({entry.line for entry in entries})

    keeps()


@given(BIB_LINES)
def test_bibtex_never_raises_and_keeps_order(text: list[str]) -> None:
    entries = list(bibtex.read(iter(text), Notes()))

    assert [entry.line for entry in entries] == sorted(entry.line for entry in entries)
    assert all(entry.raw in "".join(text) for entry in entries)


@given(st.one_of(st.binary(max_size=300), st.one_of(*TEXTS).map(lambda text: "".join(text).encode())))
def test_any_bytes_are_parsed_or_refused(content: bytes) -> None:
    try:
        parsed = parse(content)
    except NotACitationFile:
        return
    assert parsed.found == len(parsed.citations) + len(parsed.rejects)
    assert all(isinstance(reject, Reject) and reject.reason for reject in parsed.rejects)


@given(st.lists(st.text(alphabet='ab",;\n\r\t', max_size=10), max_size=15))
def test_any_table_loses_no_row(rows: list[str]) -> None:
    body = "\n".join(rows) + "\n"
    parsed = parse(("title,year,doi,journal\n" + body).encode())
    kept = "".join(entry.raw for entry in sorted([*parsed.citations, *parsed.rejects], key=lambda entry: entry.line))

    assert [char for char in body if char in "ab"] == [char for char in kept if char in "ab"]
