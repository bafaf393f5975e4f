"""Text of every kind on screens of every size: other scripts, markup, tags without end; small and wide windows."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from screening.models.citation import Citation
from screening.models.note import Note, Tagging
from screening.models.pilot import PilotRound
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState
from tests import builders
from tests.fixtures.browser import NewPage
from tests.touring import violations
from tests.visiting import enter, open_workbench, settled

pytestmark = pytest.mark.django_db(transaction=True)

HEBREW = "ניסוי אקראי (COPD) בשיקום ביתי"
STACKED = "Z" + "\u0336\u0321\u035b" * 40 + " combining marks without end"
SCRIPT = "<script>document.title = 'taken over'</script><img src=x onerror=alert(1)>"


@pytest.fixture
def ada() -> User:
    return builders.user("ada")


@pytest.fixture
def review(ada: User) -> Review:
    made = builders.review(reviewers=[ada], oversight="off", include_words="copd", pico_words={"P": "adults"})
    record = builders.record(
        made, title=HEBREW, abstract=f"{STACKED}. {'x' * 400} We randomised adults with COPD. " * 3
    )
    merged = builders.record(made, stage=None, title=SCRIPT, merged_into=record, active=False)
    file = builders.imported_file(made)
    Citation.objects.create(
        record=merged, file=file, source=file.source, position=1, line=1, raw="x", raw_sha256="0" * 64
    )
    return made


def test_other_scripts_markup_and_tags_without_end(
    new_page: NewPage, live_server: object, review: Review, ada: User
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    enter(page, ada)
    open_workbench(page, review)
    assert page.evaluate("getComputedStyle(document.querySelector('.wb-title')).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('.wb-abstract')).direction") == "ltr"
    related = page.locator(".wb-related")
    related.locator("summary").click()
    expect(related).to_contain_text(SCRIPT)
    expect(related).to_contain_text("Invented Database")
    page.keyboard.press("t")
    page.locator("#wb-tag input").evaluate("field => field.removeAttribute('maxlength')")  # as a script would
    page.locator("#wb-tag input").fill("ב" * 10_000)
    page.keyboard.press("Enter")
    expect(page.locator(".toast-card")).to_contain_text("A tag has at most 60 characters")
    page.keyboard.press("Escape")
    assert not Tagging.objects.exists()
    page.keyboard.press("c")
    page.locator("#wb-note-text").fill(SCRIPT)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#announcer")).to_have_text("The note is saved.")
    page.keyboard.press("c")
    expect(page.locator(".wb-notes")).to_contain_text(SCRIPT)
    page.keyboard.press("Escape")
    assert Note.objects.get().text == SCRIPT
    assert "taken over" not in page.title()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.keyboard.press("y")
    expect(page.locator(".wb-said bdi")).to_have_text(HEBREW)
    settled(page)


@pytest.mark.parametrize(("width", "height"), [(844, 390), (320, 256)])
def test_held_sideways_and_at_400_percent_everything_is_in_reach(
    new_page: NewPage, live_server: object, review: Review, ada: User, width: int, height: int
) -> None:
    """A phone held sideways, and 1280 x 1024 at 400 %; in a pilot round, whose line is there too."""
    found = PilotRound.objects.create(
        review=review, stage="title_abstract", number=1, size=1, reviewers=[ada.pk], started_by=ada
    )
    StageState.objects.filter(record__in=Record.objects.filter(title=HEBREW)).update(pilot=found)
    page = new_page(viewport={"width": width, "height": height}, color_scheme="dark")
    enter(page, ada)
    open_workbench(page, review)
    expect(page.locator("[data-pilot]")).to_have_text("Pilot round 1: 0 of 1")
    for verdict in page.locator(".wb-verdict").all():
        box = verdict.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for label in page.locator("[data-judge] label").all():
        box = label.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    assert not violations(page)
    page.locator("[data-tool=legend]").click()
    assert not violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    expect(page.locator("[data-pilot]")).to_have_text("Pilot round 1: 1 of 1")
    expect(page.locator(".wb-done")).to_contain_text("Your part of the pilot round is done")
    settled(page)
