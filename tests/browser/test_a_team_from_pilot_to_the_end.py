"""Four reviewers and an adjudicator in Chromium, from a pilot round to the end of title and abstract.

After the pilot a criterion is amended and the pilot's records are screened anew; midway a reviewer is replaced.
"""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import Page, expect

from audit.models.event import Event
from screening.actions.reconcile import drifts
from screening.enums import Origin, Stage, StageStatus
from screening.models.decision import Decision
from screening.models.judgement import CriterionJudgement
from screening.models.review import Review
from screening.models.stage import StageState
from tests import builders
from tests.fixtures.browser import NewPage
from tests.visiting import enter, open_workbench, settled, title

TA = Stage.TITLE_ABSTRACT
RECORDS, PILOTED, ROUNDS = 12, 4, 12
KEYS = {"include": "y", "exclude": "n"}
LATE = 6  # records whose number is at least this are not about adults: everybody excludes them …
DISPUTED = ("Trial 02", "Trial 07", "Trial 09")  # … and about these Ana differs from everybody else


def opinion(name: str, record: str) -> str:
    """What somebody thinks of a record, by its number; Ana reads otherwise than everybody else."""
    usual = "include" if int(record[-2:]) < LATE else "exclude"
    if name != "ana" or not record.startswith(DISPUTED):
        return usual
    return "exclude" if usual == "include" else "include"


def say(page: Page, name: str, *, judge: bool) -> None:
    """Decide on the record on screen, and wait for the next one or the end."""
    here = title(page)
    verdict = opinion(name, here)
    if judge and verdict == "exclude":
        page.keyboard.press("Shift+Digit1")
    page.keyboard.press(KEYS[verdict])
    if verdict == "exclude":
        page.keyboard.press("1")  # the first reason of the list
    page.wait_for_function(
        "was => document.querySelector('.wb-title').innerText !== was || document.querySelector('.workbench.is-done')",
        arg=here,
    )


def done(page: Page) -> bool:
    return page.locator(".workbench.is-done").count() > 0


def screen(page: Page, name: str, *, most: int, judge: bool = False) -> int:
    """Screen so many records at most; how many there were."""
    said = 0
    while said < most and not done(page):
        say(page, name, judge=judge)
        said += 1
    settled(page)
    return said


def pilot_together(lead: Page, people: dict[str, Page], review: Review) -> None:
    lead.goto(f"/reviews/{review.pk}/pilots/")
    lead.get_by_label("Records").fill(str(PILOTED))
    for box in lead.locator("input[name=people]").all():
        box.check()
    lead.get_by_role("button", name="See what it would do").click()
    expect(lead.locator("#preview-title")).to_be_visible()
    lead.get_by_role("button", name="Start the round").click()
    for name, page in people.items():
        open_workbench(page, review)
        assert screen(page, name, most=RECORDS, judge=True) == PILOTED, "only the round's records, and each of them"
    lead.reload()
    lead.get_by_role("button", name="Close the round").click()
    lead.get_by_role("button", name="Close it for good").click()
    expect(lead.locator("#differ")).to_be_visible()


def amend(lead: Page, review: Review) -> None:
    lead.get_by_role("link", name="Amend the protocol").click()
    lead.locator("[name=criteria-0-text]").fill("Were most of the participants 18 years old or older?")
    lead.locator("[name=reason]").fill("The pilot showed that age was read differently.")
    lead.get_by_role("button", name="Put into force").click()
    lead.goto(f"/reviews/{review.pk}/protocol/2/impact/")
    lead.get_by_role("button", name="See what it does").first.click()
    lead.locator("form.form-card [name=reason]").fill("The piloted records are read under the new words.")
    lead.get_by_role("button", name="Screen 4 records anew").click()
    expect(lead.locator("h1")).to_contain_text("anew")


def replace(lead: Page, review: Review, leaving: User, coming: User) -> None:
    lead.goto(f"/reviews/{review.pk}/team/{leaving.pk}/")
    form = lead.locator("form[action$='/replace/']")
    form.get_by_label("User name").fill(coming.username)
    form.get_by_role("button", name="Replace").click()
    expect(lead.locator(".toast-card").first).to_contain_text(coming.username)


