"""Excel workbooks: the sheet that has a header, cells as people see them, and nothing that a hostile zip could do."""

import contextlib
import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from screening.importing import NotACitationFile, ParsedFile, parse, workbook

HEADER = ["Title", "Authors", "Year", "Volume", "Pages", "PMID"]


def book(*rows: list[object], formats: Mapping[str, str] | None = None, **sheets: list[list[object]]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    for name, others in sheets.items():
        other = made.create_sheet(name)
        for row in others:
            other.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def read(*rows: list[object], **more: object) -> ParsedFile:
    return parse(book(list(HEADER), *rows, **more))  # type: ignore[arg-type]


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The workbook with parts replaced; "__" stands for "/" and "_" for "." in their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        changed = {name.replace("__", "/").replace("_", "."): part for name, part in parts.items()}
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
    return stream.getvalue()


def test_numbers_and_dates_are_what_people_see() -> None:
    found = read(["Sleep", "Ott, I; Ray, B", 2018.0, 7, 12.5, 22752652.0]).citations[0]
    dated = read(["Sleep", None, datetime(2018, 5, 3), None, "e42", None]).citations[0]  # noqa: DTZ001  # Excel knows no zones

    assert (found.title, found.authors, found.year, found.volume, found.pages) == (
        "Sleep", ("Ott, I", "Ray, B"), 2018, "7", "12.5"
    )  # fmt: skip
    assert found.accessions == (("pmid", "22752652"),)
    assert (dated.year, dated.pages) == (2018, "e42")


@pytest.mark.parametrize(
    ("made", "shown", "pages"),
    [
        (date(2024, 10, 1), "d-mmm", "1-10"),
        (date(2024, 1, 10), "d-mmm", "1-10"),
        (date(1935, 10, 1), "mmm-yy", "10-35"),
    ],
)
def test_pages_of_which_excel_made_a_date_are_put_back_and_noted(made: date, shown: str, pages: str) -> None:
    parsed = read(["Sleep", None, 2018, 7, made, None], formats={"E2": shown})

    assert parsed.citations[0].pages == pages
    assert parsed.notes == ["1 × page or issue numbers that Excel had made a date of, put back (first at line 2)."]
    assert made.isoformat() in parsed.citations[0].raw


def test_the_first_sheet_with_a_header_is_read_and_the_others_are_named() -> None:
    parsed = parse(book(["Our search of May"], Hits=[["exported by us"], list(HEADER), ["Sleep"]]))

    assert (parsed.format, parsed.found, parsed.citations[0].line) == ("xlsx", 1, 3)
    assert "“Hits”" in parsed.notes[0]


def test_empty_rows_are_passed_over_and_lines_are_those_of_the_sheet() -> None:
    parsed = read(["One"], [], [None, " "], ["Two"])

    assert [(citation.title, citation.line) for citation in parsed.citations] == [("One", 2), ("Two", 5)]


def test_a_wrong_dimension_hides_no_rows() -> None:
    content = book(list(HEADER), ["One"], ["Two"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    parsed = parse(repacked(content, xl__worksheets__sheet1_xml=sheet.replace(b'ref="A1:F3"', b'ref="A1"')))

    assert [citation.title for citation in parsed.citations] == ["One", "Two"]


def test_cells_right_of_the_header_are_left_out_and_noted_but_kept_in_the_raw_text() -> None:
    parsed = read(["Sleep", "", 2018, "", "", "", "stray"])

    assert parsed.found == len(parsed.citations) == 1
    assert "right of the last heading" in parsed.notes[0]
    assert parsed.citations[0].raw == "Sleep\t\t2018\t\t\t\tstray\n"


def test_a_mapping_goes_before_the_header_and_a_table_without_titles_says_its_columns() -> None:
    content = book(["Naam", "Jaar"], ["Slaap", 2018])

    with pytest.raises(NotACitationFile) as refusal:
        parse(content)
    assert refusal.value.columns == ["Naam", "Jaar"]
    assert parse(content, mapping={"title": "Naam", "year": "Jaar"}).citations[0].year == 2018


def test_a_workbook_without_any_text_is_refused() -> None:
    with pytest.raises(NotACitationFile, match="no sheet with any text"):
        parse(book())


def test_a_part_with_entities_or_too_large_to_unpack_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    content = book(list(HEADER), ["One"])
    bomb = b'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "ha">]><worksheet>&a;</worksheet>'

    with pytest.raises(NotACitationFile, match="damaged"):
        parse(repacked(content, xl__worksheets__sheet1_xml=bomb))
    monkeypatch.setattr(workbook, "UNPACKED", 1000)
    with pytest.raises(NotACitationFile, match="unpacks to more than"):
        parse(repacked(content, xl__worksheets__sheet1_xml=b"<worksheet>" + b" " * 2000 + b"</worksheet>"))


def test_rows_above_damage_are_kept_and_the_place_is_said() -> None:
    content = book(list(HEADER), *([f"Study {number}"] for number in range(200)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    at = sheet.index(b'r="A150"')
    parsed = parse(repacked(content, xl__worksheets__sheet1_xml=sheet[:at] + b"<<<" + sheet[at:]))

    assert len(parsed.citations) > 100
    assert len(parsed.rejects) == 1
    assert "damaged from this row on" in parsed.rejects[0].reason
    assert parsed.rejects[0].line == len(parsed.citations) + 2


@pytest.mark.parametrize("part", [b'<?xml version="1.0" encoding="UTF-1"?><worksheet/>', b"", b"<worksheet", b"\0"])
def test_a_part_that_is_no_xml_is_said_to_be_damaged(part: bytes) -> None:
    content = repacked(book(list(HEADER), ["One"]), xl__worksheets__sheet1_xml=part)

    with pytest.raises(NotACitationFile, match=r"damaged|no sheet with any text"):
        parse(content)


@pytest.mark.parametrize("at", [0.2, 0.4, 0.6, 0.8, 0.99])
def test_a_workbook_that_is_cut_off_or_flipped_is_refused_or_read(at: float) -> None:
    content = book(list(HEADER), *([f"Study {number}"] for number in range(50)))
    place = int(len(content) * at)
    for broken in (content[:place], content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :]):
        with contextlib.suppress(NotACitationFile):
            assert parse(broken).found
