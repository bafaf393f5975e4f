"""Reading what was handed in: whatever the file is, the worker lives, a sentence says why, others are read."""

import re
import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils import timezone
from pypdf import PdfWriter

from screening.actions import document_reading, documents
from screening.models.document import Document, DocumentPage
from screening.prompts.hygiene import injection_flags
from screening.queries.documents import matching
from tests import builders
from tests.documents import ORDERS, at_full_text, hand_in, pdf, read, read_in, scan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def review():
    return builders.review()


def blank(pages):
    stored, writer = BytesIO(), PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    writer.write(stored)
    return stored.getvalue()


def damaged():
    return pdf(*[[f"word {line}" for line in range(40)]] * 20)[:3000]


def bomb():
    """A megabyte or so that is two million words on one page."""
    stream = zlib.compress(b"BT /F 10 Tf 50 700 Td " + b"(word word word word ) Tj " * 100_000 + b"ET", 9)
    return (
        b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R]"
        b" /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>\nendobj\n4 0 obj\n<< /Filter /FlateDecode /Length %d >>\n"
        b"stream\n%s\nendstream\nendobj\n5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>\nendobj\n"
        b"trailer << /Size 6 /Root 1 0 R >>\n%%%%EOF" % (len(stream), stream)
    )


def test_pages_are_stored_with_the_place_of_every_word(review):
    document = read_in(review, pdf(["A first page"], ["and a second one"]))
    assert (document.status, document.page_count, document.layer) == ("ready", 2, "text")
    assert document.parser_version
    page = DocumentPage.objects.get(document=document, number=2)
    assert [page.text[start:end] for start, end, *_ in page.words] == ["and", "a", "second", "one"]
    assert all(0 <= edge <= 1 for word in page.words for edge in word[2:])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: pdf(password="secret"), "opens only with a password"),
        (damaged, "is damaged"),
        (lambda: b"%PDF-1.7\n" + bytes(range(128, 256)) * 100, "not a PDF|damaged"),
        (lambda: blank(3000), "more pages than can be read here"),
        (bomb, "unpacks to more"),
    ],
    ids=["encrypted", "damaged", "fake", "3,000 pages", "bomb"],
)
def test_a_file_that_can_not_be_read_is_said_to_be_so_and_others_are_read(review, make, said):
    bad, good = hand_in(review, make(), name="bad.pdf"), hand_in(review, name="good.pdf")
    bad = read(bad)
    assert bad.status == "failed"
    assert re.search(said, bad.error)
    assert read(good).status == "ready"
    assert not DocumentPage.objects.filter(document=bad).exists()


def test_how_many_pages_are_read_is_a_setting(review, settings):
    settings.DOCUMENT_MAX_PAGES = 2
    assert read_in(review, blank(2)).status == "ready"
    assert "(2)" in read_in(review, blank(3)).error


def test_a_scan_is_kept_and_says_that_it_has_no_text(review):
    document = read_in(review, scan())
    assert (document.status, document.layer, document.page_count) == ("ready", "scan", 2)


def test_hidden_orders_to_a_model_are_flagged(review):
    document = read_in(review, pdf(["An ordinary report."], hidden=ORDERS))
    assert set(document.flags) >= {"hidden_text", *injection_flags(ORDERS)}
    assert document.quality["hidden_on"] == [1]
    page = DocumentPage.objects.get(document=document)
    assert [page.text[start:end] for start, end, _ in page.hidden] == [ORDERS]


def test_two_workers_that_are_rung_for_one_document_read_it_once(review, monkeypatch):
    document, times = hand_in(review), []
    plain = document_reading.read_limited

    def reading(path, **limits):
        times.append(path)
        document_reading.read(document.pk)  # the other worker comes while this one reads
        return plain(path, **limits)

    monkeypatch.setattr(document_reading, "read_limited", reading)
    assert read(document).status == "ready"
    assert len(times) == 1


def test_what_a_dead_worker_held_is_given_back_and_given_up_after_three_times(review, ringing):
    document = hand_in(review)
    for _ in range(document_reading.MOST):
        assert document_reading._claim(document.pk)  # and here the worker dies
        document_reading.sweep(stale=timedelta(0), late=timedelta(0))
        assert Document.objects.get(pk=document.pk).status == "waiting"
    document = read(document)
    assert document.status == "failed"
    assert "ended the reader 3 times" in document.error


def test_a_worker_that_was_slower_than_the_sweeper_stores_nothing(review, monkeypatch):
    document = hand_in(review)
    plain = document_reading.read_limited

    def reading(path, **limits):
        Document.objects.filter(pk=document.pk).update(claimed_at=timezone.now())  # somebody else has it now
        return plain(path, **limits)

    monkeypatch.setattr(document_reading, "read_limited", reading)
    assert read(document).status == "reading"
    assert not DocumentPage.objects.exists()


def test_a_file_that_is_gone_from_the_storage_is_said_to_be(review):
    document = hand_in(review)
    document.file.storage.delete(document.file.name)
    assert "is gone" in read(document).error


def test_a_document_that_was_removed_is_not_read_until_it_is_brought_back(review):
    document = hand_in(review)
    documents.remove(document=document, by=review.created_by)
    assert read(document).status == "waiting"
    documents.restore(document=document, by=review.created_by)
    assert read(document).status == "ready"


