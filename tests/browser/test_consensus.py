"""Whoever settles a cell by keyboard gets what they meant: their own value, or what AI proposed."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.actions import assignments, values
from extraction.models.proposal import Proposal
from extraction.models.value import Value
from screening.enums import Role
from tests import builders, extracting
from tests.fixtures.browser import NewPage
from tests.visiting import enter

FIELDS = [{"key": key, "label": key.title(), "kind": "number"} for key in ("n", "events")]
SCHEMA = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "Study", "fields": FIELDS}]}


@pytest.fixture
def page(transactional_db: None, new_page: NewPage, live_server: object) -> Page:
    """The consensus of two extractors who differ in both fields, with a proposal for the second."""
    review = builders.review(ai_enabled=True)
    study, version = extracting.study(review, label="Okafor 2021"), extracting.form_version(review, SCHEMA)
    for raw in ("50", "52"):
        person = extracting.extractor(review)
        held = assignments.begin(study=study, form=version.form, by=person)
        for field in ("n", "events"):
            said = {"study": study, "form": version.form, "field_key": field, "raw": raw, "by": person}
            values.record(**said, idempotency_key=uuid4())
        assignments.done(assignment=held, by=person)
    extracting.proposal(study, version, "events", "12")
    judge = builders.user("judge")
    builders.join(review, judge, Role.ADJUDICATOR)
    page = new_page()
    enter(page, judge)
    page.goto(reverse("extraction:consensus", args=[review.pk, study.pk, version.form_id]))
    page.wait_for_selector("#consensus[data-ready]")
    return page


def test_enter_behind_a_typed_value_settles_with_it(page: Page) -> None:
    line = page.locator("#r-n-0-0")
    line.locator("summary").click()
    line.locator("input[name=raw]").fill("51")
    line.locator("input[name=raw]").press("Enter")
    page.wait_for_url(re.compile("#next"))
    expect(page.locator("#r-n-0-0")).to_contain_text("51 settled by judge")
    assert Value.objects.get(capacity="consensus").value == "51"


def test_three_takes_what_ai_proposed_and_cites_it(page: Page) -> None:
    page.locator("#r-events-0-0").focus()
    page.keyboard.press("3")
    page.wait_for_url(re.compile("#next"))
    expect(page.locator("#r-events-0-0")).to_contain_text("12 settled by judge")
    assert Value.objects.get(capacity="consensus").citing == Proposal.objects.get()
