"""A lead makes a form with the keyboard alone, publishes it, exports it, and imports it into a second form."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from extraction.actions import forms
from extraction.models.form import Form, FormVersion
from extraction.schema import fields, from_json, templates, to_json
from screening.models.review import Review
from tests import builders
from tests.fixtures.browser import NewPage
from tests.touring import tour
from tests.visiting import enter

pytestmark = pytest.mark.django_db(transaction=True)
CONTRAST, ANALYSIS, MISSING, REPORTED = (
    "effect",
    "Who was analysed",
    "Missing participants were",
    "Percentage as reported",
)


@pytest.fixture
def review() -> Review:
    return builders.review(lead=builders.user("lee"), title="Sleep and pain")


def to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press a key until the focus is on what `selector` matches, as somebody does who has no mouse."""
    for _ in range(150):
        page.keyboard.press(key)
        if page.evaluate("(wanted) => Boolean(document.activeElement?.matches(wanted))", selector):
            return
    raise AssertionError(f"{selector} is not reached with {key}")


def enter_on(page: Page, selector: str, key: str = "Tab") -> None:
    """Go to a link or button, press it, and wait for the page that it leads to."""
    to(page, selector, key)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def open_field(page: Page, label: str) -> None:
    page.get_by_role("link", name=label).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def remove(page: Page, label: str) -> None:
    open_field(page, label)
    enter_on(page, "[value^='field-remove'], [value^='group-remove']")
    expect(page.locator(".toast-text")).to_contain_text("Removed")


def titles(page: Page) -> list[str]:
    return [text.split("\n")[0] for text in page.locator(".outline-row > a").all_inner_texts()]


def begin(page: Page, review: Review) -> None:
    page.goto(f"/reviews/{review.pk}/extraction/forms/")
    enter_on(page, ".page-head .btn-primary")
    to(page, "input[type=radio]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    enter_on(page, "button.btn-primary")
    expect(page.get_by_role("heading", level=1)).to_have_text("RCT outcomes: dichotomous")


def add_a_choice(page: Page) -> None:
    page.locator("#add_0_label").focus()
    page.keyboard.type("Judged by")
    page.keyboard.press("Tab")
    page.keyboard.type("One")
    to(page, "[value^='field-add 0']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("A list needs at least two options.")).to_be_visible()
    to(page, "[name=options]")
    page.keyboard.type("Blinded committee\nInvestigators")
    expect(page.locator("#form-preview")).to_contain_text("Blinded committee")  # before it is saved
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.wait_for_selector("form-outline a[aria-current]:focus")


def publish(page: Page) -> None:
    page.get_by_role("link", name="Publish…").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    enter_on(page, "main button.btn-primary")
    expect(page.locator(".toast-text")).to_contain_text("Version 1")


def test_a_form_of_six_fields_is_made_published_and_brought_elsewhere_by_keyboard(
    page: Page, review: Review, tmp_path: Path
) -> None:
    enter(page, review.created_by)
    begin(page, review)
    for label in ("Effect between arms", ANALYSIS, MISSING, REPORTED):
        remove(page, label)
    add_a_choice(page)
    assert page.evaluate("document.activeElement.dataset.at") == "0.2"
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    assert titles(page)[:3] == ["What counts as an event", "Judged by", "The event is"]
    assert page.evaluate("document.activeElement.dataset.at") == "0.1"
    assert len(titles(page)) == 6
    publish(page)
    page.get_by_role("link", name="Export version 1").focus()
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    page.goto(f"/reviews/{review.pk}/extraction/forms/new/")
    page.locator("[name=json-name]").focus()
    page.keyboard.type("The same elsewhere")
    page.locator("[name=json-file]").set_input_files(file)
    enter_on(page, "[name=import]")
    expect(page.get_by_role("heading", level=1)).to_have_text("The same elsewhere")
    first, second = FormVersion.objects.get(), Form.objects.get(name="The same elsewhere")
    assert fields(from_json(second.draft)) == fields(from_json(first.schema))
    assert list(fields(from_json(first.schema))) == [
        "event_definition", "judged_by", "event_is", "events", "n", "event_percent",
    ]  # fmt: skip


def test_going_to_another_field_saves_what_was_typed(page: Page, review: Review) -> None:
    form = forms.create(review=review, name="Deaths", draft=to_json(templates()[2].schema), by=review.created_by)
    enter(page, review.created_by)
    page.goto(f"/reviews/{review.pk}/extraction/forms/{form.pk}/?at=1.0")
    expect(page.get_by_label("Unit", exact=True)).to_be_visible()
    expect(page.get_by_label("Options", exact=True)).to_be_hidden()
    page.get_by_label("Name of the field").fill("Deaths from all causes")
    expect(page.locator(".preview-field.is-current")).to_contain_text("Deaths from all causes")
    with page.expect_navigation():
        page.locator(".outline-row > a[data-at='1.1']").click()
    expect(page.get_by_label("Name of the field")).to_have_value("Participants analysed")
    assert "Deaths from all causes" in titles(page)


def test_two_people_edit_one_draft_and_the_later_sees_both(
    review: Review, new_page: NewPage, live_server: object
) -> None:
    form = forms.create(review=review, name="Deaths", draft=to_json(templates()[2].schema), by=review.created_by)
    robin = builders.user("robin")
    builders.join(review, robin, "lead")
    his, hers = new_page(), new_page()
    for page, person, name in ((his, robin, "Deaths, his"), (hers, review.created_by, "Deaths, hers")):
        enter(page, person)
        page.goto(f"/reviews/{review.pk}/extraction/forms/{form.pk}/?at=1.0")
        page.get_by_label("Name of the field").fill(name)
    his.get_by_role("button", name="Save the field").click()
    his.wait_for_url("**focus=save")
    hers.get_by_role("button", name="Save the field").click()
    told = hers.get_by_role("alert")
    expect(told).to_contain_text("robin changed this form while you were editing")
    expect(told.get_by_role("row", name="Name of the field")).to_contain_text("Deaths, hers")
    expect(told.get_by_role("row", name="Name of the field")).to_contain_text("Deaths, his")
    assert not [line for line in told.get_by_role("row").all_inner_texts() if "Group" in line]
    hers.get_by_role("button", name="Do mine now, in place of theirs").click()
    hers.wait_for_url("**focus=save")
    assert fields(from_json(Form.objects.get().draft))["events"].label == "Deaths, hers"


def test_the_pages_of_forms_pass_in_both_themes_wide_and_narrow(
    review: Review, new_page: NewPage, live_server: object
) -> None:
    lead, home = review.created_by, f"/reviews/{review.pk}/extraction/forms/"
    form = forms.create(review=review, name="Deaths", draft=to_json(templates()[2].schema), by=lead)
    empty = forms.create(review=review, name="Empty", by=lead)
    forms.publish(form=form, by=lead)
    less = {**form.draft, "groups": form.draft["groups"][:2]}
    forms.save_draft(form=form, draft=less, token=1, what="removed a group", by=lead)
    mine = f"{home}{form.pk}/"
    page = new_page()
    enter(page, lead)
    addresses = [home, f"{home}new/", f"{home}{empty.pk}/", f"{home}{empty.pk}/publish/", mine, f"{mine}?at=1.3",
                 f"{mine}?at=0", f"{mine}publish/", f"{mine}versions/"]  # fmt: skip
    tour(page, live_server.url, addresses)  # type: ignore[attr-defined]
