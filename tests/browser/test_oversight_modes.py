"""The modes of oversight as a reviewer meets them: after the vote, before it, and not at all; and why one differs."""

import json

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from screening.actions import reviews
from screening.actions.stages import rule_for
from screening.enums import ItemStatus, Oversight, Stage, StageStatus
from screening.models.decision import Decision
from screening.models.protocol import ExclusionReason
from screening.models.review import Review
from screening.models.stage import StageState
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for
from tests.visiting import enter, settled, title

pytestmark = pytest.mark.django_db(transaction=True)
AI, REVEAL, WHY = "[data-ai-body]", ".wb-reveal", "Why you decide otherwise than the AI"


@pytest.fixture
def review() -> Review:
    """Records about alder, which the assistant would exclude, and about birch, which it would include."""
    made = assisting.review(reviewers=[builders.user("ada")], reviewers_per_record=2)
    ExclusionReason.objects.filter(review=made, stage=Stage.TITLE_ABSTRACT).delete()
    for number in range(9):
        builders.record(made, title=f"{'Birch' if number > 6 else 'Alder'} {number}")
    run = assisting.start(assisting.local(made))
    for item in run.items.select_related("record"):
        verdict = "include" if "Birch" in str(item.record) else "exclude"
        suggestion_for(item, verdict=verdict, band="clear", flags=[], quotes=[])
    run.items.update(status=ItemStatus.DONE)
    return made


def switch(review: Review, mode: Oversight) -> None:
    rule = rule_for(review, Stage.TITLE_ABSTRACT)
    reviews.change_rule(rule=rule, by=review.created_by, oversight=mode)


def open_queue(page: Page, review: Review, about: str = "alder") -> str:
    """The queue of what is about this; the title of the record in front."""
    page.goto(f"/reviews/{review.pk}/screen/title_abstract/?q={about}")
    page.wait_for_selector("#workbench[data-ready]")
    assert about in title(page).lower()
    return title(page)


def last(of: str) -> Decision:
    return Decision.objects.filter(record__title=of).latest("id")


def test_a_reviewer_decides_otherwise_than_the_ai_in_every_mode(page: Page, review: Review) -> None:
    enter(page, User.objects.get(username="ada"))
    blind_first(page, review)
    switch(review, Oversight.ASSIST)
    assist(page, review)
    a_page_that_does_not_ask(page, review)
    switch(review, Oversight.SECOND_REVIEWER)
    second_reviewer(page, review)


def blind_first(page: Page, review: Review) -> None:
    before = open_queue(page, review)
    expect(page.locator(AI)).to_have_text("Its opinion opens after your vote.")
    page.keyboard.press("y")
    expect(page.locator(REVEAL)).to_contain_text("suggests")
    page.keyboard.press("Enter")  # keeps what was said
    strip = page.get_by_role("group", name=WHY)
    expect(strip).to_contain_text("although the AI suggests")
    expect(strip.get_by_role("button")).to_have_count(8)
    page.keyboard.press("Escape")
    expect(strip).to_be_hidden()
    expect(page.locator(REVEAL)).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("6")
    expect(page.locator(".wb-title")).not_to_have_text(before)
    settled(page)
    kept, voted = Decision.objects.filter(record__title=before).order_by("-id")
    assert (voted.citing_id, voted.override) == (None, "")
    assert (kept.verdict, kept.override) == ("include", "own_judgement")
    assert kept.citing is not None
    page.keyboard.press("k")
    page.keyboard.press("n")  # convinced after all: what agrees needs no reason
    settled(page)
    assert (last(before).verdict, last(before).override) == ("exclude", "")
    page.keyboard.press("z")  # back to what was said against the AI, with the reason that was given for it
    settled(page)
    assert (last(before).verdict, last(before).override) == ("include", "own_judgement")


def assist(page: Page, review: Review) -> None:
    before = open_queue(page, review)
    expect(page.locator(AI)).to_contain_text("suggests exclude")
    said = Decision.objects.count()
    page.keyboard.press("y")
    strip = page.get_by_role("group", name=WHY)
    expect(strip).to_be_visible()
    assert title(page) == before
    settled(page)
    assert Decision.objects.count() == said
    strip.get_by_role("button", name="Wrong context").click()
    expect(page.locator(".wb-title")).not_to_have_text(before)
    settled(page)
    only = Decision.objects.get(record__title=before)
    assert (only.verdict, only.override, only.oversight) == ("include", "wrong_context", Oversight.ASSIST)
    page.keyboard.press("z")
    settled(page)
    assert last(before).verdict == "withdrawn"


def a_page_that_does_not_ask(page: Page, review: Review) -> None:
    """As one that was open since before reasons were asked for: what it sends is refused kindly, nothing is lost."""

    def without(route: Route) -> None:
        sent = json.loads(route.request.post_data or "{}")
        sent.pop("override", None)
        route.continue_(post_data=json.dumps(sent))

    address = f"**/api/reviews/{review.pk}/decisions/**"
    page.route(address, without)
    before, said = title(page), Decision.objects.count()
    page.keyboard.press("y")
    page.keyboard.press("1")
    expect(page.locator("toast-stack")).to_contain_text("That is for you to decide")
    expect(page.locator(".wb-title")).to_have_text(before)
    assert Decision.objects.count() == said
    page.unroute(address)
    page.keyboard.press("y")
    page.keyboard.press("1")
    settled(page)
    assert last(before).override == "incorrect"


def second_reviewer(page: Page, review: Review) -> None:
    for about, status in (("alder", StageStatus.CONFLICT), ("birch", StageStatus.INCLUDED)):
        before = open_queue(page, review, about)
        expect(page.locator(".wb-ai")).to_be_hidden()
        page.keyboard.press("y")
        expect(page.locator(".wb-title")).not_to_have_text(before)
        expect(page.locator(REVEAL)).to_be_hidden()
        settled(page)
        assert (last(before).citing_id, last(before).override) == (None, "")
        assert StageState.objects.get(record__title=before, stage=Stage.TITLE_ABSTRACT).status == status
