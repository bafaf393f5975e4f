"""The bell while a page stays open: the count follows, and a screen reader is told without being interrupted."""

from playwright.sync_api import Page, expect

from screening.actions import notifying
from tests.fixtures.browser import NewPage
from tests.notified import conflict, team
from tests.visiting import enter


def a_minute_later(page: Page) -> None:
    page.clock.fast_forward("01:01")


def test_what_comes_while_a_page_is_open_is_counted_and_said_politely(
    transactional_db: None, new_page: NewPage, live_server: object
) -> None:
    review, _, one, two, judge = team()
    page = new_page()
    enter(page, judge)
    page.clock.install()
    page.goto("/notifications/settings/")
    expect(page.locator(".bell-count")).to_be_hidden()
    conflict(review, one, two)
    notifying.look()
    a_minute_later(page)
    expect(page.locator(".bell-count")).to_have_text("1")
    page.clock.run_for(100)
    expect(page.locator("#announcer")).to_have_text("1 new notification")
    page.get_by_role("link", name="Notifications: 1 unread").press("Enter")
    page.get_by_role("link", name="1 conflict waits for you").press("Enter")
    expect(page).to_have_url(f"{live_server.url}/reviews/{review.pk}/conflicts/")  # type: ignore[attr-defined]
    expect(page.locator(".bell-count")).to_be_hidden()
