"""Keys that a person gives anew: kept for that person, and one key never does two things."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from screening.models.decision import Decision
from screening.models.review import Review
from tests import builders
from tests.visiting import choose, enter, open_workbench, settled, title

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team() -> list[User]:
    return [builders.user("ada"), builders.user("ben")]


@pytest.fixture
def review(team: list[User]) -> Review:
    made = builders.review(reviewers=team, oversight="off")
    made.exclusion_reasons.all().delete()
    for _ in range(6):
        builders.record(made)
    return made


def give(page: Page, action: str, *keys: str) -> str:
    """Give an action a key in the legend; returns what the legend said."""
    page.keyboard.press("?")
    page.locator(f"#wb-legend [data-action={action}]").click()
    for key in keys:
        page.keyboard.press(key)
    said = page.locator("[data-key-said]").inner_text()
    page.locator(".wb-legend-close").click()
    expect(page.locator("#wb-legend")).to_be_hidden()  # open, it keeps the keys to itself
    return said


def decided() -> int:
    return Decision.objects.count()


def test_a_key_is_given_anew_kept_and_taken_back(page: Page, review: Review, team: list[User]) -> None:
    enter(page, team[0])
    open_workbench(page, review)
    assert give(page, "include", "j").startswith("J is taken: next seen record.")
    assert give(page, "include", "1").startswith("Digits are the reasons")
    assert give(page, "include", "Enter").startswith("Enter presses whatever has the focus")
    assert give(page, "include", "Space").startswith("Space scrolls the text")
    assert give(page, "include", "Control+x").startswith("Keys with Ctrl")
    assert give(page, "include", "j", "x") == "X: Include."
    expect(page.locator(".wb-verdict.is-include kbd")).to_have_text("X")
    first = title(page)
    page.keyboard.press("y")
    assert title(page) == first
    page.keyboard.press("x")
    settled(page)
    assert decided() == 1

    page.reload()
    page.wait_for_selector("#workbench[data-ready]")
    expect(page.locator(".wb-verdict.is-include kbd")).to_have_text("X")
    assert give(page, "next", "y") == "Y: Next seen record."  # the key that is free now
    page.keyboard.press("?")
    page.get_by_role("button", name="Take my changes back").click()
    page.keyboard.press("Escape")
    expect(page.locator(".wb-verdict.is-include kbd")).to_have_text("Y")

    choose(page, "keys", "rayyan")
    assert give(page, "duplicate", "i").startswith("I is taken: include.")
    second = title(page)
    page.keyboard.press("i")
    expect(page.locator(".wb-title")).not_to_have_text(second)
    settled(page)
    assert decided() == 2

    page.context.clear_cookies()
    enter(page, team[1])  # another person at the same browser, with keys of their own from now on
    open_workbench(page, review)
    choose(page, "keys", "default")
    page.context.clear_cookies()
    enter(page, team[0])
    open_workbench(page, review)
    expect(page.locator(".wb-verdict.is-include kbd")).to_have_text("I")


def test_letters_of_another_script_decide_by_their_place(page: Page, review: Review, team: list[User]) -> None:
    enter(page, team[0])
    open_workbench(page, review)
    press = "init => document.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...init}))"
    page.evaluate(press, {"key": "н", "code": "KeyY"})
    settled(page)
    assert Decision.objects.get().verdict == "include"
    page.evaluate(press, {"key": "&", "code": "Digit1"})  # a French keyboard: digits with Shift
    assert decided() == 1


def test_text_has_its_size_and_width_kept(page: Page, review: Review, team: list[User]) -> None:
    enter(page, team[0])
    open_workbench(page, review)
    size = "getComputedStyle(document.querySelector('.wb-abstract')).fontSize"
    wide = "document.querySelector('.wb-abstract').offsetWidth"
    before, broad = page.evaluate(size), page.evaluate(wide)
    for _ in range(9):
        page.get_by_role("button", name="Larger text").click()
    page.keyboard.press("?")
    page.get_by_label("narrow").check()
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("#workbench[data-ready]")
    assert (before, page.evaluate(size)) == ("17px", "32px")
    page.get_by_role("button", name="Smaller text").click(click_count=1)
    assert page.evaluate(size) == "26px"
    assert broad == 595  # 35 letters' width of 17 px
    assert page.evaluate(wide) == 676  # 26 of 26 px
