"""The report of the data's quality, as a page and as a file, through the client."""

import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from screening.actions import import_undo
from screening.enums import Role
from tests import builders
from tests.citations import bring_in, hand_in, ris, some_ris
from tests.screening.quality.test_checks import LONG

pytestmark = pytest.mark.django_db

BAD = "TY  - JOUR\nPY  - 2019\nER  - \n\n"
EVIL = ris('=HYPERLINK("http://evil.example","x")<script>alert(1)</script>', abstract="", number=9)
MIXED = (
    some_ris(3)
    + ris("RETRACTED: Bees", abstract=LONG, number=7)
    + ris("Erratum: Wasps", abstract="n/a.", number=8)
    + EVIL
    + some_ris(1, start=20).replace("PY  - 2019", "PY  - 2019\nLA  - ger")
    + BAD
)
LINK = re.compile(r'<a href="([^"]*/records/\?[^"]*)">([\d,]+)</a>')


@pytest.fixture
def review(client):
    made = builders.review(lead=builders.user("lead"))
    client.force_login(made.created_by)
    return made


def url(name, review, *args):
    return reverse(f"screening:{name}", args=[review.pk, *args])


def open_every_number(client, page):
    """Follow each link of a number to its list; returns how many there were."""
    links = LINK.findall(page)
    for address, number in links:
        listed = client.get(unescape(address))
        assert listed.context["page"].paginator.count == int(number.replace(",", "")), address
    return len(links)


def test_every_number_of_both_pages_opens_a_list_of_that_length(client, review):
    bring_in(review, some_ris(2), name="first.ris", source="MEDLINE")
    file = bring_in(review, MIXED, name="second.ris", source="Embase")
    one = client.get(url("import-quality", review, file.pk)).content.decode()
    assert open_every_number(client, one) > 8
    assert ("There already" in one, "<script>alert" in one) == (True, False)
    whole = client.get(url("quality", review)).content.decode()
    assert open_every_number(client, whole) > 11
    assert "By source" in whole
    assert "Embase" in whole


def test_the_summary_says_in_words_what_deserves_a_look(client, review):
    bring_in(review, MIXED)
    page = " ".join(client.get(url("quality", review)).content.decode().split())
    for words in (
        "Can be screened. Look at this first:",
        "1 of 7 is marked as retracted or withdrawn",
        "1 of 7 is a notice",
        "1 entry of the files was rejected: nobody will screen them.",
        "1 of 7 is not in English",
    ):
        assert words in page, words


def test_rejects_lead_to_exactly_those_of_the_field(client, review):
    file = bring_in(review, MIXED)
    page = client.get(url("import-quality", review, file.pk)).content.decode()
    (address,) = re.findall(r'href="([^"]*\?field=title)"', page)
    assert client.get(address).context["page"].paginator.count == 1
    assert client.get(url("import", review, file.pk) + "?field=entry").context["page"].paginator.count == 0


def test_before_the_import_the_dry_run_says_the_same_without_lists(client, review):
    file = hand_in(review, MIXED)
    page = client.get(url("import-quality", review, file.pk)).content.decode()
    assert "as the dry run read them" in page
    assert ("Retracted or withdrawn" in page, LINK.findall(page), "Excel" in page) == (True, [], False)
    assert url("import-quality", review, file.pk) in client.get(url("imports", review)).content.decode()
    address = url("import", review, file.pk) + "?field=title"
    assert address in page
    assert client.get(address).context["page"].paginator.count == 1


def test_an_import_that_was_undone_says_so_and_counts_no_more(client, review):
    file = bring_in(review, MIXED)
    import_undo.undo(file=file, by=review.created_by)
    page = client.get(url("import-quality", review, file.pk)).content.decode()
    assert "This import was undone" in page
    assert open_every_number(client, page) > 4
    assert "Nothing is imported yet" in client.get(url("quality", review)).content.decode()


def test_a_review_without_imports_says_what_to_do(client, review):
    assert "Nothing is imported yet" in client.get(url("quality", review)).content.decode()


