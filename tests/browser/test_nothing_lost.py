"""Decisions through a lost connection, a refusal and held keys; and how long the next abstract takes."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from screening.models.decision import Decision
from screening.models.review import Review
from tests import builders
from tests.visiting import enter, open_workbench, settled, title

pytestmark = pytest.mark.django_db(transaction=True)
BOUND_MS = 50


@pytest.fixture
def ada() -> User:
    return builders.user("ada")


@pytest.fixture
def review(ada: User) -> Review:
    made = builders.review(reviewers=[ada], oversight="off")
    for number in range(16):
        builders.record(made, title=f"Record {number}", abstract=f"We randomised {number} adults. " * 60)
    return made


@pytest.fixture
def workbench(review: Review, ada: User, page: Page) -> Page:
    enter(page, ada)
    open_workbench(page, review)
    return page


def test_a_lost_connection_keeps_decisions_and_sends_each_once(workbench: Page) -> None:
    workbench.context.set_offline(True)
    for key in "ymy":
        workbench.keyboard.press(key)
    expect(workbench.locator(".wb-banner")).to_contain_text("3 decisions wait in this browser")
    assert not Decision.objects.exists()
    workbench.context.set_offline(False)
    expect(workbench.locator(".wb-banner")).to_be_hidden()
    settled(workbench)
    assert list(Decision.objects.order_by("id").values_list("verdict", flat=True)) == ["include", "maybe", "include"]
    assert Decision.objects.values("record").distinct().count() == 3


def test_a_tab_closed_while_offline_sends_the_rest_when_it_is_opened_again(workbench: Page, review: Review) -> None:
    context = workbench.context
    workbench.keyboard.press("y")
    settled(workbench)
    context.set_offline(True)
    workbench.keyboard.press("m")
    expect(workbench.locator(".wb-banner")).to_contain_text("1 decision waits")
    workbench.close()
    context.set_offline(False)
    again = context.new_page()
    open_workbench(again, review)
    settled(again)
    assert list(Decision.objects.order_by("id").values_list("verdict", flat=True)) == ["include", "maybe"]


def test_a_decision_that_conflicts_comes_back_with_a_kind_sentence(workbench: Page, review: Review, ada: User) -> None:
    """A 409 of the server's own: somebody settled the record meanwhile."""
    first = title(workbench)
    detail = "This record was settled meanwhile. Nothing was stored."
    problem = {"type": "about:blank", "title": "Conflict", "status": 409, "detail": detail}

    def refuse(route: Route) -> None:
        route.fulfill(status=409, json=problem, content_type="application/problem+json")

    workbench.route("**/decisions/", refuse, times=1)
    workbench.keyboard.press("y")
    expect(workbench.locator(".toast-card")).to_contain_text(detail)
    expect(workbench.locator(".toast-card")).to_contain_text("in front of you again")
    expect(workbench.locator(".wb-title")).to_have_text(first)
    workbench.keyboard.press("y")
    settled(workbench)
    assert Decision.objects.get(author=ada).record.title == first


def test_a_key_held_down_decides_once(workbench: Page) -> None:
    workbench.keyboard.down("y")
    for _ in range(5):
        workbench.keyboard.down("y")  # the browser sees these as repeats
    workbench.keyboard.up("y")
    settled(workbench)
    assert Decision.objects.count() == 1


def test_the_next_abstract_is_there_within_a_frame(workbench: Page) -> None:
    """From the key to the next title in the document, and to the frame that shows it; the middle one of nine keys."""
    times = [_next_abstract(workbench) for _ in range(9)]
    script, frame = sorted(times)[len(times) // 2]
    print(f"the next abstract: {script:.1f} ms of script, {frame:.1f} ms to its frame")
    settled(workbench)
    assert script < BOUND_MS


def _next_abstract(page: Page) -> tuple[float, float]:
    page.evaluate(
        """() => {
            const heading = document.querySelector(".wb-title");
            window.timed = new Promise((tell) => {
                let pressed = 0, changed = 0;
                const press = () => (pressed = performance.now());
                document.addEventListener("keydown", press, { capture: true, once: true });
                new MutationObserver((_, seen) => {
                    changed = performance.now();
                    seen.disconnect();
                    requestAnimationFrame(() => tell([changed - pressed, performance.now() - pressed]));
                }).observe(heading, { childList: true, characterData: true, subtree: true });
            });
        }"""
    )
    page.keyboard.press("y")
    script, frame = page.evaluate("window.timed")
    return script, frame
