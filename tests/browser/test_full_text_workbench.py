"""The workbench at the stage of full texts: the document in place of the abstract, the same keys, the same bar."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from screening.enums import DocumentStatus, Stage, StageStatus, TextLayer
from screening.fulltext.locate import PagedText, locate
from screening.models.decision import Decision
from screening.models.document import Document
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState
from screening.queries.documents.documents import current_documents, pages_of
from tests import assisting, builders, documents, viewing
from tests.fixtures.browser import NewPage
from tests.stored_suggestions import suggestion_for
from tests.visiting import Watch, enter, open_workbench, settled, title

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = [(1440, 900, "light"), (1440, 900, "dark"), (390, 844, "light"), (320, 640, "dark")]
PAPERS = ("short", "long", None)  # the documents of the records, in the order in which they are handed out


@pytest.fixture
def ada() -> User:
    return builders.user("ada")


@pytest.fixture
def review(ada: User, live_server: object) -> Review:
    """Three records that wait for their full text to be read; two have one, and of one an AI has spoken."""
    made = builders.review(
        lead=builders.user(), reviewers=[ada], adjudicators=[ada], oversight="assist", reviewers_per_record=1,
        ai_enabled=True,
    )  # fmt: skip
    for _ in PAPERS:
        builders.decide(builders.record(made), by=ada)
    places = StageState.objects.filter(review=made, stage=Stage.FULL_TEXT).order_by("rank").select_related("record")
    records = [place.record for place in places]
    for name, record in zip(PAPERS, records, strict=True):
        if name:
            _give(record, name)
    _suggest(made, records[0])
    return made


def _give(record: Record, name: str) -> None:
    """The file itself, handed in; the long one is taken as read, since reading it for every test takes its time."""
    document = documents.hand_in(record.review, viewing.paper(name).content, name=f"{name}.pdf", record=record)
    if name == "short":
        documents.read(document)
    else:
        Document.objects.filter(pk=document.pk).update(
            status=DocumentStatus.READY, page_count=len(viewing.paper(name).pages), layer=TextLayer.TEXT
        )


def _suggest(review: Review, record: Record) -> None:
    """A suggestion as rows, whose quote stands where the server's reader found it."""
    document = current_documents([record.pk])[record.pk]
    text = PagedText([(page.number, page.visible) for page in pages_of([document.pk])[document.pk]])
    place = locate(viewing.QUOTE, text)
    run = assisting.start(assisting.local(review), stage=Stage.FULL_TEXT)
    quote = {
        "text": viewing.QUOTE, "field": "document", "document": document.pk, "verified": place.verified,
        "page": place.page, "start": place.start, "end": place.end, "parts": [list(part) for part in place.parts],
    }  # fmt: skip
    suggestion_for(run.items.get(record=record), text="Concealed.", quotes=[quote])


def address(name: str) -> str:
    document = Document.objects.get(name=f"{name}.pdf")
    return reverse("screening:document-file", args=[document.review_id, document.pk])


def open_full_text(page: Page, review: Review, person: User) -> None:
    enter(page, person)
    open_workbench(page, review, Stage.FULL_TEXT)
    page.wait_for_selector("pdf-viewer[data-state=ready]")


def test_the_document_stands_in_place_of_the_abstract_which_is_folded(page: Page, review: Review, ada: User) -> None:
    open_full_text(page, review, ada)
    expect(page.get_by_label("Page 1", exact=True)).to_contain_text("An invented trial, page 1")
    expect(page.locator(".wb-abstract")).to_be_hidden()
    page.get_by_text("Abstract", exact=True).click()
    expect(page.locator(".wb-abstract")).to_be_visible()
    expect(page.locator(".wb-verdict").first).to_be_in_viewport()