def rows(answer):
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def line_of(text, before=0):
    """The line of MIXED that this text begins in, or one that stands before it."""
    return str(MIXED[: MIXED.index(text)].count("\n") + 1 - before)


def test_the_file_lists_each_affected_citation_with_its_place_and_reason(client, review):
    bring_in(review, some_ris(3), name="first.ris", source="MEDLINE")
    file = bring_in(review, MIXED, name="second.ris", source="Embase")
    listed = rows(client.get(url("import-quality-file", review, file.pk, "csv")))
    bees = next(row for row in listed if row["problem"] == "Retracted or withdrawn")
    assert (bees["source"], bees["file"], bees["line"]) == (
        "Embase",
        "second.ris",
        line_of("TI  - RETRACTED", before=1),
    )
    assert bees["why"] == "The title begins with “Retracted” or “Withdrawn”."
    assert [row["problem"] for row in listed].count("There already") == 3
    rejected = listed[-1]
    assert (rejected["problem"], rejected["record_id"], rejected["line"]) == ("Rejected: title", "", line_of(BAD))
    of_review = rows(client.get(url("quality-file", review, "csv")))
    assert not [row for row in of_review if row["problem"] == "There already"]


def test_the_file_is_no_formula_in_any_spreadsheet(client, review):
    file = bring_in(review, EVIL)
    cells = [row["title"] for row in rows(client.get(url("import-quality-file", review, file.pk, "csv")))]
    assert cells
    assert all(cell.startswith("'=HYPERLINK") for cell in cells)
    content = b"".join(client.get(url("quality-file", review, "xlsx")).streaming_content)
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Counts", "Citations"]
    texts = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.value).lstrip("'").startswith("=")
    ]
    assert texts
    assert {cell.data_type for cell in texts} == {"s"}
    counts = {row[0]: row[1] for row in book["Counts"].iter_rows(values_only=True)}
    assert (counts["No abstract"], counts["No title"], counts["No language"]) == (1, 0, 1)


def test_there_is_no_other_format(client, review):
    assert client.get(url("quality-file", review, "pdf")).status_code == 404


def test_the_whole_team_may_see_it_and_nobody_else(client, review):
    file = bring_in(review, MIXED)
    addresses = [
        url("quality", review),
        url("import-quality", review, file.pk),
        url("quality-file", review, "csv"),
        url("import-quality-file", review, file.pk, "xlsx"),
    ]
    reviewer, stranger = builders.user(), builders.user()
    builders.join(review, reviewer, Role.REVIEWER)
    for person, status in ((reviewer, 200), (stranger, 404)):
        client.force_login(person)
        assert [client.get(address).status_code for address in addresses] == [status] * 4
    other = builders.review(lead=reviewer)
    client.force_login(reviewer)
    assert client.get(url("import-quality", other, file.pk)).status_code == 404


def test_the_pages_take_as_many_queries_for_one_citation_as_for_many(client, review):
    file = bring_in(review, some_ris(1) + BAD)
    addresses = [url("quality", review), url("import-quality", review, file.pk)]
    taken = []
    for more in range(3):
        if more:
            bring_in(review, some_ris(9, start=10 * more) + BAD.replace("2019", f"202{more}"), source=f"Source {more}")
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            taken.append(len(queries))
    assert taken[:2] == taken[2:4] == taken[4:]


def test_a_workbench_is_narrowed_to_what_a_check_applies_to(client, review):
    builders.join(review, review.created_by, Role.REVIEWER)
    bring_in(review, MIXED)
    for problem in ("retracted", "says_none", "no_abstract", "garbled", "known"):
        page = client.get(reverse("screening:screen", args=[review.pk]), {"problem": problem, "language": "English"})
        assert page.status_code == 200
        page = client.get(reverse("screening:screen", args=[review.pk]), {"problem": problem})
        listed = client.get(url("records", review), {"problem": problem}).context["page"].paginator.count
        assert len(page.context["queue"]) == listed, problem
