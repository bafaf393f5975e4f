"""The first half of the pages of the demonstration's lead, in turns with `test_every_second_page_of_a_lead`."""

from screening.models.review import Review
from tests.browser.test_every_page import addresses_of
from tests.fixtures.browser import NewPage
from tests.touring import tour
from tests.visiting import sign_in


def test_the_first_half_of_the_pages_of_a_lead(demonstration: Review, new_page: NewPage, live_server: object) -> None:
    page = new_page()
    sign_in(page, "lee")
    tour(page, live_server.url, addresses_of("lee", demonstration)[::2])  # type: ignore[attr-defined]  # pytest-django's