def screen_in_turns(people: dict[str, Page], review: Review) -> None:
    """Everybody takes a few at a time until nothing is left to give out."""
    for _ in range(ROUNDS):
        for name, page in people.items():
            open_workbench(page, review)
            screen(page, name, most=2)
        if not StageState.objects.filter(review=review, stage=TA, status__in=["unscreened", "partial"]).exists():
            return
    pytest.fail("The stage did not come to its end.")


def settle_conflicts(page: Page, review: Review, how_many: int) -> None:
    page.goto(f"/reviews/{review.pk}/conflicts/")
    page.get_by_role("link", name="Trial").first.click()
    for left in range(how_many, 0, -1):
        expect(page.locator(".wb-counter")).to_contain_text(f"{left} waiting")
        page.wait_for_selector(".conflict-page[data-ready]")
        page.keyboard.press("o")
        expect(page.locator("#opinions .opinions")).to_be_visible()
        for key in "y" if int(title(page)[-2:]) < LATE else "n1":  # the first reason of the list
            page.keyboard.press(key)
    expect(page.locator(".toast-card").first).to_contain_text("That was the last conflict")


def test_a_team_screens_from_the_pilot_to_the_end(live_server: object, new_page: NewPage) -> None:
    lena, *four, judge, newcomer = (
        builders.user(name) for name in ("lena", "ana", "ben", "cem", "dee", "judge", "newcomer")
    )
    review = builders.review(lead=lena, reviewers=four, adjudicators=[judge])
    for number in range(RECORDS):
        builders.record(review, title=f"Trial {number:02}", abstract=f"We enrolled adults, series {number}.")
    pages = {}
    for person in (lena, *four, judge, newcomer):
        pages[person.username] = new_page()
        enter(pages[person.username], person)
    people = {person.username: pages[person.username] for person in four}

    pilot_together(pages["lena"], people, review)
    piloted = Decision.objects.count()
    assert piloted == PILOTED * len(four)
    amend(pages["lena"], review)
    anew = StageState.objects.filter(review=review, counts_from=2)
    assert [list(anew.values_list("status", flat=True)), anew.count()] == [["unscreened"] * PILOTED, PILOTED]
    for name, page in people.items():  # Ana is quick, and so one of the two on every record
        open_workbench(page, review)
        screen(page, name, most=RECORDS if name == "ana" else 2)
    replace(pages["lena"], review, four[3], newcomer)
    open_workbench_as_removed(people.pop("dee"), review)
    people["newcomer"] = pages["newcomer"]
    screen_in_turns(people, review)
    conflicts = StageState.objects.filter(review=review, stage=TA, status=StageStatus.CONFLICT).count()
    assert conflicts == len(DISPUTED)
    settle_conflicts(pages["judge"], review, conflicts)
    the_stage_is_finished(pages["lena"], review, conflicts)


def open_workbench_as_removed(page: Page, review: Review) -> None:
    answer = page.goto(f"/reviews/{review.pk}/screen/{TA}/")
    assert answer is not None
    assert answer.status in (403, 404)


def the_stage_is_finished(lead: Page, review: Review, conflicts: int) -> None:
    states = StageState.objects.filter(review=review, stage=TA).select_related("record")
    right = {state.record.title: "included" if int(state.record.title[-2:]) < LATE else "excluded" for state in states}
    assert {state.record.title: state.status for state in states} == right
    assert [str(drift) for drift in drifts(review)] == []
    counted = Decision.objects.filter(review=review, protocol__number=2)
    assert counted.filter(origin=Origin.ADJUDICATION).count() == conflicts
    assert counted.exclude(origin=Origin.ADJUDICATION).count() == 2 * RECORDS
    assert {len(state.voters) for state in states.filter(waived=False)} <= {2, 3}
    assert CriterionJudgement.objects.filter(criterion__protocol__number=1).exists()
    told = set(Event.objects.filter(review_id=review.pk).values_list("type", flat=True))
    assert told >= {
        *("pilot.started", "pilot.closed", "protocol.amended", "rescreening.begun", "reviewer.replaced"),
        "record.decided",
    }
    call_command("verify_audit")
    lead.goto(f"/reviews/{review.pk}/progress/")
    lead.locator("main").get_by_role("link", name="Title and abstract").first.click()
    expect(lead.locator("main")).to_contain_text(f"{RECORDS} of {RECORDS}")
    lead.goto(f"/reviews/{review.pk}/agreement/")
    expect(lead.locator("main")).to_contain_text("ana")
