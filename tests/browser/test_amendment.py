"""A lead amends a criterion, sees what that touches, and has it screened anew; the pages on the way, looked at."""

import re

from playwright.sync_api import expect

from screening.enums import Facet
from screening.models.record import Record
from screening.models.review import Review
from screening.models.run import RunItem
from tests import assisting, builders
from tests.fixtures.browser import NewPage
from tests.stored_suggestions import suggestion_for
from tests.touring import tour
from tests.visiting import enter

CRITERIA = (("adults", Facet.POPULATION), ("randomised", Facet.STUDY_DESIGN), ("walking", Facet.INTERVENTION))


def screened() -> Review:
    """Ten records: eight decided and three suggested under version 1; exclusions judged the study design."""
    lead, ann, ben, ada = (builders.user(name) for name in ("lead", "ann", "ben", "ada"))
    review = builders.review(
        lead=lead, reviewers=[ann, ben], adjudicators=[ada], criteria=CRITERIA, title="Walking", ai_enabled=True
    )
    design = review.protocol_versions.get().criteria.get(key="randomised")
    records = [builders.record(review) for _ in range(10)]
    for place, record in enumerate(records[:8]):
        one, other = ("include", "exclude") if place == 3 else (("include", "exclude")[place % 2],) * 2
        builders.decide(record, ann, one)
        builders.decide(record, ben, other, judgements={design.pk: "not_met"} if other == "exclude" else {})
    builders.decide(records[3], ada, "include", origin="adjudication")
    run = assisting.start(assisting.local(review))
    for item in RunItem.objects.filter(run=run).order_by("id")[:3]:
        suggestion_for(item)
    return review


def test_a_criterion_is_amended_and_what_it_touches_is_screened_anew(
    transactional_db: None, new_page: NewPage, live_server: object
) -> None:
    review, page = screened(), new_page()
    enter(page, review.created_by)
    here = f"{live_server.url}/reviews/{review.pk}/protocol/"  # type: ignore[attr-defined]  # pytest-django's
    page.goto(f"{here}edit/")
    page.get_by_label("Question to ask of each record").nth(1).fill("Were people randomised, or allocated in turn?")
    page.get_by_label("Short name").nth(2).fill("Walks")
    page.get_by_role("button", name="See what it changes").click()
    expect(page.locator(".word-diff ins").first).to_contain_text("Were people")
    page.get_by_label("Reason for the amendment").fill("Trials that allocate in turn count too")
    page.get_by_role("button", name="Put into force").click()
    expect(page.get_by_role("heading", name="What version 2 touches")).to_be_visible()
    impact = page.url
    page.get_by_label("Screen anew").select_option("changed")
    page.get_by_role("button", name="See what it does").click()
    preview = page.url
    expect(page.get_by_role("heading", name="What happens")).to_be_visible()
    tour(page, "", [preview])
    page.goto(preview)
    page.get_by_role("button", name=re.compile("^Screen 4 records anew")).click()
    expect(page.locator("#rescreening-progress")).to_contain_text("0 of 4")
    begun = page.url
    ann, ben = (review.memberships.get(user__username=name).user for name in ("ann", "ben"))
    for verdict, record in zip(("include", "exclude"), review.rescreenings.get().records, strict=False):
        for person in (ann, ben):
            builders.decide(Record.objects.get(pk=record), person, verdict)
    page.reload()
    expect(page.get_by_role("heading", name="What it changed")).to_be_visible()
    listed = f"{impact}title_abstract/?what=decisions"
    tour(page, live_server.url, [impact, listed, begun, f"{here}2/", here])  # type: ignore[attr-defined]
