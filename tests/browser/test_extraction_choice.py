"""A choice by keyboard on the extraction screen: what is passed on the way is nobody's answer."""

from playwright.sync_api import Page, expect

from extraction.actions import assignments
from extraction.models.value import Value
from tests import builders, extracting
from tests.browser.test_extraction import cell, saved
from tests.fixtures.browser import NewPage
from tests.visiting import enter

NAMES = ("Parallel group", "Cross-over", "Cluster", "Other")
OPTIONS = [{"key": f"o{place}", "label": name} for place, name in enumerate(NAMES)]
FIELD = {"key": "design", "label": "Design", "kind": "choice", "options": OPTIONS}
SCHEMA = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "Study", "fields": [FIELD]}]}


def at_sheet(page: Page, schema: dict[str, object]) -> Page:
    """An extractor who has begun a study by a form of this schema, at its sheet."""
    review = builders.review()
    study, version = extracting.study(review), extracting.form_version(review, schema)
    person = extracting.extractor(review, "one")
    assignments.begin(study=study, form=version.form, by=person)
    enter(page, person)
    page.goto(f"/reviews/{review.pk}/extraction/{study.pk}/{version.form_id}/")
    page.wait_for_selector("#sheet[data-ready]")
    return page


def test_walking_to_an_answer_by_arrows_stores_only_that_one(
    transactional_db: None, new_page: NewPage, live_server: object
) -> None:
    page = at_sheet(new_page(), SCHEMA)
    choice = cell(page, "design").locator("select")
    choice.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(choice).to_have_value("o2")
    page.keyboard.press("Enter")
    expect(cell(page, "design")).to_contain_text("Entered")
    saved(page)
    assert list(Value.objects.values_list("value", flat=True)) == ["o2"]
    choice.focus()
    page.keyboard.press("ArrowDown")  # and rests there
    expect(cell(page, "design").locator(".xt-problem")).to_be_hidden()
    page.wait_for_function("() => document.querySelector('[data-cell]').dataset.stored.includes('o3')")
    saved(page)
    assert set(Value.objects.values_list("value", flat=True)) == {"o2", "o3"}
