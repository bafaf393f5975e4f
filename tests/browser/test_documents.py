"""Documents in a browser: drop files, see them read, look at one; in both themes, wide and narrow."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from screening.actions import retrievals
from screening.models.document import Document
from screening.models.review import Review
from tests import builders, documents
from tests.browser.test_every_page import tour
from tests.fixtures.browser import NewPage
from tests.visiting import enter

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Telephone coaching after myocardial infarction: a randomised trial in villages"


@pytest.fixture
def lead() -> User:
    return builders.user("lee")


@pytest.fixture
def review(lead: User) -> Review:
    return builders.review(lead=lead)


def pages(review: Review) -> str:
    return reverse("screening:documents", args=[review.pk])


def test_files_are_dropped_read_and_matched_and_a_bad_one_is_said(
    page: Page, review: Review, lead: User, tmp_path: Path
) -> None:
    record = documents.at_full_text(review, title=TITLE)
    files = {"good.pdf": documents.pdf([TITLE, "A report."]), "login.pdf": b"<!DOCTYPE html><p>Sign in"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    enter(page, lead)
    page.goto(pages(review))
    page.get_by_label("Files").set_input_files([tmp_path / name for name in files])
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator(".documents-progress")).to_contain_text("1 of 2 files uploaded.")
    expect(page.locator(".documents-refused")).to_contain_text("“login.pdf” was not taken.")
    expect(page.locator(".documents-busy")).to_contain_text("One file is being read")
    assert documents.read(Document.objects.get()).record == record
    expect(page.get_by_role("link", name="good.pdf")).to_be_visible(timeout=8_000)
    expect(page.locator(".documents-busy")).to_have_count(0)


def test_a_folder_is_offered_and_only_its_pdfs_go_up(page: Page, review: Review, lead: User, tmp_path: Path) -> None:
    (tmp_path / "reports" / "deep").mkdir(parents=True)
    (tmp_path / "reports" / "one.pdf").write_bytes(documents.pdf())
    (tmp_path / "reports" / "deep" / "two.pdf").write_bytes(documents.pdf())
    (tmp_path / "reports" / "notes.txt").write_text("mine")
    enter(page, lead)
    page.goto(pages(review))
    page.locator("#document-folder").set_input_files(tmp_path / "reports")
    expect(page.locator(".documents-progress")).to_contain_text("2 of 2 files uploaded.")
    assert set(Document.objects.values_list("name", flat=True)) == {"one.pdf", "two.pdf"}


def test_every_page_of_documents_stands_wide_narrow_light_and_dark(
    new_page: NewPage, review: Review, lead: User, live_server: object
) -> None:
    record, lost = documents.at_full_text(review, title=TITLE), documents.at_full_text(review, title="Never found")
    document = documents.read_in(review, documents.pdf([TITLE], hidden=documents.ORDERS), record=record)
    stray = documents.read_in(review, documents.scan(), name="a_very_long_name_without_any_space_" * 4 + ".pdf")
    documents.read_in(review, documents.pdf(password="x"), name="locked.pdf")
    documents.hand_in(review, name="waiting.pdf")
    retrievals.mark(record=lost, outcome="not_retrieved", note="Library, authors", by=lead)
    page = new_page()
    enter(page, lead)
    shows = ["", "?show=missing", "?show=tray", "?show=failed", "?show=scans", "?show=flagged", f"?record={record.pk}"]
    addresses = [pages(review) + show for show in shows]
    addresses += [reverse("screening:document", args=[review.pk, one.pk]) for one in (document, stray)]
    addresses.append(reverse("screening:document-place", args=[review.pk, stray.pk]))
    addresses += [reverse("screening:retrieval", args=[review.pk, one.pk]) for one in (record, lost)]
    tour(page, live_server.url, addresses)  # type: ignore[attr-defined]  # pytest-django's
