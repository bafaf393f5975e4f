"""The AI pages in Chromium: a lead turns AI on, sees the estimate, starts a run and watches it end; axe is content."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from screening.actions import offline, runs
from screening.models.run import Run
from tests import assisting, builders

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "correct horse battery"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_a_run_from_the_switch_to_its_end(live_server, new_page, scheme, width):
    lead = builders.user("lena", password=PASSWORD)
    review = builders.review(lead=lead)
    for _ in range(6):
        builders.record(review)
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "lena")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main button[type=submit], main .btn-primary").first.click()
    page.wait_for_url(lambda url: "login" not in url)

    page.goto(f"/reviews/{review.pk}/ai/")
    page.get_by_label("AI is on for this review").check()
    page.locator("form[action$='/ai/switch/'] button").click()
    page.get_by_text("It is in force from now on").wait_for()
    assert sound(page)

    words_only = assisting.local(review)
    page.goto(f"/reviews/{review.pk}/ai/runs/new/?assistant={words_only.pk}")
    assert sound(page)
    page.get_by_role("button", name="Start with").click()
    page.get_by_text("The list of records is being made").wait_for()
    run = Run.objects.get()
    runs.prepare(run_id=run.pk)
    while offline.screen_batch(run_id=run.pk):
        pass
    page.get_by_text("Finished").wait_for()  # by itself, without a reload
    assert sound(page)


def sound(page) -> bool:
    """Axe has nothing to say, and nothing is wider than the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return True
