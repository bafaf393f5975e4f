"""The extraction screen on a slow line: the answer to an earlier save never overwrites what was written since."""

from playwright.sync_api import Route, expect

from extraction.actions import assignments
from extraction.models.value import Value
from tests import builders, extracting
from tests.browser.test_extraction import cell, saved
from tests.fixtures.browser import NewPage
from tests.visiting import enter

FIELDS = [{"key": key, "label": key.title(), "kind": "text"} for key in ("country", "funding")]
SCHEMA = {"title": "T", "purpose": "data", "groups": [{"key": "g", "label": "Study", "fields": FIELDS}]}


def test_a_late_reply_leaves_what_was_written_since(
    transactional_db: None, new_page: NewPage, live_server: object
) -> None:
    review = builders.review()
    study, version = extracting.study(review), extracting.form_version(review, SCHEMA)
    person = extracting.extractor(review, "one")
    assignments.begin(study=study, form=version.form, by=person)
    page = new_page()
    enter(page, person)
    held: list[Route] = []
    page.route("**/values/", lambda route: held.append(route))  # noqa: PLW0108  playwright marks what it is given
    page.goto(f"/reviews/{review.pk}/extraction/{study.pk}/{version.form_id}/")
    page.wait_for_selector("#sheet[data-ready]")
    country = cell(page, "country").locator("[data-input]")
    for words in ("Kenya", "Uganda"):
        country.fill(words)
        cell(page, "funding").locator("[data-input]").focus()
        expect(page.locator("[data-flight]")).to_be_visible()
    first, *others = held
    assert others == []  # one at a time
    with page.expect_request("**/values/"):
        first.continue_()
    expect(country).to_have_value("Uganda")
    held[1].continue_()
    saved(page)
    expect(country).to_have_value("Uganda")
    assert list(Value.objects.order_by("id").values_list("value", flat=True)) == ["Kenya", "Uganda"]
