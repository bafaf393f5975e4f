"""Notes, tags and duplicates from the workbench, by keyboard, while the next abstract stays where it is."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from screening.models.decision import Decision
from screening.models.merge import Merge
from screening.models.note import Note, Tagging
from screening.models.review import Review
from tests import builders
from tests.browser.test_workbench import open_workbench, settled, sign_in
from tests.fixtures.browser import NewPage
from tests.touring import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reviewer() -> User:
    return builders.user("ada")


@pytest.fixture
def review(reviewer: User) -> Review:
    made = builders.review(reviewers=[reviewer], oversight="off", reviewers_per_record=1)
    made.exclusion_reasons.all().delete()
    for _ in range(4):
        builders.record(made)
    return made


def shown(page: Page) -> str:
    return page.locator(".wb-title").inner_text()


def chips(page: Page) -> list[str]:
    return page.locator(".wb-marks-row .tag").all_inner_texts()


def test_c_writes_a_note_and_letters_in_it_decide_nothing(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    first = shown(page)
    page.keyboard.press("c")
    page.keyboard.type("my note: yes, no, zzz?")
    page.get_by_label("the team").check()
    page.locator("#wb-note-text").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#wb-note")).to_be_hidden()
    expect(page.locator(".wb-marks-row")).to_contain_text("Note (1)")
    expect(page.locator("#announcer")).to_have_text("The note is saved.")
    assert shown(page) == first
    note = Note.objects.get()
    assert (note.text, note.private, note.record.title) == ("my note: yes, no, zzz?", False, first)
    assert not Decision.objects.exists()


def test_escape_closes_without_saving_and_keeps_the_draft(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    page.keyboard.press("c")
    page.keyboard.type("half a thou")
    page.keyboard.press("Escape")
    expect(page.locator("#wb-note")).to_be_hidden()
    page.keyboard.press("c")
    expect(page.locator("#wb-note-text")).to_have_value("half a thou")
    assert not Note.objects.exists()


def test_a_note_that_could_not_be_sent_is_kept_and_saved_once_by_a_click(
    page: Page, review: Review, reviewer: User
) -> None:
    open_workbench(page, review, reviewer)
    page.context.route("**/notes/", lambda route: route.abort())
    page.keyboard.press("c")
    page.keyboard.type("worth keeping")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast-card")).to_contain_text("is not saved: The server could not be reached.")
    page.keyboard.press("y")
    page.context.unroute("**/notes/")
    page.get_by_role("button", name="Save again").click()
    expect(page.locator("#announcer")).to_have_text("The note is saved.")
    assert [note.text for note in Note.objects.all()] == ["worth keeping"]


def test_t_makes_finds_and_takes_off_tags(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    first = shown(page)
    page.keyboard.press("t")
    page.keyboard.type("my trial")
    page.keyboard.press("Enter")
    page.keyboard.type("nearby")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name="my trial")).to_have_attribute("aria-selected", "true")
    page.keyboard.type("MY")
    with page.expect_response(lambda reply: reply.request.method == "DELETE"):
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert (chips(page), shown(page)) == (["nearby"], first)
    page.reload()
    page.wait_for_selector("#workbench[data-ready]")
    assert chips(page) == ["nearby"]
    assert [tagging.tag.name for tagging in Tagging.objects.all()] == ["nearby"]
    assert not Decision.objects.exists()


def test_a_tag_that_was_refused_goes_away_again_with_a_reason(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    review.memberships.filter(user=reviewer).delete()
    page.keyboard.press("t")
    page.keyboard.type("lost")
    page.keyboard.press("Enter")
    expect(page.locator(".toast-card")).to_contain_text("The tag “lost” was not put on")
    assert chips(page) == []


def test_d_marks_a_duplicate_and_comes_back(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Duplicate of which record?")
    page.get_by_label("Words of the title").fill("trial of something part")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Duplicate of record").first.click()
    page.wait_for_selector("#workbench[data-ready]")
    expect(page.locator(".toast-card")).to_contain_text("the two are one record now")
    assert Merge.objects.count() == 1


def test_the_legend_lists_the_three_keys(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    page.keyboard.press("?")
    for text in ("Tag the record", "Write a note", "Mark as a duplicate"):
        expect(page.locator(".wb-keys")).to_contain_text(text)


def test_a_tag_with_markup_in_it_is_text(page: Page, review: Review, reviewer: User) -> None:
    open_workbench(page, review, reviewer)
    page.keyboard.press("t")
    page.keyboard.type("<img src=x onerror=alert(1)>")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert chips(page) == ["<img src=x onerror=alert(1)>"]
    page.keyboard.press("y")
    settled(page)


SCREENS = [(1440, 900, "light"), (1440, 900, "dark"), (390, 844, "light"), (320, 640, "dark")]


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_axe_finds_nothing_in_the_dialogs(
    new_page: NewPage, live_server: object, review: Review, reviewer: User, width: int, height: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    open_workbench(page, review, reviewer)
    page.keyboard.press("t")
    page.keyboard.type("a rather long tag that has to find its place, perhaps")
    page.keyboard.press("Enter")
    page.keyboard.type("part")
    assert not violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("A note")
    assert not violations(page)
    page.keyboard.press("Escape")
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_axe_finds_nothing_in_what_a_rule_change_would_do(
    new_page: NewPage, live_server: object, review: Review, reviewer: User, width: int, height: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    builders.decide(builders.record(review), reviewer)
    sign_in(page, review.created_by)
    page.goto(f"/reviews/{review.pk}/settings/")
    page.locator("main summary").first.click()
    two = page.locator("[name=title_abstract-reviewers_per_record][value='2']")
    two.check()
    page.get_by_role("button", name="Save this stage").first.click()
    expect(page.get_by_role("button", name="Make the change")).to_be_visible()
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("link", name="Leave it as it is").click()
    expect(two).not_to_be_checked()
