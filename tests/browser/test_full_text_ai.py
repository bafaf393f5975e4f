"""Full texts and an assistant in Chromium: the run is started from its page, and a quote is lit where it stands."""

import pytest
from playwright.sync_api import expect

from screening.actions import runs
from screening.models.run import Run
from screening.models.suggestion import Suggestion
from tests import assisting, builders, documents, reading
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.browser.test_ai_pages import sound
from tests.visiting import enter, open_workbench

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LINES = ["Exercise training in asthma", "", "Methods", "We included adults with asthma from three hospitals.",
         "They were randomised by computer to exercise or to usual care."]  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_from_the_start_page_to_a_quote_in_the_document(live_server, new_page, model_server, scheme, width):  # noqa: F811
    lead, rita = builders.user("lena"), builders.user("rita")
    review = assisting.review(lead=lead, reviewers=[rita], oversight="assist", reviewers_per_record=1)
    reader = reading.at_full_text(review, title="Exercise training in asthma")
    document = documents.read_in(review, documents.pdf(["A first page of other things."], LINES), record=reader)
    documents.documents.permit(review=review, by=lead, may=True, documents=[document])
    reading.at_full_text(review, title="Another that nobody has found yet")
    assistant = assisting.llm(review, model_server)

    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    enter(page, lead)
    page.goto(f"/reviews/{review.pk}/ai/runs/new/?assistant={assistant.pk}&stage=full_text")
    expect(page.get_by_text("1 record has no text that can be read")).to_be_visible()
    assert sound(page)
    page.get_by_role("button", name="Start with").click()
    page.get_by_text("The list of records is being made").wait_for()
    run = Run.objects.get()
    runs.prepare(run_id=run.pk)
    assisting.work(run)
    page.get_by_text("Finished").wait_for()
    assert sound(page)

    assert Suggestion.objects.get().explanation["seen"] == "whole"
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    enter(page, rita)
    open_workbench(page, review, "full_text")
    page.wait_for_selector("pdf-viewer[data-state=ready]", state="attached")
    if width < 900:
        page.get_by_role("tab").last.click()
    expect(page.get_by_text("Read as a whole: “report.pdf” (2 pages).")).to_be_visible()
    quote = page.locator("button.wb-quote", has_text="page 2").first
    quote.click()
    expect(page.get_by_role("img", name="Marked:").first).to_be_in_viewport()