def test_the_same_keys_decide_and_the_next_record_brings_its_document(page: Page, review: Review, ada: User) -> None:
    open_full_text(page, review, ada)
    expect(page.locator("[data-pv-count]")).to_have_text("6")
    page.locator(".pv-scroll").focus()
    page.keyboard.press("y")  # with the focus in the document, too
    expect(page.locator("[data-pv-count]")).to_have_text("200")
    page.keyboard.press("n")
    page.keyboard.press("1")
    settled(page)
    said = Decision.objects.filter(stage=Stage.FULL_TEXT).order_by("id")
    assert list(said.values_list("verdict", flat=True)) == ["include", "exclude"]
    first = title(page)
    page.keyboard.press("z")
    expect(page.locator(".wb-title")).not_to_have_text(first)
    expect(page.locator("[data-pv-count]")).to_have_text("200")


def test_a_record_without_a_document_shows_its_abstract_and_says_so(page: Page, review: Review, ada: User) -> None:
    open_full_text(page, review, ada)
    page.keyboard.press("y")
    page.keyboard.press("y")
    expect(page.locator(".ft-missing")).to_contain_text("No full text has been uploaded for this record")
    expect(page.locator(".wb-abstract")).to_be_visible()
    expect(page.locator("pdf-viewer")).to_be_hidden()


def test_a_quote_of_the_document_is_lit_in_it_and_put_out_with_the_next_record(
    page: Page, review: Review, ada: User
) -> None:
    open_full_text(page, review, ada)
    quote = page.locator(".wb-quote")
    expect(quote).to_contain_text("page 3")
    quote.click()
    expect(page.get_by_role("img", name="Marked:")).to_be_in_viewport()
    expect(page.get_by_label("Page", exact=True)).to_have_value("3")
    page.keyboard.press("y")
    expect(page.locator("[data-pv-count]")).to_have_text("200")
    expect(page.locator(".pv-mark")).to_have_count(0)


def test_the_next_document_is_fetched_ahead(page: Page, review: Review, ada: User) -> None:
    open_full_text(page, review, ada)
    expect(page.locator('link[rel="prefetch"]')).to_have_attribute("href", address("long"))


def test_on_a_phone_a_quote_brings_the_document_to_the_front(
    new_page: NewPage, review: Review, ada: User, live_server: object
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    open_full_text(page, review, ada)
    page.get_by_role("tab", name="Criteria").click()
    expect(page.locator("pdf-viewer")).to_be_hidden()
    page.locator(".wb-quote").click()
    expect(page.locator(".pv-mark").first).to_be_in_viewport()
    expect(page.locator(".wb-verdict").first).to_be_in_viewport()


def test_without_scripts_the_file_is_a_link_and_the_form_decides(
    new_page: NewPage, live_server: object, review: Review, ada: User
) -> None:
    page = new_page(java_script_enabled=False)
    enter(page, ada)
    page.goto(f"/reviews/{review.pk}/screen/full_text/")
    expect(page.get_by_role("link", name="Open short.pdf")).to_have_attribute("href", address("short"))
    page.get_by_role("button", name="Include").click()
    assert Decision.objects.filter(stage=Stage.FULL_TEXT).get().verdict == "include"


def test_a_conflict_over_a_full_text_shows_the_document(page: Page, review: Review, ada: User) -> None:
    StageState.objects.filter(review=review, stage=Stage.FULL_TEXT).update(status=StageStatus.CONFLICT)
    state = StageState.objects.filter(review=review, stage=Stage.FULL_TEXT).first()
    assert state is not None
    enter(page, ada)
    page.goto(reverse("screening:conflict", args=[review.pk, state.pk]))
    page.wait_for_selector("pdf-viewer[data-state=ready]")
    page.wait_for_selector(".conflict-page[data-ready]")
    expect(page.get_by_role("heading", name="Opinions")).to_be_visible()
    expect(page.locator(".wb-abstract")).to_be_hidden()


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_axe_finds_nothing_and_the_policy_is_kept(
    new_page: NewPage, live_server: object, review: Review, ada: User, width: int, height: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    watch = Watch(page, live_server.url)  # type: ignore[attr-defined]  # pytest-django's
    open_full_text(page, review, ada)
    for _ in PAPERS:  # two with a document, one without
        found = [
            (rule["id"], [node["target"] for node in rule["nodes"]][:3])
            for rule in Axe().run(page).response["violations"]
        ]
        assert not found
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
        page.keyboard.press("y")
        settled(page)
    assert not watch.complaints
