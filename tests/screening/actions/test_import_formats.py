"""XML and workbooks from their dry run to stored records."""

import io

import pytest
from openpyxl import Workbook

from screening.actions import imports
from screening.enums import ImportStatus
from screening.models.citation import Citation
from screening.models.record import Record
from screening.models.source import RejectedEntry
from tests import builders
from tests.citations import bring_in, hand_in

pytestmark = pytest.mark.django_db


def workbook(*rows: list[object]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_an_endnote_library_on_one_line_comes_in_with_each_records_own_text():
    record = "<record><titles><title>Naps {}\x0b</title></titles><ref-type>17</ref-type></record>"
    text = f"<xml><records>{record.format(1)}{record.format(2)}<record>\0</record></records></xml>"
    file = bring_in(builders.review(), text)

    assert (file.status, file.format, file.parsed, file.rejected) == (ImportStatus.DONE, "endnote-xml", 2, 1)
    assert sorted(Record.objects.values_list("title", flat=True)) == ["Naps 1", "Naps 2"]
    assert [row.raw for row in Citation.objects.order_by("position")] == [record.format(1), record.format(2)]
    assert RejectedEntry.objects.get(file=file).raw == "<record>\ufffd</record>"


def test_a_workbook_shows_its_columns_and_takes_a_persons_mapping():
    review = builders.review()
    file = hand_in(review, workbook(["Naam", "Title", "Year"], ["Naps", "Dr", 2019]), name="hits.xlsx")
    assert (file.status, file.format, file.columns) == (ImportStatus.CHECKED, "xlsx", ["Naam", "Title", "Year"])

    file = imports.set_mapping(file=file, mapping={"title": "Naam", "year": "Year"}, by=builders.user())
    assert (file.status, file.mapping) == (ImportStatus.CHECKED, {"title": "Naam", "year": "Year"})
    assert (file.sample[0]["title"], file.sample[0]["year"]) == ("Naps", 2019)


def test_a_damaged_workbook_is_refused_with_a_sentence():
    whole = workbook(["Title", "Year"], ["Naps", 2019])
    file = hand_in(builders.review(), whole[:-30], name="hits.xlsx")

    assert file.status == ImportStatus.REFUSED
    assert file.error.endswith(".")
