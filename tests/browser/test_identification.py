"""Import and duplicates in a real browser: drop, dry run in place, keys, and what axe says."""

import pytest
from django.conf import settings
from django.test import Client

from screening.enums import CandidateStatus, ImportStatus, Role
from screening.models.merge import DuplicateCandidate
from screening.models.record import Record
from screening.models.source import ImportedFile
from tests import builders
from tests.citations import bring_in, hand_in, some_ris
from tests.touring import violations

TOO_WIDE = """[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1
  && !e.closest(".table-frame, .tab-bar, .visually-hidden")).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def review(transactional_db):
    lead = builders.user("lead")
    made = builders.review(lead=lead)
    builders.join(made, lead, Role.REVIEWER)
    return made


@pytest.fixture
def visit(review, live_server, new_page):
    """Open a page of the review, signed in as its lead."""

    def go(path, **options):
        client = Client()
        client.force_login(review.created_by)
        page = new_page(**options)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        page.context.add_cookies([{**cookie, "url": live_server.url}])
        page.goto(f"/reviews/{review.pk}/{path}")
        return page

    return go


def pairs(review, count):
    bring_in(review, some_ris(2 * count))
    records = list(Record.objects.order_by("pk"))
    for place in range(count):
        first, second = records[2 * place : 2 * place + 2]
        DuplicateCandidate.objects.create(
            review=review,
            first=first,
            second=second,
            score=0.9 - place / 10,
            reason=f"Pair {place}.",
            engine_version="1",
        )


def test_files_are_read_in_place_and_imported(visit, review):
    page = visit("imports/")
    page.get_by_label("Where do they come from?").fill("MEDLINE")
    files = [
        {"name": f"{number}.ris", "mimeType": "text/plain", "buffer": some_ris(2, start=number * 10).encode()}
        for number in (1, 2)
    ]
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name="Read the files").click()
    cards = page.locator(".import-card")
    cards.nth(1).wait_for()
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1
    cards.nth(0).get_by_role("button", name="Import 2 citations").click()
    cards.nth(0).get_by_text("Waits for a worker").wait_for()
    assert sorted(ImportedFile.objects.values_list("status", flat=True)) == [ImportStatus.CHECKED, ImportStatus.QUEUED]


def test_a_table_is_mapped_in_place(visit, review):
    hand_in(review, "Heading,When\nOn honey,2019\nOn yoga,2020\n", name="t.csv")
    page = visit("imports/")
    page.get_by_label("Title").select_option("Heading")
    page.get_by_role("button", name="Read again").click()
    page.get_by_role("button", name="Import 2 citations").wait_for()


def test_pairs_are_judged_and_taken_back_by_keys(visit, review):
    pairs(review, 3)
    page = visit("duplicates/")
    for key, following in (("d", "Pair 1."), ("n", "Pair 2."), ("s", "No pair waits for you")):
        page.keyboard.press(key)
        page.get_by_text(following).wait_for()
        page.wait_for_load_state()  # the keys are there once the page's modules ran
    answers = [CandidateStatus.DUPLICATE, CandidateStatus.NOT_DUPLICATE, CandidateStatus.SAME_STUDY]
    assert list(DuplicateCandidate.objects.order_by("pk").values_list("status", flat=True)) == answers
    page.keyboard.press("z")
    page.get_by_text("Pair 2.").wait_for()
    assert DuplicateCandidate.objects.order_by("pk").last().status == CandidateStatus.OPEN


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_axe_finds_nothing_and_nothing_overflows(visit, review, theme, width):
    pairs(review, 1)
    hand_in(review, some_ris(2, start=50) + "TY  - JOUR\nER  - \n\n", name="one.ris")
    hand_in(review, "Heading,When\nOn honey,2019\n", name="t.csv")
    done = ImportedFile.objects.get(status=ImportStatus.DONE)
    page = visit("imports/", viewport={"width": width, "height": 900}, color_scheme=theme)
    for path in ("imports/", f"imports/{done.pk}/", "duplicates/", "duplicates/merges/", f"sources/{done.source_id}/"):
        page.goto(f"/reviews/{review.pk}/{path}")
        found = violations(page)
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate(TOO_WIDE) == [], path