def test_a_remote_storage_is_read_through_a_copy(review, monkeypatch):
    document = hand_in(review)

    def no_paths(self, name):
        raise NotImplementedError

    root, plain = document.file.storage.location, File
    monkeypatch.setattr(FileSystemStorage, "_open", lambda self, name, mode="rb": plain(Path(root, name).open(mode)))  # noqa: SIM115
    monkeypatch.setattr(FileSystemStorage, "path", no_paths)
    assert read(document).status == "ready"


TITLE = "Telephone coaching after myocardial infarction: a randomised trial in villages"


@pytest.mark.parametrize(
    ("fields", "page", "name", "how"),
    [
        ({"doi": "10.1234/inv.5"}, [TITLE, "https://doi.org/10.1234/INV.5."], "a.pdf", "doi"),
        ({"doi": "10.1234/inv.5"}, ["no more"], "10.1234_inv.5 (1).pdf", "doi"),
        ({"doi": "10.1234/inv.5"}, ["no more"], "10.1234%2Finv.5.pdf", "doi"),
        ({}, ["Invented Journal", TITLE[:40].upper(), TITLE[40:].upper()], "a.pdf", "title"),
        ({}, ["no more"], f"Okafor 2019 - {TITLE.replace(':', '')}.pdf", "title"),
    ],
    ids=["printed", "named", "named escaped", "title on the page", "title as name"],
)
def test_a_file_finds_its_record(review, fields, page, name, how):
    record = at_full_text(review, title=TITLE, **fields)
    at_full_text(review, title="Yoga and chronic low back pain in nurses: a trial", doi="10.1234/inv.55")
    document = read_in(review, pdf(page), name=name)
    assert (document.record, document.matched_by) == (record, how)


@pytest.mark.parametrize("name", ["10.1234_inv.5.s001.pdf", "10.1234_inv.5.pub2.pdf", "Reply to 10.1234_inv.5.pdf"])
def test_a_name_with_more_than_a_doi_is_believed_only_where_the_title_stands_on_the_page(review, name):
    record = at_full_text(review, title=TITLE, doi="10.1234/inv.5")
    assert read_in(review, pdf(["Table S1. Items of the checklist"]), name=name).record is None
    assert read_in(review, pdf([TITLE, "version 2"]), name=name).record == record


@pytest.mark.parametrize(
    ("page", "metadata"),
    [
        ([TITLE, "A protocol", "https://doi.org/10.9999/protocol.1"], b""),
        ([TITLE, "A preprint"], b"\n<prism:doi>10.9999/preprint.1</prism:doi>\n"),
    ],
    ids=["printed", "in the file"],
)
def test_a_file_that_says_another_doi_than_the_record_s_is_not_matched_by_title(review, page, metadata):
    record = at_full_text(review, title=TITLE, doi="10.1234/inv.5")
    assert read_in(review, pdf(page) + metadata).record is None
    assert read_in(review, pdf([TITLE, "https://doi.org/10.1234/", "inv.5 Received"])).record == record


def test_two_files_that_are_read_at_once_do_not_both_go_to_one_record(review, monkeypatch):
    record, found = at_full_text(review, title=TITLE), matching.find

    def while_another_worker_attaches(**asked):
        answer = found(**asked)
        documents.attach(document=hand_in(review), record=record, by=review.created_by)
        return answer

    monkeypatch.setattr(matching, "find", while_another_worker_attaches)
    assert read_in(review, pdf([TITLE])).record is None


def test_a_scan_finds_its_record_by_its_name(review):
    record = at_full_text(review, title=TITLE, doi="10.1234/inv.5")
    assert read_in(review, scan(), name="10.1234_inv.5.pdf").record == record
    encrypted = read_in(builders.review(), pdf(password="x"), name="10.1234_inv.5.pdf")
    assert encrypted.record is None


@pytest.mark.parametrize(
    "page",
    [
        ["Another trial altogether, of other things", "See also doi:10.1234/inv.5"],
        ["Telephone coaching"],
        ["An unknown paper 10.1234/inv.51"],
    ],
    ids=["a DOI of another paper", "a part of the title", "a longer DOI"],
)
def test_a_file_that_only_looks_alike_waits_in_the_tray(review, page):
    at_full_text(review, title=TITLE, doi="10.1234/inv.5")
    document = read_in(review, pdf(page))
    assert (document.status, document.record, document.matched_by) == ("ready", None, "")


def test_a_title_that_two_records_have_matches_neither(review):
    at_full_text(review, title=TITLE), at_full_text(review, title=TITLE)
    assert read_in(review, pdf([TITLE])).record is None


def test_only_records_at_full_text_are_found_by_title(review):
    builders.record(review, title=TITLE)
    at_full_text(builders.review(), title=TITLE)
    assert read_in(review, pdf([TITLE])).record is None


def test_a_record_that_has_a_document_gets_a_second_one_only_from_a_person(review):
    record = at_full_text(review, title=TITLE)
    read_in(review, pdf([TITLE, "main report"]))
    supplement = read_in(review, pdf([TITLE, "supplement"]))
    assert supplement.record is None
    assert Document.objects.filter(record=record).count() == 1
