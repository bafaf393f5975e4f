"""Two people screen the demonstration by keyboard; they disagree; a third settles it. Then the ledger is read."""

from playwright.sync_api import Page, expect

from audit.models.event import Event
from screening.enums import Origin, StageStatus
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState
from tests.fixtures.browser import NewPage
from tests.visiting import choose, open_workbench, settled, sign_in, title

MOST = 40  # so many records may the second reviewer pass on the way to the first one's


def shown(page: Page) -> int:
    """The id of the record on screen, as the plain form and the queue know it."""
    return int(Record.objects.get(title=title(page), merged_into=None).pk)


def at_workbench(new_page: NewPage, review: Review, username: str) -> Page:
    page = new_page()
    sign_in(page, username)
    open_workbench(page, review)
    choose(page, "reveal", "never")
    return page


def last_word(record: int, username: str) -> Decision:
    return Decision.objects.filter(record=record, author__username=username).latest("id")


def screen_as_robin(page: Page) -> int:
    """Every key once; the second record is excluded with the first reason, and that is the one to fight about."""
    page.keyboard.press("y")
    contested = shown(page)
    page.keyboard.press("n")
    expect(page.locator(".wb-reasons")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("m")
    third = title(page)
    page.keyboard.press("y")
    page.keyboard.press("z")  # that was a slip
    expect(page.locator(".wb-title")).to_have_text(third)
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(page.locator(".wb-title")).to_have_text(third)
    page.keyboard.press("f")
    expect(page.locator("[data-highlight-mode]")).to_have_text("Words only")
    settled(page)
    return contested


def screen_as_sasha(page: Page, contested: int) -> None:
    """Maybe to everything before it, include to the contested one."""
    wanted = Record.objects.get(pk=contested).title
    for _ in range(MOST):
        here = title(page)
        if here == wanted:
            break
        page.keyboard.press("m")
        expect(page.locator(".wb-title")).not_to_have_text(here)
    assert title(page) == wanted, "the second reviewer never came to it"
    page.keyboard.press("y")
    settled(page)


def settle_as_lee(page: Page, review: Review, contested: StageState) -> None:
    page.goto(f"/reviews/{review.pk}/conflicts/")
    record = contested.record
    page.get_by_role("link", name=record.title).first.click()
    page.wait_for_url("**/conflicts/*/")
    page.wait_for_selector(".conflict-page[data-ready]")
    opinions = page.locator("#opinions")
    expect(opinions).not_to_contain_text("Exclude")
    page.keyboard.press("o")
    expect(opinions).to_contain_text("Robin")
    expect(opinions).to_contain_text("Exclude")
    expect(opinions).to_contain_text("Sasha")
    expect(opinions.locator(".opinions")).to_be_in_viewport()
    page.keyboard.press("y")
    expect(page.locator(".toast-card")).to_contain_text("Settled")


def test_two_reviewers_disagree_by_keyboard_and_an_adjudicator_settles_it(
    demonstration: Review, live_server: object, new_page: NewPage
) -> None:
    contested = screen_as_robin(at_workbench(new_page, demonstration, "robin"))
    state = StageState.objects.get(record=contested, stage="title_abstract")
    assert (state.status, last_word(contested, "robin").verdict) == (StageStatus.PARTIAL, "exclude")
    assert last_word(contested, "robin").reason.position == 1  # type: ignore[union-attr]  # chosen by its digit
    screen_as_sasha(at_workbench(new_page, demonstration, "sasha"), contested)
    state.refresh_from_db()
    assert state.status == StageStatus.CONFLICT
    lee = new_page()
    sign_in(lee, "lee")
    settle_as_lee(lee, demonstration, state)
    state.refresh_from_db()
    assert state.status == StageStatus.INCLUDED
    assert last_word(contested, "lee").origin == Origin.ADJUDICATION
    told = Event.objects.filter(record_id=contested).order_by("id").values_list("type", "actor_name")
    assert list(told)[-4:] == [
        ("record.decided", "robin"),
        ("record.decided", "sasha"),
        ("conflict.opened", "lee"),
        ("record.adjudicated", "lee"),
    ]
