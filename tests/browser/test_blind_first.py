"""Blind first: the AI's opinion stays closed until the vote; then keeping and changing are both on record, with it."""

import json

import pytest
from playwright.sync_api import Page, expect

from screening.models.decision import Decision
from screening.models.review import Review
from screening.models.suggestion import Suggestion
from tests.visiting import open_workbench, settled, sign_in, title

REVEAL = ".wb-reveal"


@pytest.fixture
def workbench(demonstration: Review, page: Page) -> Page:
    sign_in(page, "robin")
    open_workbench(page, demonstration)
    return page


def vote(page: Page, differently: bool) -> tuple[str, str]:
    """Vote on records until the AI is on the other side (or the same) as wanted; what was said and suggested."""
    for _ in range(15):
        suggested = Suggestion.objects.filter(record__title=title(page)).latest("id").proposed_verdict
        said = "maybe" if suggested == "maybe" else "include"
        page.keyboard.press(said[0] if said == "maybe" else "y")
        expect(page.locator(REVEAL)).to_be_visible()
        if (suggested != said) == differently:
            return said, suggested
        page.keyboard.press("Enter")
        if suggested != said:
            page.keyboard.press("7")  # says why
        expect(page.locator(REVEAL)).to_be_hidden()
    pytest.fail("the demonstration has no such suggestion among the next records")


def test_nothing_of_a_suggestion_is_in_the_page_before_the_vote(workbench: Page) -> None:
    expect(workbench.locator("[data-ai-body]")).to_have_text("Its opinion opens after your vote.")
    queue = json.loads(workbench.locator("#wb-queue").text_content() or "[]")
    assert len(queue) > 1
    assert [card["suggestion"] for card in queue] == [None] * len(queue)
    assert workbench.locator("[data-judgement] .verdict").count() == 0


def test_a_vote_that_is_kept_against_the_ai_is_recorded_once_more_citing_it_with_a_reason(
    workbench: Page,
) -> None:
    said, suggested = vote(workbench, differently=True)
    before = title(workbench)
    expect(workbench.locator(REVEAL)).to_contain_text("suggests")
    expect(workbench.locator(".wb-ai-verdict")).to_contain_text(f"suggests {suggested}")
    expect(workbench.locator(".wb-quote").first).to_be_visible()
    workbench.keyboard.press("Enter")
    because = workbench.get_by_role("group", name="Why you decide otherwise than the AI")
    expect(because).to_contain_text("although the AI suggests")
    assert title(workbench) == before
    workbench.keyboard.press("4")
    settled(workbench)
    kept, voted = Decision.objects.filter(author__username="robin").order_by("-id")[:2]
    assert (voted.verdict, voted.citing) == (said, None)
    assert (kept.verdict, kept.supersedes_id) == (said, voted.pk)
    assert (voted.override, kept.override) == ("", "wrong_context")
    assert kept.citing is not None
    assert kept.citing.record_id == kept.record_id
    assert title(workbench) != before


def test_a_vote_that_is_changed_cites_what_changed_it(workbench: Page) -> None:
    vote(workbench, differently=True)
    workbench.get_by_role("button", name="Change to").click()
    if workbench.locator(".wb-reasons").is_visible():  # an exclusion takes its reason
        workbench.keyboard.press("1")
    settled(workbench)
    changed, voted = Decision.objects.filter(author__username="robin").order_by("-id")[:2]
    assert changed.supersedes_id == voted.pk
    assert changed.verdict != voted.verdict
    assert changed.citing is not None
    assert changed.citing.proposed_verdict == changed.verdict


def test_a_quote_lights_up_where_it_stands(workbench: Page) -> None:
    vote(workbench, differently=False)
    quote = workbench.locator("button.wb-quote").first
    words = quote.inner_text().strip("“”")
    quote.click()
    lit = "".join(workbench.locator("mark.is-lit").all_inner_texts())
    assert " ".join(lit.split()) == " ".join(words.split())


def test_a_criterion_that_must_not_be_met_applies_or_does_not(workbench: Page) -> None:
    """ "Not met" in red would read as a reason to exclude where it is one to include."""
    vote(workbench, differently=False)
    said = workbench.locator(".wb-criteria .is-negative [data-judgement] .verdict")
    expect(said.first).to_be_visible()  # the suggestion comes with the server's answer
    words = said.all_inner_texts()
    assert {word.strip() for word in words} <= {"applies", "does not apply", "unclear"}
    expect(workbench.locator(".wb-criteria .is-negative .verdict.is-exclude", has_text="does not apply")).to_have_count(
        0
    )


def test_undo_after_the_reveal_closes_it_again(workbench: Page) -> None:
    vote(workbench, differently=True)
    workbench.keyboard.press("z")
    expect(workbench.locator(REVEAL)).to_be_hidden()
    expect(workbench.locator("[data-ai-body]")).to_have_text("Its opinion opens after your vote.")
    settled(workbench)
    assert Decision.objects.filter(author__username="robin").latest("id").verdict == "withdrawn"


def test_on_a_phone_the_record_stays_until_the_vote_is_kept_and_the_next_begins_at_its_top(workbench: Page) -> None:
    workbench.set_viewport_size({"width": 390, "height": 844})
    body = workbench.locator(".wb-body")
    body.evaluate("(one) => (one.scrollTop = 600)")
    before = title(workbench)
    workbench.get_by_role("button", name="Maybe").click()
    keep = workbench.locator(REVEAL).get_by_role("button", name="Keep maybe")
    expect(keep).to_be_in_viewport()
    assert title(workbench) == before
    keep.click()
    because = workbench.get_by_role("button", name="Own judgement")
    if because.is_visible():  # where the AI suggests otherwise
        because.click()
    expect(workbench.locator(".wb-title")).not_to_have_text(before)
    expect(workbench.locator(".wb-title")).to_be_in_viewport()
    assert body.evaluate("(one) => one.scrollTop") == 0
