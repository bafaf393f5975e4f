"""Marks in the text: three layers that can be told apart and switched one by one, kept for the person."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from screening.models.review import Review
from tests import builders
from tests.visiting import enter, open_workbench

pytestmark = pytest.mark.django_db(transaction=True)

ABSTRACT = "Adults with Sjo\u0308gren were randomised. Adults did not walk: a systematic review. تجربة عشوائية"
LISTS = {
    "include_words": "randomi*\nsystematic",
    "exclude_words": "systematic review",
    "pico_words": {"P": "adults\nSj\u00f6gren", "S": "randomised\nعشوائية"},
    "search_words": "*domised\nwa*k",
}
FOUND = """async ([text, entries]) => {
    const { find, tokens, vocabulary } = await import("/static/js/workbench/matching.js");
    return find(text, tokens(text), vocabulary(entries)).map((one) => text.slice(one.start, one.end));
}"""


@pytest.fixture
def ada() -> User:
    return builders.user("ada")


@pytest.fixture
def review(ada: User) -> Review:
    made = builders.review(reviewers=[ada], oversight="off")
    Review.objects.filter(pk=made.pk).update(**LISTS)
    builders.record(made, title="A trial", abstract=ABSTRACT)
    builders.record(made, title="Another trial", abstract=ABSTRACT)
    return made


def marked(page: Page, kind: str) -> list[str]:
    return page.locator(f".wb-abstract mark.hl-{kind}").all_text_contents()


def mode(page: Page) -> str:
    return page.locator("[data-highlight-mode]").text_content() or ""


def test_layers_lie_over_one_another_and_are_switched_one_by_one(page: Page, review: Review, ada: User) -> None:
    enter(page, ada)
    open_workbench(page, review)
    assert marked(page, "include") == ["randomised", "systematic"]
    assert marked(page, "exclude") == ["systematic", " review"]
    assert marked(page, "pico") == ["Adults", "Sjo\u0308gren", "randomised", "Adults", "عشوائية"]
    assert marked(page, "search") == ["randomised", "walk"]
    overlap = page.locator(".wb-abstract > mark", has_text="randomised")
    assert set((overlap.get_attribute("class") or "").split()) == {"hl", "hl-pico", "hl-search"}
    assert overlap.get_attribute("data-facet") == "S"
    assert overlap.locator("mark").get_attribute("class") == "hl hl-include"  # the letter has no line under it
    assert page.locator(".wb-abstract").text_content() == ABSTRACT
    expect(page.locator(".wb-abstract")).to_have_attribute("dir", "auto")

    names = []
    for _ in range(6):
        page.keyboard.press("f")
        names.append(mode(page))
    assert names == ["Words only", "PICO only", "Search only", "Quotes only", "No marks", "All marks"]

    page.locator(".wb-layers [data-layer=words]").click()
    assert (marked(page, "include"), marked(page, "search")) == ([], ["randomised", "walk"])
    page.locator(".wb-layers [data-density]").click()
    assert marked(page, "pico") == ["Adults", "Sjo\u0308gren", "randomised", "عشوائية"]
    page.keyboard.press("?")
    page.get_by_label("heavy lines").check()
    page.keyboard.press("Escape")

    page.reload()
    page.wait_for_selector("#workbench[data-ready]")
    assert (mode(page), marked(page, "include")) == ("PICO and Search and Quotes", [])
    expect(page.locator("#workbench")).to_have_attribute("data-mark-style", "heavy")
    page.locator(".wb-layers [data-density]").click()
    assert (mode(page), marked(page, "pico")) == ("No marks", [])


def test_entries_are_words_and_never_patterns(page: Page, review: Review, ada: User) -> None:
    enter(page, ada)
    open_workbench(page, review)

    def found(text: str, *entries: str) -> list[str]:
        return list(page.evaluate(FOUND, [text, list(entries)]))

    assert found("wom woman women womanly", "wom*n") == ["woman", "women"]
    assert found("non-randomised, randomised", "randomised") == ["randomised", "randomised"]
    assert found("home-based, home based, home. Based", "home based") == ["home-based", "home based"]
    assert found("Crohn’s disease", "crohn's disease") == ["Crohn’s disease"]
    assert found("2型糖尿病患者", "糖尿病") == ["糖尿病"]
    assert found("a trial of (a+)+", "(a+)+", "[", ".*", "*") == ["a", "a"]
    assert found(f"{'a' * 20_000} {'ab ' * 5_000}", "*a*a*a*a*a*a*c", "a*a*a*a*a*b") == []
    assert found("toString constructor __proto__", "toString", "__proto__") == ["toString", "proto"]
