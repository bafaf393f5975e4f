"""The adjudicator's page has the marks and the keys that the same person has at the workbench."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from screening.enums import Origin, Stage
from screening.models.decision import Decision
from screening.models.protocol import ExclusionReason
from screening.models.review import Review
from screening.models.stage import StageState
from tests import builders
from tests.touring import violations
from tests.visiting import choose, enter, open_workbench

pytestmark = pytest.mark.django_db(transaction=True)
LISTS = {
    "include_words": "randomi*",
    "exclude_words": "systematic review",
    "pico_words": {"P": "adults"},
    "search_words": "walk*",
}


@pytest.fixture
def ada() -> User:
    return builders.user("ada")


@pytest.fixture
def review(ada: User) -> Review:
    """Three conflicts of two others; one more record waits to be screened."""
    two = [builders.user("ben"), builders.user("cem")]
    made = builders.review(reviewers=[*two, ada], adjudicators=[ada], oversight="off")
    Review.objects.filter(pk=made.pk).update(**LISTS)
    ExclusionReason.objects.create(review=made, stage=Stage.TITLE_ABSTRACT, position=2, text="Wrong design")
    for _ in range(3):
        record = builders.record(made, abstract="Adults were randomised to walking. No systematic review.")
        for person, verdict in zip(two, ("include", "exclude"), strict=True):
            builders.decide(record, person, verdict)
    builders.record(made, abstract="Adults were randomised to walking.")
    return made


def marked(page: Page, kind: str) -> list[str]:
    return page.locator(f".wb-abstract mark.hl-{kind}").all_text_contents()


def ready(page: Page) -> None:
    page.wait_for_selector(".conflict-page[data-ready]")


def settled(page: Page, left: int) -> tuple[str, str]:
    """Wait until so many are left; the adjudication, and its reason."""
    expect(page.locator(".wb-counter")).to_have_text(f"{left} waiting")
    ready(page)
    said = Decision.objects.filter(origin=Origin.ADJUDICATION).latest("id")
    return said.verdict, said.reason.text if said.reason else ""


def test_marks_and_keys_are_those_of_the_workbench(page: Page, review: Review, ada: User) -> None:
    enter(page, ada)
    open_workbench(page, review)
    choose(page, "keys", "rayyan")
    choose(page, "mark-style", "heavy")
    page.keyboard.press("?")
    page.locator("#wb-legend [data-action=opinions]").click()
    page.keyboard.press("w")
    page.keyboard.press("Escape")

    first = StageState.objects.filter(review=review, status="conflict").earliest("changed_at")
    page.goto(reverse("screening:conflict", args=[review.pk, first.pk]))
    ready(page)
    assert {kind: marked(page, kind) for kind in ("include", "exclude", "pico", "search")} == {
        "include": ["randomised"],
        "exclude": ["systematic review"],
        "pico": ["Adults"],
        "search": ["walking"],
    }
    expect(page.locator(".conflict-page")).to_have_attribute("data-mark-style", "heavy")
    expect(page.locator(".wb-verdict.is-exclude kbd")).to_have_text("E")
    page.keyboard.press("f")
    assert (page.locator("[data-highlight-mode]").inner_text(), marked(page, "pico")) == ("Words only", [])
    page.locator(".wb-layers [data-layer=words]").click()
    assert page.locator(".wb-abstract mark").count() == 0
    page.keyboard.press("f")
    page.keyboard.press("?")
    expect(page.locator("#wb-legend dd", has_text="Undo")).to_contain_text("when screening")
    assert not violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    expect(page.locator("#opinions .opinions")).to_be_visible()
    page.keyboard.press("y")  # include with the other keys, nothing with these
    page.keyboard.press("e")
    expect(page.locator(".wb-reasons")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".wb-reasons")).to_be_hidden()
    page.keyboard.press("e")
    assert not violations(page)
    page.keyboard.press("2")
    assert settled(page, 2) == ("exclude", "Wrong design")
    page.get_by_role("button", name="Exclude").click()
    page.get_by_role("button", name="no reason").click()
    assert settled(page, 1) == ("exclude", "")
    page.keyboard.press("c")
    page.keyboard.type("I see it as Ben does.")
    page.keyboard.press("Escape")
    page.locator(".wb-card").focus()
    page.keyboard.press("i")
    expect(page.locator(".toast-card")).to_contain_text("That was the last conflict")
    said = Decision.objects.filter(origin=Origin.ADJUDICATION).latest("id")
    assert (said.verdict, said.note) == ("include", "I see it as Ben does.")

    open_workbench(page, review)
    expect(page.locator("[data-highlight-mode]")).to_have_text(
        "All marks"
    )  # quotes as well, which a conflict has none of
