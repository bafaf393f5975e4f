"""Two extractors and an adjudicator take one study to consensus by keyboard, with each quote lit in the PDF."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from extraction.actions import assignments, values
from extraction.models.form import FormVersion
from extraction.models.proposal import Rejection
from extraction.models.value import Value
from screening.enums import Role
from screening.models.document import Document
from screening.models.study import Study, StudyReport
from screening.queries.documents.documents import pages_of
from tests import builders, documents, extracting
from tests.fixtures.browser import NewPage
from tests.visiting import enter

LINES = ("We randomised 120 adults in Peru.", "Twelve events were seen among 60 people.", "Nothing else was found.")
FIELDS = [
    {"key": "country", "label": "Country", "kind": "text"},
    {"key": "n", "label": "Participants", "kind": "number", "whole": True},
    {"key": "design", "label": "Design", "kind": "text"},
    {"key": "events", "label": "Events", "kind": "number", "tier": "outcome"},
]
SCHEMA = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "Study", "fields": FIELDS}]}


def quoted(document: Document, quote: str) -> dict[str, object]:
    """The place of a quote, as a proposal keeps it."""
    page = pages_of([document.pk])[document.pk][0]
    start = page.text.replace("\n", " ").index(quote)
    return {"quote": quote, "document": document, "page": 1, "places": [[1, start, start + len(quote)]]}


def cell(page: Page, key: str) -> Locator:
    return page.locator(f"#c-{key}-0-0")


def open_sheet(page: Page, study: Study, version: FormVersion) -> None:
    page.goto(reverse("extraction:sheet", args=[study.review_id, study.pk, version.form_id]))
    page.wait_for_selector("#sheet[data-ready]")
    page.wait_for_selector("pdf-viewer[data-state=ready]")


def saved(page: Page) -> None:
    expect(page.locator("[data-flight]")).to_be_hidden()


@pytest.fixture
def case(transactional_db: None) -> tuple[Study, FormVersion, Document]:
    review = builders.review(ai_enabled=True)
    record = documents.at_full_text(review)
    document = documents.read_in(review, documents.pdf(LINES), record=record)
    study = Study.objects.filter(reports__record=record).first() or extracting.study(review, label="Okafor 2021")
    StudyReport.objects.get_or_create(record=record, defaults={"review": review, "study": study})
    version = extracting.form_version(review, SCHEMA)
    extracting.proposal(study, version, "country", "Peru", **quoted(document, "120 adults in Peru"))
    extracting.proposal(study, version, "n", "120", **quoted(document, "randomised 120 adults"))
    extracting.proposal(study, version, "design", "crossover", **quoted(document, "Nothing else was found"))
    extracting.proposal(study, version, "events", "12", **quoted(document, "Twelve events were seen"))
    return study, version, document


def test_from_two_extractors_to_consensus_by_keyboard(
    case: tuple[Study, FormVersion, Document], new_page: NewPage, live_server: object
) -> None:
    study, version, _ = case
    one, two = extracting.extractor(study.review, "one"), extracting.extractor(study.review, "two")
    judge = builders.user("judge")
    builders.join(study.review, judge, Role.ADJUDICATOR)
    for person in (one, two):
        assignments.begin(study=study, form=version.form, by=person)
    page = new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    enter(page, one)
    open_sheet(page, study, version)

    cell(page, "country").locator("[data-input]").focus()
    expect(page.locator(".pv-mark").first).to_be_in_viewport()  # the quote is lit as the cell gets the focus
    page.keyboard.press("Enter")  # accepts, and goes on
    expect(cell(page, "country")).to_have_class(re.compile("is-accepted"))
    expect(cell(page, "n").locator("[data-input]")).to_be_focused()
    page.keyboard.type("121")
    page.keyboard.press("Enter")
    expect(cell(page, "n")).to_have_class(re.compile("is-edited"))
    cell(page, "n").locator("[data-override]").select_option("imprecise")
    expect(cell(page, "n")).to_contain_text("Why not as proposed: imprecise")
    cell(page, "design").locator("[data-input]").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("4")
    expect(cell(page, "design")).to_contain_text("You rejected it: wrong context")
    page.keyboard.press("Alt+r")
    expect(cell(page, "design")).to_contain_text("not reported")
    page.keyboard.press("Tab")
    events = cell(page, "events")
    expect(events).to_contain_text("after your entry")
    page.keyboard.type("11")
    page.keyboard.press("Enter")
    expect(events).to_contain_text("Change to this")  # revealed by the own entry
    events.locator("[data-input]").focus()
    page.keyboard.press("Control+Enter")
    expect(events).to_have_class(re.compile("is-accepted"))
    expect(events.locator("[data-input]")).to_have_value("12")
    saved(page)
    assert Rejection.objects.get(author=one).reason == "wrong_context"
    assert list(Value.objects.filter(cell="events@0@0").order_by("id").values_list("value", flat=True)) == ["11", "12"]
    page.get_by_role("button", name="Done").click()
    page.wait_for_url(re.compile("/extraction/$"))

    for field, raw in (("country", "Peru"), ("n", "120"), ("events", "12")):
        said = {"study": study, "form": version.form, "field_key": field, "raw": raw, "by": two}
        values.record(**said, idempotency_key=uuid4())
    values.record(
        study=study, form=version.form, field_key="design", state="not_reported", by=two, idempotency_key=uuid4()
    )
    assignments.done(assignment=study.assignments.get(extractor=two), by=two)

    enter(page, judge)
    page.goto(reverse("extraction:consensus", args=[study.review_id, study.pk, version.form_id]))
    page.wait_for_selector("#consensus[data-ready]")
    expect(page.locator("#r-n-0-0")).to_be_focused()  # what differs is in hand
    expect(page.locator(".pv-mark").first).to_be_in_viewport()
    page.keyboard.press("2")
    page.wait_for_url(re.compile("#next"))
    expect(page.locator("#r-n-0-0")).to_contain_text("settled by judge")
    assert Value.objects.get(capacity="consensus").value == "120"


def test_what_is_entered_without_a_connection_is_kept_and_sent_later(
    case: tuple[Study, FormVersion, Document], new_page: NewPage, live_server: object
) -> None:
    study, version, _ = case
    one = extracting.extractor(study.review, "one")
    assignments.begin(study=study, form=version.form, by=one)
    page = new_page()
    enter(page, one)
    open_sheet(page, study, version)
    page.context.set_offline(True)
    cell(page, "n").locator("[data-input]").fill("77")
    page.keyboard.press("Tab")
    expect(page.locator("[data-flight]")).to_contain_text("kept in this browser")
    page.context.set_offline(False)
    saved(page)
    assert Value.objects.get(author=one).value == "77"


def test_words_selected_in_the_document_become_the_quote(
    case: tuple[Study, FormVersion, Document], new_page: NewPage, live_server: object
) -> None:
    study, version, document = case
    one = extracting.extractor(study.review, "one")
    assignments.begin(study=study, form=version.form, by=one)
    page = new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    enter(page, one)
    open_sheet(page, study, version)
    cell(page, "events").locator("[data-input]").focus()
    page.wait_for_selector(".textLayer span:has-text('Twelve')")
    page.evaluate(
        """() => { const span = [...document.querySelectorAll('.textLayer span')].find((one) => one.textContent.includes('Twelve'));
        const range = document.createRange(); range.selectNodeContents(span); getSelection().removeAllRanges(); getSelection().addRange(range); }"""  # noqa: E501
    )
    page.get_by_role("button", name="Use selection").click()
    expect(cell(page, "events")).to_contain_text("goes with the value")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    saved(page)
    value = Value.objects.get(author=one)
    assert value.quote.startswith("Twelve events")
    assert (value.document, value.page) == (document, 1)


def test_a_study_without_a_document_says_so_where_it_would_stand(
    transactional_db: None, new_page: NewPage, live_server: object
) -> None:
    review = builders.review()
    version, study = extracting.form_version(review, SCHEMA), extracting.included_study(review)
    page = new_page()
    enter(page, extracting.extractor(review))
    page.goto(reverse("extraction:sheet", args=[review.pk, study.pk, version.form_id]))
    expect(page.get_by_text("No document of this study has been uploaded yet.")).to_be_visible()
