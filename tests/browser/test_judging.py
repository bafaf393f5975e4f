"""What a person says of each criterion, by key and by hand, with the decision and in the plain form."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from screening.enums import Stage
from screening.models.decision import Decision
from screening.models.judgement import CriterionJudgement
from screening.models.protocol import Criterion
from screening.models.review import Review
from screening.models.stage import StageRule
from tests import builders
from tests.fixtures.browser import NewPage
from tests.visiting import enter, open_workbench, settled, title

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada() -> User:
    return builders.user("ada")


@pytest.fixture
def review(ada: User) -> Review:
    made = builders.review(reviewers=[ada], oversight="off")
    made.exclusion_reasons.all().delete()
    for _ in range(5):
        builders.record(made)
    return made


def stored() -> list[dict[str, str]]:
    """Label of a criterion -> what was said of it, for each decision."""
    rows = CriterionJudgement.objects.values_list("decision", "criterion__label", "judged")
    return [
        {label: judged for decision, label, judged in rows if decision == pk}
        for pk in Decision.objects.order_by("id").values_list("id", flat=True)
    ]


def pressed(page: Page) -> list[str]:
    return page.locator("[data-judge] label:has(:checked)").all_text_contents()


def test_judgements_go_with_the_decision_and_come_back_by_undo(page: Page, review: Review, ada: User) -> None:
    enter(page, ada)
    open_workbench(page, review)
    first = title(page)
    page.keyboard.press("Shift+Digit1")
    page.keyboard.press("Shift+Digit2")
    page.keyboard.press("Shift+Digit2")
    expect(page.locator("#announcer")).to_have_text("Randomised: not met.")
    page.keyboard.press("n")
    settled(page)
    assert stored() == [{"Adults": "met", "Randomised": "not_met"}]
    assert (title(page) != first, pressed(page)) == (True, [])

    page.keyboard.press("z")
    settled(page)
    assert (title(page), len(pressed(page))) == (first, 2)
    group = page.get_by_role("radiogroup", name="Your judgement: Adults")
    group.get_by_label("unclear").check(force=True)
    page.keyboard.press("m")
    settled(page)
    page.keyboard.press("k")
    page.locator("[data-judge] label:has(:checked)").first.click()  # pressed again: taken back
    page.keyboard.press("y")
    settled(page)
    page.keyboard.press("z")
    settled(page)
    kept = {"Adults": "unclear", "Randomised": "not_met"}
    assert stored() == [{"Adults": "met", "Randomised": "not_met"}, {}, kept, {"Randomised": "not_met"}, kept]

    page.reload()
    page.wait_for_selector("#workbench[data-ready]")
    page.keyboard.press("k")
    expect(page.locator(".wb-title")).to_have_text(first)
    assert len(pressed(page)) == 2


def test_where_a_stage_asks_for_criteria_an_exclusion_without_one_is_held_back(
    page: Page, review: Review, ada: User
) -> None:
    StageRule.objects.filter(review=review, stage=Stage.TITLE_ABSTRACT).update(ask_criteria=True)
    enter(page, ada)
    open_workbench(page, review)
    first = title(page)
    page.keyboard.press("n")
    expect(page.locator(".toast-card")).to_contain_text("say first which criterion is not met")
    page.keyboard.press("Shift+Digit1")  # met: nothing speaks against it yet
    page.keyboard.press("n")
    assert title(page) == first
    page.keyboard.press("Shift+Digit1")
    page.keyboard.press("n")
    settled(page)
    assert (stored(), Decision.objects.get().criteria_failed) == ([{"Adults": "not_met"}], 1)


def test_the_plain_form_carries_judgements(new_page: NewPage, live_server: object, review: Review, ada: User) -> None:
    page = new_page(java_script_enabled=False)
    enter(page, ada)
    page.goto(f"/reviews/{review.pk}/screen/title_abstract/")
    criterion = Criterion.objects.get(label="Adults")
    page.locator(f"[name=judgement-{criterion.pk}][value=not_met]").check(force=True)
    page.get_by_role("button", name="Exclude").click()
    assert stored() == [{"Adults": "not_met"}]
