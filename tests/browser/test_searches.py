"""A search in a real browser: written down, counted, fetched, its page kept up to date by itself."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.searched import server, worked  # noqa: F401  (a fixture)
from tests.touring import violations
from tests.visiting import enter


@pytest.fixture
def review(transactional_db):
    return builders.review(lead=builders.user("lead"))


def looks_right(page):
    """axe finds nothing, and nothing stands out to the side, wide and narrow."""
    for width in (1440, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = violations(page)
        assert [(item["id"], item["nodes"][0]["html"]) for item in found] == []
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_search_is_written_down_counted_and_fetched_and_the_page_follows(page, review, server):  # noqa: F811
    enter(page, review.created_by)
    page.goto(f"/reviews/{review.pk}/searches/")
    page.get_by_role("link", name="New search").click()
    page.get_by_label("Search strategy").fill("#1 AND wrong")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("put the lines together")
    looks_right(page)
    page.get_by_label("Search strategy").fill("wrong asthma")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="How many?").click()
    expect(page.locator("#search-run")).to_contain_text("Asking PubMed")
    search = review.searches.get()
    worked(search.runs.get())
    expect(page.locator("#search-run")).to_contain_text("2 records in PubMed")  # by itself
    expect(page.locator("#search-run")).to_contain_text("PubMed knows no field “titel”")
    expect(page.locator("#search-runs")).to_contain_text("Counted")
    looks_right(page)
    page.get_by_role("button", name="Fetch them").click()
    expect(page.locator("#search-run")).to_contain_text("Fetching")
    worked(search.runs.get())
    expect(page.locator("#search-run")).to_contain_text("Fetched 2 of 2")
    expect(page.locator("#search-runs")).to_contain_text("being read")
    looks_right(page)
    page.get_by_role("link", name="Change").click()
    looks_right(page)
