"""The extraction screen on a slow line: the answer to an earlier save never overwrites what was written since."""

from playwright.sync_api import Route, expect

from extraction.models.value import Value
from tests.browser.test_extraction import cell, saved
from tests.browser.test_extraction_choice import at_sheet
from tests.fixtures.browser import NewPage

FIELDS = [{"key": key, "label": key.title(), "kind": "text"} for key in ("country", "funding")]
SCHEMA = {"title": "T", "purpose": "data", "groups": [{"key": "g", "label": "Study", "fields": FIELDS}]}


def test_a_late_reply_leaves_what_was_written_since(
    transactional_db: None, new_page: NewPage, live_server: object
) -> None:
    page = at_sheet(new_page(), SCHEMA)
    held: list[Route] = []
    page.route("**/values/", lambda route: held.append(route))  # noqa: PLW0108  playwright marks what it is given
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
