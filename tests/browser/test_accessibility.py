"""axe finds nothing, and nothing scrolls sideways, on the pages that everybody meets, in both themes and on a phone."""

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests import builders
from tests.fixtures.browser import NewPage
from tests.touring import violations

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = [(1440, 900, "light"), (1440, 900, "dark"), (390, 844, "light"), (320, 640, "dark")]


def check(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    found = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in violations(page)]
    assert not found, address
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{address} scrolls sideways"


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_signed_out_pages(new_page: NewPage, live_server: object, width: int, height: int, scheme: str) -> None:
    page = new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    for address in ("/accounts/login/", "/accounts/password/reset/"):
        check(page, address)


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_the_workbench(new_page: NewPage, live_server: object, width: int, height: int, scheme: str) -> None:
    ada = builders.user("ada")
    review = builders.review(reviewers=[ada], title="Sodium-glucose cotransporter inhibitors and kidney outcomes")
    builders.record(review)
    client = Client()
    client.force_login(ada)
    page = new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "localhost", "path": "/"}
    page.context.add_cookies([session])
    check(page, f"/reviews/{review.pk}/screen/title_abstract/")
    page.keyboard.press("?")
    assert not violations(page)
    page.keyboard.press("Escape")
    box = page.locator(".wb-verdict").first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= height, "the decision bar is always on screen"
