"""`manage.py import_documents`: a folder of PDFs goes in, each file with one line on what became of it."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from screening.models.document import Document
from tests import builders
from tests.documents import at_full_text, pdf

pytestmark = pytest.mark.django_db
TITLE = "Music therapy before cataract surgery: a randomised trial"


def run(review, folder):
    out = StringIO()
    try:
        call_command("import_documents", str(review.pk), str(folder), stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_a_folder_is_read_and_matched_and_what_fails_is_named(tmp_path):
    review = builders.review()
    record = at_full_text(review, title=TITLE)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.PDF").write_bytes(pdf([TITLE]))
    (tmp_path / "locked.pdf").write_bytes(pdf(password="x"))
    (tmp_path / "page.pdf").write_bytes(b"<html>")
    (tmp_path / "notes.txt").write_text("no PDF")
    said, error = run(review, tmp_path)
    assert f"one.PDF: 1 pages: {TITLE} (Title)" in said
    assert "locked.pdf: This PDF opens only with a password" in said
    assert "page.pdf: “page.pdf” was not taken" in said
    assert error == "2 of 3 files gave no text; the lines above say why."
    assert Document.objects.get(record=record).status == "ready"


def test_a_file_whose_name_is_in_an_old_encoding_stops_no_other(tmp_path):
    review = builders.review()
    for name in (b"M\xfcller 2019.pdf", b"plain.pdf"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(pdf())
    said, error = run(review, tmp_path)
    assert ("M?ller 2019.pdf: 1 pages" in said, "plain.pdf: 1 pages" in said, error) == (True, True, "")
    assert set(Document.objects.values_list("name", flat=True)) == {"M?ller 2019.pdf", "plain.pdf"}


def test_a_folder_without_a_pdf_is_said_to_be_one(tmp_path):
    assert "There is no PDF" in run(builders.review(), tmp_path)[1]
