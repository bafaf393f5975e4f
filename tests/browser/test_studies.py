"""Linking reports of one study in a browser, by keyboard."""

from playwright.sync_api import expect

from screening.actions import hints
from screening.enums import Role, Stage
from screening.models.review import Review
from screening.queries.identification.studies import included_studies
from tests import builders
from tests.fixtures.browser import NewPage
from tests.touring import tour
from tests.visiting import enter

ABSTRACT = "We randomised 214 adults to exergaming at home or usual care. Registered as NCT01234567 before the first."


def a_review() -> Review:
    ada = builders.user("ada")
    review = builders.review(lead=ada, reviewers=[ada], reviewers_per_record=1, title="Exergaming for breathlessness")
    builders.join(review, ada, Role.EXTRACTOR)
    for year, journal, end in ((2021, "Invented Health Letters", ""), (2023, "Costs and Lungs", ": what it costs")):
        record = builders.record(
            review,
            title=f"Exergaming at home for breathlessness in chronic obstructive pulmonary disease{end}",
            authors=["Okafor, A", "Lind, B", "van der Berg, J"],
            year=year,
            journal=journal,
            abstract=ABSTRACT,
        )
        for stage in Stage:
            builders.decide(record, ada, "include", stage=stage)
    hints.find(review=review)
    return review


def labels(review: Review) -> list[str]:
    return [study.label for study in included_studies(review)]


def test_the_pages_are_readable_for_everyone(transactional_db: None, new_page: NewPage, live_server: object) -> None:
    review = a_review()
    page = new_page()
    enter(page, review.created_by)
    study = included_studies(review)[0]
    start = f"/reviews/{review.pk}/studies/"
    tour(page, live_server.url, [start, f"{start}{study.pk}/?q=okafor"])  # type: ignore[attr-defined]  # pytest-django's


def test_reports_are_linked_undone_and_told_apart_by_keys_alone(
    transactional_db: None, new_page: NewPage, live_server: object
) -> None:
    review = a_review()
    page = new_page()
    enter(page, review.created_by)
    page.goto(f"/reviews/{review.pk}/studies/")
    expect(page.locator(".study-codes mark")).to_have_count(2)
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="1 included study")).to_be_visible()
    assert labels(review) == ["Okafor 2021"]
    page.keyboard.press("z")
    expect(page.get_by_role("heading", name="2 included studies")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Are these reports of one study?")).to_have_count(0)
    expect(page.get_by_text("Noted: two studies.")).to_be_visible()
    assert labels(review) == ["Okafor 2021", "Okafor 2023"]


def test_a_study_is_linked_by_search_and_a_report_parted(
    transactional_db: None, new_page: NewPage, live_server: object
) -> None:
    review = a_review()
    page = new_page()
    enter(page, review.created_by)
    page.goto(f"/reviews/{review.pk}/studies/")
    page.get_by_role("table").get_by_role("link", name="Okafor 2021").press("Enter")
    page.get_by_label("Name, title, author").fill("costs")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Link Okafor 2023 with Okafor 2021").press("Enter")
    expect(page.get_by_text("Okafor 2023 is part of Okafor 2021 now.")).to_be_visible()
    page.get_by_role("button", name="Part", exact=False).last.press("Enter")
    expect(page.get_by_text("The report is of a study of its own now: Okafor 2023.")).to_be_visible()
    assert labels(review) == ["Okafor 2021", "Okafor 2023"]
