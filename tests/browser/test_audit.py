"""The audit browser in Chromium: axe finds nothing, nothing scrolls sideways, filters and links work."""

import pytest
from django.test import Client
from playwright.sync_api import Page

from audit.actors import acting, person
from screening.actions import duplicates
from tests import builders
from tests.audit import story
from tests.fixtures.browser import NewPage
from tests.touring import violations

pytestmark = pytest.mark.django_db(transaction=True)


def told() -> story.Cast:
    """A review with every kind of line."""
    cast = story.cast(title="Sodium-glucose cotransporter inhibitors and kidney outcomes")
    record = builders.record(cast.review, title="A trial of " + "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3)
    twin = builders.record(cast.review)
    with acting(person(cast.lead), "The journal corrected it"):
        record.title, record.abstract, record.year, record.journal = "Corrected", "Long words. " * 60, 2020, "Journal"
        record.save()
        duplicates.merge(kept=record, absorbed=twin, by=cast.lead, reason="Same trial")
    item = story.item(record, story.assistant(cast.review))
    story.call(item, reply='{"criteria": []}', attempt=1)
    story.call(item, reply=None, attempt=2)
    story.decide(record, cast.other, "exclude")
    story.decide(record, cast.screening_lead, "include")
    return cast


def opened(new_page: NewPage, user: object, **options: object) -> Page:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    page = new_page(**options)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "localhost", "path": "/"}
    page.context.add_cookies([session])
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (320, "dark")])
def test_its_pages_are_accessible_and_fit(new_page: NewPage, live_server: object, width: int, scheme: str) -> None:
    cast = told()
    record, base = cast.review.records.first(), f"/reviews/{cast.review.pk}/audit/"
    call = story.ModelCall.objects.first()
    for user in (cast.lead, cast.screening_lead):
        page = opened(new_page, user, viewport={"width": width, "height": 900}, color_scheme=scheme)
        for address in (base, f"{base}?since=never", f"{base}records/{record.pk}/", f"{base}calls/{call.pk}/"):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            found = violations(page)
            assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == [], address
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address


def test_a_filter_narrows_the_lines_and_a_link_leads_back_to_its_line(new_page: NewPage, live_server: object) -> None:
    cast = told()
    page = opened(new_page, cast.lead)
    page.goto(f"/reviews/{cast.review.pk}/audit/")
    page.get_by_label("Event").select_option("record.decided")
    page.wait_for_url("**type=record.decided**")
    lines = page.locator(".timeline-list > li")
    assert lines.count() == 2
    anchor = lines.last.get_attribute("id")
    lines.last.get_by_label("Link to this line").click()
    page.wait_for_url(f"**#{anchor}")
    assert page.locator(".timeline-list > li").first.get_attribute("id") == anchor
