"""From a search to one decision on many records and back, in a browser; and the pages that only this leads to."""

from playwright.sync_api import Page, expect

from screening.models.decision import Decision
from screening.models.stage import StageRule
from tests import builders
from tests.fixtures.browser import NewPage
from tests.touring import look
from tests.visiting import enter


def test_a_selection_is_decided_on_together_and_taken_back(new_page: NewPage, live_server: object) -> None:
    person = builders.user()
    review = builders.review(reviewers=[person])
    StageRule.objects.filter(review=review).update(bulk_allowed=True)
    for _ in range(3):
        builders.record(review, title="A kidney trial", abstract="Of kidneys.")
    builders.record(review, title="Another")
    page: Page = new_page()
    enter(page, person)
    page.goto(f"/reviews/{review.pk}/records/?q=kidneys")
    expect(page.locator("mark").first).to_have_text("kidney")
    page.locator("[data-all]").check()
    expect(page.locator("[data-count]")).to_have_text("3 selected")
    page.locator("input[name=record]").first.uncheck()
    page.get_by_role("button", name="Decide on the selected at title and abstract").click()
    assert look(page, page.url) == []
    page.get_by_label("Exclude").check()
    page.get_by_role("button", name="Store 2 decisions").click()
    expect(page.get_by_role("heading", name="Exclude: 2 records decided together")).to_be_visible()
    assert look(page, page.url) == []
    page.get_by_role("button", name="Take all 2 back").click()
    expect(page.get_by_text("changed since, or taken back").first).to_be_visible()
    assert (
        list(Decision.objects.order_by("id").values_list("verdict", flat=True)) == ["exclude"] * 2 + ["withdrawn"] * 2
    )
