"""The first five minutes: name, question, criteria, a file, the first record. Each act of the user is counted."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from screening.enums import Role
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.review import Review
from tests import builders
from tests.citations import some_ris
from tests.fixtures.workers import Worker
from tests.visiting import enter, settled

pytestmark = pytest.mark.django_db(transaction=True)
MOST_ACTS = 40
SECONDS_PER_ACT = 3.0  # somebody who reads before they click; typing is counted as one act a field
FILES = [{"name": "pubmed.ris", "mimeType": "text/plain", "buffer": some_ris(12).encode()}]


class Hands:
    """The user's hands: counts fields filled, things clicked, files chosen and keys pressed."""

    def __init__(self, page: Page) -> None:
        self.page, self.acts = page, 0

    def fill(self, label: str, text: str, nth: int = 0) -> None:
        self.acts += 1
        self.page.get_by_label(label, exact=True).nth(nth).fill(text)

    def choose(self, label: str, option: str, nth: int = 0) -> None:
        self.acts += 1
        self.page.get_by_label(label, exact=True).nth(nth).select_option(label=option)

    def click(self, name: str, role: str = "button") -> None:
        self.acts += 1
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]  # one of ARIA's roles

    def press(self, key: str) -> None:
        self.acts += 1
        self.page.keyboard.press(key)


def write_the_criteria(hands: Hands) -> None:
    for place, (facet, name, text) in enumerate(
        [
            ("Population", "Adults", "Are the participants adults?"),
            ("Intervention", "Exercise", "Is exercise the treatment?"),
            ("Study design", "Trial", "Is it a randomised trial?"),
        ]
    ):
        if place:
            hands.click("Add a criterion")
        hands.fill("Short name", name, place)
        hands.choose("Facet", facet, place)
        hands.fill("Question to ask of each record", text, place)
    hands.click("Put into force")


def bring_in_a_file(hands: Hands) -> None:
    page = hands.page
    hands.click("Import", "link")
    hands.fill("Where do they come from?", "PubMed")
    hands.acts += 1
    page.locator("input[type=file]").set_input_files(FILES)  # type: ignore[arg-type]  # a list of payloads
    hands.click("Read the files")
    expect(page.get_by_role("button", name="Import 12 citations")).to_be_visible(timeout=30_000)
    hands.click("Import 12 citations")
    expect(page.locator(".import-card")).to_contain_text("Imported: 12 citations", timeout=30_000)


def test_from_a_name_to_the_first_decision_in_under_three_minutes(
    celery_worker: Worker, page: Page, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "data" / "files"  # where the worker, a process of its own, looks
    ada = builders.user("ada")
    enter(page, ada)
    began = time.monotonic()
    hands = Hands(page)
    page.goto("/reviews/")
    hands.click("New review", "link")
    hands.fill("Title", "Walking and sleep")
    hands.fill("Question", "Does walking help adults to sleep?")
    hands.click("Start the review")
    write_the_criteria(hands)
    bring_in_a_file(hands)
    hands.click("Abstracts", "link")
    page.wait_for_selector("#workbench[data-ready]")
    hands.press("y")
    settled(page)
    machine = time.monotonic() - began
    print(f"{hands.acts} acts; the machine's share {machine:.0f} s")
    review = Review.objects.get()
    assert Record.objects.filter(review=review).count() == 12
    assert Decision.objects.get().verdict == "include"
    assert set(review.memberships.values_list("role", flat=True)) >= {Role.LEAD, Role.REVIEWER}
    assert hands.acts <= MOST_ACTS
    assert machine + hands.acts * SECONDS_PER_ACT < 180
