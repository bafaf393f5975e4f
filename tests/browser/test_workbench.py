"""The screening workbench in a real browser, against the real server: by keyboard, through outages, without scripts."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, Route, expect

from screening.enums import Stage
from screening.models.decision import Decision
from screening.models.protocol import ExclusionReason
from screening.models.review import Review
from tests import builders
from tests.fixtures.browser import NewPage
from tests.visiting import settled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reviewer() -> User:
    return builders.user("ada")


@pytest.fixture
def review(reviewer: User) -> Review:
    made = builders.review(reviewers=[reviewer], oversight="off")
    ExclusionReason.objects.filter(review=made, stage=Stage.TITLE_ABSTRACT).delete()
    for _ in range(8):
        builders.record(made)
    return made


def sign_in(page: Page, person: User) -> None:
    client = Client()
    client.force_login(person)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "localhost", "path": "/"}]
    )


def open_workbench(page: Page, review: Review, person: User) -> None:
    sign_in(page, person)
    page.goto(f"/reviews/{review.pk}/screen/title_abstract/")
    page.wait_for_selector("#workbench[data-ready]")


def verdicts() -> list[str]:
    return list(Decision.objects.order_by("id").values_list("verdict", flat=True))


def test_verdicts_by_key_are_stored_in_order(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    for key in "ymn":
        page.keyboard.press(key)
    settled(page)
    assert verdicts() == ["include", "maybe", "exclude"]
    assert Decision.objects.values("record").distinct().count() == 3


def test_undo_goes_back_as_many_steps_as_there_are(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    first = page.locator(".wb-title").inner_text()
    page.keyboard.press("y")
    page.keyboard.press("y")
    settled(page)
    page.keyboard.press("z")
    page.keyboard.press("z")
    settled(page)
    assert verdicts() == ["include", "include", "withdrawn", "withdrawn"]
    expect(page.locator(".wb-title")).to_have_text(first)


def test_modifiers_repeats_and_typing_decide_nothing(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    first = page.locator(".wb-title").inner_text()
    for keys in ("Control+y", "Alt+y", "Shift+y"):
        page.keyboard.press(keys)
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'y', repeat: true, bubbles: true}))")
    page.evaluate(
        "document.body.append(document.createElement('input')); document.querySelector('body > input').focus()"
    )
    page.keyboard.type("ymn")
    expect(page.locator(".wb-title")).to_have_text(first)
    assert verdicts() == []


def test_decisions_survive_an_outage_and_a_closed_tab(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    page.context.route("**/decisions/", lambda route: route.abort())
    page.keyboard.press("y")
    page.keyboard.press("n")
    expect(page.locator(".wb-banner")).to_contain_text("2 decisions wait")
    assert verdicts() == []
    page.context.unroute("**/decisions/")
    page.goto("about:blank")
    page.goto(f"/reviews/{review.pk}/screen/title_abstract/")
    page.wait_for_selector("#workbench[data-ready]")
    settled(page)
    assert verdicts() == ["include", "exclude"]


def test_a_reply_that_was_lost_is_stored_once(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    lost = iter([True])

    def lose_the_first_reply(route: Route) -> None:
        route.fetch()
        route.abort() if next(lost, False) else route.continue_()

    page.route("**/decisions/", lose_the_first_reply)
    page.keyboard.press("y")
    expect(page.locator(".wb-banner")).to_contain_text("1 decision waits")
    settled(page)
    assert verdicts() == ["include"]


def test_a_refused_decision_comes_back_with_a_reason(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    first = page.locator(".wb-title").inner_text()
    review.memberships.filter(user=reviewer).delete()
    page.keyboard.press("y")
    expect(page.locator(".toast-card")).to_contain_text("was not stored")
    expect(page.locator(".wb-title")).to_have_text(first)
    assert verdicts() == []


def test_a_required_reason_is_one_digit_away(page: Page, reviewer: User) -> None:
    review = builders.review(reviewers=[reviewer], oversight="off", reason_required=True)
    builders.record(review)
    open_workbench(page, review, reviewer)
    page.keyboard.press("n")
    expect(page.locator(".wb-reasons")).to_be_visible()
    page.keyboard.press("1")
    settled(page)
    assert Decision.objects.get().reason.text == "Wrong population"  # type: ignore[union-attr]  # a reason is required


def test_the_plain_form_works_without_scripts(
    new_page: NewPage, live_server: object, review: Review, reviewer: User
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, reviewer)
    page.goto(f"/reviews/{review.pk}/screen/title_abstract/")
    page.get_by_role("button", name="Include").click()
    assert verdicts() == ["include"]


def test_markup_in_a_title_is_text(page: Page, reviewer: User) -> None:
    review = builders.review(reviewers=[reviewer], oversight="off")
    for _ in range(2):
        builders.record(review, title="<img src=x onerror=alert(1)> in adults", abstract="<script>alert(1)</script>")
    open_workbench(page, review, reviewer)
    page.keyboard.press("y")
    expect(page.locator(".wb-title")).to_have_text("<img src=x onerror=alert(1)> in adults")
    expect(page.locator(".wb-card img, .wb-card script")).to_have_count(0)
