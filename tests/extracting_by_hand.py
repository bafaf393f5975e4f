"""What extractors do in a browser: by keyboard, from what the demonstration knows of its own reports."""

import re

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from extraction.enums import Tier
from extraction.management.demonstration.answers import Answer, answers, form_schema
from extraction.management.demonstration.judging import judgements
from extraction.management.demonstration.model import END, ReportTruth
from extraction.models.structure import Arm, Measure
from extraction.models.value import cell_key
from extraction.schema import fields
from tests.visiting import settled

RIGHT = "14.4"  # the mean in the first arm, as the report has it
REJECTED, UNREPORTED = "age_sd", "exclusion_criteria"
SPECS = fields(form_schema())
ASKED = {
    "design", "blinding", "inclusion_criteria", "total_randomised", "intervention", "arm_role", "randomised", "age_sd",
    "instrument_name", "direction", "value_type", "n", "mean", "sd", "difference",
}  # fmt: skip  # what the form requires, and one of each other kind


def begin(page: Page, place: list[int]) -> None:
    page.goto(reverse("extraction:sheet", args=place))
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector("#sheet[data-ready] [data-done]")
    page.wait_for_selector("pdf-viewer[data-state=ready]")


def describe(page: Page, truth: ReportTruth) -> None:
    """The arms, and the primary outcome at the end of treatment."""
    for number, arm in enumerate(truth.arms, 1):
        page.get_by_label("New arm").fill(arm.name)
        page.keyboard.press("Enter")
        expect(page.locator(f"#sheet[data-ready] summary:has-text('Arms ({number})')")).to_be_visible()
    page.get_by_label("New outcome", exact=True).fill(truth.outcomes[0].name)
    page.get_by_label("Time point of the new outcome").fill(truth.times[END])
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[data-ready] [data-field=mean]")


def cell_of(page: Page, study_id: int, answer: Answer) -> Locator:
    return page.locator(f'[data-cell="{key_of(study_id, answer)}"]')


def key_of(study_id: int, answer: Answer) -> str:
    arms = list(Arm.objects.filter(study=study_id).order_by("position"))
    measure = Measure.objects.filter(study=study_id).first() if answer.measure else None
    return cell_key(answer.field, None if answer.arm is None else arms[answer.arm].pk, measure.pk if measure else None)


def write(page: Page, cell: Locator, raw: str) -> None:
    """As a person does at the keyboard, by the kind of the field."""
    kind, own = cell.get_attribute("data-kind"), cell.locator("[data-input]").first
    own.focus()
    if kind == "multi_choice":
        for key in raw.split("; "):
            cell.locator(f'input[value="{key}"]').press("Space")
    elif kind == "choice":
        own.select_option(raw)
    else:
        page.keyboard.insert_text(raw)  # what is typed letter by letter elsewhere
    page.keyboard.press("Enter")


def offered(cell: Locator, raw: str) -> bool:
    """Whether the proposal that stands in sight is what the report says."""
    return bool(cell.evaluate(
        """(cell, raw) => { const offer = cell.querySelector("[data-offer][data-usable]:not(.is-rejected) b");
        const said = cell.querySelector(`[data-input] option[value="${raw}"]`)?.textContent ?? raw;
        return offer?.textContent === said || offer?.textContent.startsWith(`${said} `); }""",
        raw,
    ))  # fmt: skip


def extract(page: Page, study_id: int, truth: ReportTruth, mean: str) -> None:
    """Each cell by keyboard: what is proposed rightly is accepted, else what the report says is entered."""
    expect(page.locator(".xt-form")).to_contain_text("AI suggests")
    for answer in primary(truth):
        cell = cell_of(page, study_id, answer)
        if SPECS[answer.field].tier == Tier.OUTCOME:
            expect(cell).to_contain_text("after your entry")  # blind first
            expect(cell.locator("[data-offer]")).to_have_count(0)
            write(page, cell, mean if answer.raw == RIGHT else answer.raw)
        elif offered(cell, answer.raw):
            cell.locator("[data-input]").first.press("Enter")
        else:
            write(page, cell, answer.raw)
    settled(page)


def primary(truth: ReportTruth) -> list[Answer]:
    """What the two enter: of the study, its arms, and its primary outcome at the end."""
    wanted = (None, (truth.outcomes[0].key, END))
    return [answer for answer in answers(truth) if answer.measure in wanted and answer.field in ASKED]


def refuse(page: Page, study_id: int, truth: ReportTruth) -> None:
    """What a key does beyond Enter: a proposal rejected for a reason, and something that the report does not say."""
    wrong = next(answer for answer in answers(truth) if answer.field == REJECTED)
    cell = cell_of(page, study_id, wrong)
    cell.locator("[data-input]").first.press("Escape")
    page.keyboard.press("1")
    expect(cell).to_contain_text("You rejected it")
    unsaid = page.locator(f"[data-field={UNREPORTED}]")
    unsaid.locator("[data-input]").press("Alt+r")
    expect(unsaid).to_contain_text("not reported")


def finish(page: Page) -> None:
    page.locator("[data-done]").click()
    page.wait_for_url(re.compile("/extraction/$"))


def judge(page: Page, place: list[int], truth: ReportTruth) -> None:
    """RoB 2: the signalling questions are answered, what the algorithm makes of them is confirmed by Enter."""
    begin(page, place)
    for answer in judgements(truth):
        cell = cell_of(page, place[1], answer)
        if cell.locator("[data-judged]").count():
            cell.locator("[data-input]").press("Enter")
        else:
            write(page, cell, answer.raw)
        settled(page)
    finish(page)
