"""EXT-10: the evidence table and the page of a cell in a browser: both themes, wide and narrow, by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from extraction.models.form import FormVersion
from extraction.models.value import cell_key
from screening.fulltext.locate import PagedText, locate
from screening.models.document import Document
from screening.models.review import Review
from screening.models.study import Study
from tests import builders, documents, extracting, tabling
from tests.fixtures.browser import NewPage
from tests.touring import tour
from tests.visiting import enter

SENTENCE = "Participants were recruited at three clinics in Nairobi, Kenya."
NAMES = ("Abebe 2019", "Lindqvist and the collaborative group on things with long names 2020", "Tan 2018", "Zhou 2022")


def filled() -> Review:
    """Four settled studies with results, one in conflict, one that an assistant alone has spoken of."""
    review = builders.review(title="Sleep and pain", ai_enabled=True)
    version = extracting.form_version(review, tabling.SCHEMA, name="Trials")
    for at, label in enumerate(NAMES):
        said = {"country": "Norway", "total": str(90 + 5 * at), "dose": ("5", "0"), "n": (str(40 + at), "41")}
        tabling.trial(review, version, label, **said, mean=("3.1", f"4.{at}"), se=("0.5", "0.61"))
    torn = extracting.included_study(review, label="Okafor 2021")
    for words in ("Kenya", "Uganda"):
        person = extracting.extractor(review)
        extracting.assign(torn, version, person)
        extracting.value(torn, version, "country", words, person)
    fresh = extracting.included_study(review, label="Mwangi 2023")
    extracting.proposal(fresh, version, "country", "Kenya")
    extracting.form_version(review, tabling.SCHEMA, name="Another form")
    return review


def with_document(review: Review) -> tuple[Study, str]:
    """A study whose country was proposed from its PDF and taken by both; and the address of that cell."""
    version = FormVersion.objects.get(form__name="Trials")
    study = tabling.trial(review, version, "Cheruiyot 2020")
    lines = [f"Line {number} of the report says nothing of interest." for number in range(40)]
    document = documents.read_in(
        review, documents.pdf(lines, [*lines[:30], SENTENCE]), record=study.reports.get().record
    )
    found = locate("three clinics in Nairobi", PagedText([(p.number, p.text) for p in document.pages.all()]))
    assert found.verified
    place = {"quote": found.text, "document": document, "page": found.page, "places": [list(p) for p in found.parts]}
    proposed = extracting.proposal(study, version, "country", "Kenya", answered_by="a-model-2026", **place)
    for assignment in study.assignments.all():
        extracting.value(
            study, version, "country", "Kenya", assignment.extractor, manner="accepted", citing=proposed, **place
        )
    return study, f"/reviews/{review.pk}/extraction/table/{study.pk}/{version.form_id}/{cell_key('country')}/"


@pytest.fixture
def review(transactional_db: None) -> Review:
    return filled()


@pytest.fixture
def page(review: Review, live_server: object, new_page: NewPage) -> Page:
    made = new_page()
    enter(made, review.created_by)
    return made


def test_the_pages_are_readable_for_everyone(review: Review, page: Page, live_server: object) -> None:
    empty = builders.review(lead=review.created_by)
    _, cell = with_document(review)
    start = f"/reviews/{review.pk}/extraction/table/"
    computed = Study.objects.get(label="Tan 2018")
    version = FormVersion.objects.get(form__name="Trials")
    key = cell_key("sd_by_se", computed.arms.all()[0].pk, computed.measures.get().pk)
    addresses = [
        f"/reviews/{empty.pk}/extraction/table/",
        start,
        f"{start}?layout=long&ai=1&sort=-total",
        f"{start}?filter=study:contains:nobody",
        cell,
        f"{start}{computed.pk}/{version.form_id}/{key}/",
    ]
    tour(page, live_server.url, addresses)  # type: ignore[attr-defined]  # pytest-django's


def test_the_head_and_the_studies_stay_in_sight_while_the_table_scrolls(review: Review, page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": 700})
    page.goto(f"/reviews/{review.pk}/extraction/table/?layout=study")
    frame = page.locator(".evidence-frame")
    frame.evaluate("frame => frame.scrollTo(frame.scrollWidth, frame.scrollHeight)")
    page.evaluate("scrollTo(1000, 0)")
    assert page.evaluate("[scrollX, document.querySelector('.evidence-frame').scrollLeft > 50]") == [0, True]
    expect(page.get_by_role("columnheader", name="Study", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("rowheader", name="Zhou 2022").last).to_be_in_viewport()


def test_a_cell_opens_where_it_comes_from_by_keyboard_and_closes_again(review: Review, page: Page) -> None:
    page.goto(f"/reviews/{review.pk}/extraction/table/")
    cell = page.get_by_role("link", name="Norway").first
    cell.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Country")).to_be_visible()
    expect(dialog.get_by_text("extraction · typed").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cell).to_be_focused()


def test_columns_filters_and_order_are_kept_from_one_to_the_next(review: Review, page: Page) -> None:
    page.goto(f"/reviews/{review.pk}/extraction/table/")
    page.get_by_text("Columns", exact=True).click()
    for column in ("Dose", "Analysed", "Mean", "Standard error", "SD from the standard error"):
        page.get_by_role("checkbox", name=column, exact=True).uncheck()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("columnheader")).to_have_count(3)
    page.get_by_role("columnheader", name="Randomised").get_by_role("link").click()
    page.get_by_text("Filter", exact=True).first.click()
    page.get_by_label("Column").select_option(label="Country")
    page.get_by_label("Text or state").fill("nor")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("columnheader")).to_have_count(3)
    expect(page.get_by_role("rowheader")).to_have_count(4)
    expect(page.get_by_role("rowheader").first).to_have_text("Abebe 2019")
    page.get_by_role("link", name="Remove this filter").click()
    expect(page.get_by_role("rowheader")).to_have_count(6)


def test_the_quote_of_a_value_is_lit_in_its_document(review: Review, page: Page) -> None:
    _, address = with_document(review)
    page.goto(address)
    mark = page.locator(".pv-mark").first
    expect(mark).to_be_visible()
    expect(mark).to_be_in_viewport()
    assert page.locator(".pdfViewer .page:has(.pv-mark)").get_attribute("data-page-number") == "2"
    assert Document.objects.get().page_count == 2


def test_a_file_comes_down(review: Review, page: Page) -> None:
    page.goto(f"/reviews/{review.pk}/extraction/table/")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Excel").click()
    assert coming.value.suggested_filename == "sleep-and-pain-trials.xlsx"
