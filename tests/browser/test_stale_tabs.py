"""Two tabs, a closed tab, a suspended reviewer, rules that change, clocks that jump: nothing is lost or doubled."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from screening.enums import Stage
from screening.models.decision import Decision
from screening.models.note import Note
from screening.models.review import Review
from screening.models.reviewer import Reviewer
from screening.models.stage import StageRule
from tests import builders
from tests.visiting import enter, open_workbench, settled, title

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada() -> User:
    return builders.user("ada")


@pytest.fixture
def review(ada: User) -> Review:
    made = builders.review(reviewers=[ada], oversight="off")
    made.exclusion_reasons.all().delete()
    for number in range(8):
        builders.record(made, title=f"Record {number}")
    return made


@pytest.fixture
def workbench(page: Page, review: Review, ada: User) -> Page:
    enter(page, ada)
    open_workbench(page, review)
    return page


def verdicts() -> list[str]:
    return list(Decision.objects.order_by("id").values_list("verdict", flat=True))


def test_two_tabs_of_one_person_decide_each_record_once(workbench: Page, review: Review) -> None:
    other = workbench.context.new_page()
    open_workbench(other, review)
    assert title(other) == title(workbench)
    decided = title(workbench)
    workbench.keyboard.press("y")
    expect(other.locator(".toast-card")).to_contain_text("You decided this record in another tab: include.")
    settled(workbench)
    other.keyboard.press("j")
    other.reload()
    other.wait_for_selector("#workbench[data-ready]")
    assert title(other) != decided
    assert verdicts() == ["include"]


def test_what_one_tab_took_back_another_does_not_send(workbench: Page, review: Review) -> None:
    """Both tabs hold the waiting decision; the one that made it takes it back before it has left."""
    workbench.context.set_offline(True)
    workbench.keyboard.press("y")  # fails once, and may have reached the server for all we know
    expect(workbench.locator(".wb-banner")).to_contain_text("1 decision waits")
    workbench.keyboard.press("m")  # has never left
    other = workbench.context.new_page()
    workbench.keyboard.press("z")
    workbench.context.set_offline(False)
    open_workbench(other, review)
    settled(other)
    settled(workbench)
    assert verdicts() == ["include"]


def test_a_closed_tab_leaves_its_decisions_to_any_page(workbench: Page, review: Review) -> None:
    context = workbench.context
    context.set_offline(True)
    workbench.keyboard.press("y")
    workbench.evaluate("Date.now = () => 0")  # the clock is set back: order is a count, and no clock
    workbench.keyboard.press("m")
    workbench.keyboard.press("k")
    workbench.keyboard.press("n")  # a change of mind about the second record
    expect(workbench.locator(".wb-banner")).to_contain_text("3 decisions wait")
    context.route("**/decisions/", lambda route: route.abort())  # first: the page that closes may still try
    workbench.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"/reviews/{review.pk}/protocol/")
    expect(page.locator(".toast-card")).to_contain_text("3 decisions of yours wait in this browser")
    assert verdicts() == []
    context.unroute("**/decisions/")
    page.reload()
    expect(page.locator(".toast-card")).to_contain_text("3 decisions that had waited in this browser are stored now.")
    assert verdicts() == ["include", "maybe", "exclude"]
    assert Decision.objects.order_by("-id")[0].supersedes == Decision.objects.order_by("-id")[1]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('decision'))") == []


def test_a_suspended_reviewer_is_told_and_keeps_what_was_refused(workbench: Page, review: Review, ada: User) -> None:
    Reviewer.objects.create(review=review, user=ada, suspended=True)
    first = title(workbench)
    workbench.keyboard.press("y")
    second = title(workbench)
    workbench.keyboard.press("m")
    notice = workbench.locator("[data-kind=refused]")
    expect(notice).to_contain_text("2 decisions were not stored")
    expect(workbench.locator(".toast-card")).to_contain_text("suspended")
    assert title(workbench) == first
    assert verdicts() == []
    notice.get_by_role("button", name="Show what and why").click()
    dialog = workbench.locator(".wb-refused")
    expect(dialog).to_contain_text(second)
    with workbench.expect_download() as download:
        dialog.get_by_role("link", name="Download").click()
    assert first in download.value.path().read_text(encoding="utf-8-sig")
    dialog.get_by_role("button", name="Throw away").click()
    workbench.get_by_role("button", name="Undo", exact=True).last.click()
    expect(notice).to_contain_text("2 decisions were not stored")

    workbench.goto(f"/reviews/{review.pk}/")  # on any page, and after the person is back
    expect(workbench.locator(".toast-card")).to_contain_text("2 decisions of yours could not be stored.")
    Reviewer.objects.filter(user=ada).update(suspended=False)
    workbench.get_by_role("button", name="Show what and why").click()
    workbench.get_by_role("button", name="Send again").click()
    expect(workbench.locator(".toast-card").last).to_contain_text(
        "2 decisions that had waited in this browser are stored"
    )
    assert verdicts() == ["include", "maybe"]


def test_signed_out_over_night_nothing_is_lost_and_nothing_goes_out_under_another_name(
    workbench: Page, review: Review, ada: User
) -> None:
    context = workbench.context
    context.clear_cookies()
    workbench.keyboard.press("y")
    banner = workbench.locator("[data-kind=waiting]")
    expect(banner).to_contain_text("You are signed out. 1 decision waits in this browser")
    workbench.keyboard.press("c")
    workbench.locator("#wb-note-text").fill("a thought of the evening")
    workbench.keyboard.press("Control+Enter")
    expect(workbench.locator(".toast-card")).to_contain_text("You are signed out: sign in again in another tab.")

    back = "window.dispatchEvent(new Event('focus'))"
    enter(workbench, builders.user("bob"))
    with workbench.expect_response("**/session/"):
        workbench.evaluate(back)
    expect(banner).to_contain_text("1 decision waits")
    assert not Decision.objects.exists()
    enter(workbench, ada)
    workbench.evaluate(back)
    expect(banner).to_be_hidden()
    settled(workbench)
    assert list(Decision.objects.values_list("author", "verdict")) == [(ada.pk, "include")]
    workbench.get_by_role("button", name="Save again").click()
    expect(workbench.locator("#announcer")).to_have_text("The note is saved.")
    assert Note.objects.get().text == "a thought of the evening"


def test_the_end_of_what_is_at_hand_is_not_called_the_end_while_offline(workbench: Page) -> None:
    workbench.context.set_offline(True)
    for _ in range(5):
        workbench.keyboard.press("y")
    expect(workbench.locator("h2", has_text="The next records can’t be fetched just now")).to_be_visible()
    expect(workbench.locator("h2", has_text="Nothing is waiting for you here")).to_be_hidden()
    expect(workbench.locator("#announcer")).to_have_text("The next records can’t be fetched just now.")
    workbench.context.set_offline(False)
    expect(workbench.locator(".wb-title")).to_be_visible()
    settled(workbench)
    assert verdicts() == ["include"] * 5


def test_a_rule_that_changes_meanwhile_is_told_and_holds(workbench: Page, review: Review) -> None:
    StageRule.objects.filter(review=review, stage=Stage.TITLE_ABSTRACT).update(ask_criteria=True)
    first = title(workbench)
    workbench.keyboard.press("n")
    expect(workbench.locator(".toast-card")).to_contain_text("in front of you again")
    assert title(workbench) == first
    workbench.keyboard.press("y")
    expect(workbench.locator("[data-kind=stale]")).to_contain_text("The rules of this stage have changed")
    workbench.keyboard.press("n")
    expect(workbench.locator(".toast-card").last).to_contain_text("say first which criterion")
    assert verdicts() == ["include"]


def test_a_double_click_decides_once(workbench: Page) -> None:
    first = title(workbench)
    workbench.get_by_role("button", name="Include").dblclick()
    settled(workbench)
    assert verdicts() == ["include"]
    workbench.keyboard.press("k")
    assert title(workbench) == first


def test_a_decision_left_over_from_another_review_is_refused_in_words(workbench: Page, review: Review) -> None:
    stranger = builders.record(builders.review(), title="=Of another review")
    key = str(uuid4())
    owner = workbench.locator("meta[name=signed-in-as]").get_attribute("content")
    entry = {
        "key": key,
        "seq": 1,
        "url": f"/api/reviews/{review.pk}/decisions/",
        "payload": {"record": stranger.pk, "stage": "title_abstract", "verdict": "include", "idempotency_key": key},
        "about": {"title": stranger.title},
    }
    keep = "([key, entry]) => localStorage.setItem(key, JSON.stringify(entry))"
    workbench.evaluate(keep, [f"reviewapp:decision:{owner}:{key}", entry])
    workbench.reload()
    expect(workbench.locator("[data-kind=refused]")).to_contain_text("1 decision was not stored")
    workbench.get_by_role("button", name="Show what and why").click()
    expect(workbench.locator(".wb-refused")).to_contain_text("This record is not at this stage.")
    assert '"\'=Of another review"' in workbench.locator(".wb-refused textarea").input_value()
    assert verdicts() == []


def test_time_at_work_does_not_follow_the_clock(workbench: Page) -> None:
    workbench.evaluate("Date.now = () => 9e15")
    workbench.keyboard.press("y")
    workbench.evaluate("Date.now = () => -9e15")
    workbench.keyboard.press("y")
    settled(workbench)
    assert all(0 <= (seconds or 0) < 60 for seconds in Decision.objects.values_list("seconds", flat=True))
