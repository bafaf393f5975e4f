"""Every other page of the demonstration's lead, as `test_every_page` says; the rest is in the second of two files."""

from screening.models.review import Review
from tests.browser.test_every_page import addresses_of
from tests.fixtures.browser import NewPage
from tests.touring import tour
from tests.visiting import sign_in


def test_every_other_page_of_a_lead(demonstration: Review, new_page: NewPage, live_server: object) -> None:
    page = new_page()
    sign_in(page, "lee")
    tour(page, live_server.url, addresses_of("lee", demonstration)[::2])  # type: ignore[attr-defined]  # pytest-django's
