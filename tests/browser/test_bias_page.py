"""EXT-08: the risk-of-bias page in a browser: both themes, wide and narrow, and a lead who starts from nothing."""

from playwright.sync_api import expect

from extraction.actions.bias import add_instrument
from extraction.models.form import FormVersion
from extraction.models.rule import ExtractionRule
from screening.models.review import Review
from tests import builders, extracting
from tests.fixtures.browser import NewPage
from tests.touring import tour
from tests.visiting import enter

LOW = dict.fromkeys(("d1", "d2", "d3", "d4", "d5", "overall"), "low")
STUDIES = {
    "Okafor 2021": LOW,
    "Lindqvist and the collaborative group on things with long names 2019": {**LOW, "d2": "some", "overall": "some"},
    "Tan 2018": {"d1": "high", "d3_1": "Y"},
}


def filled(review: Review) -> None:
    """Three studies judged by RoB 2, one of them half way; QUADAS-2 beside it."""
    ExtractionRule.objects.create(review=review, extractors_per_study=1)
    form = add_instrument(review=review, instrument="rob2", by=review.created_by)
    add_instrument(review=review, instrument="quadas2", by=review.created_by)
    version, person = FormVersion.objects.get(form=form), extracting.extractor(review)
    data = extracting.form_version(review, {})
    for label, answers in STUDIES.items():
        study = extracting.included_study(review, label=label)
        outcome = extracting.measure(study, "HbA1c", time_point="24 weeks")
        extracting.assign(study, version, person)
        extracting.assign(study, data, person)
        extracting.value(study, data, "total", "120", person)
        for key, said in answers.items():
            extracting.value(study, version, key, said, person, measure=outcome)


def test_the_page_is_readable_for_everyone(transactional_db: None, new_page: NewPage, live_server: object) -> None:
    empty, review = builders.review(), builders.review(title="Sleep and pain")
    builders.join(empty, review.created_by, "lead")
    filled(review)
    page = new_page()
    enter(page, review.created_by)
    start = f"/reviews/{review.pk}/extraction/bias/"
    second = review.forms.get(instrument="quadas2")
    addresses = [f"/reviews/{empty.pk}/extraction/bias/", start, f"{start}?weighted=1", f"{start}?form={second.pk}"]
    tour(page, live_server.url, addresses)  # type: ignore[attr-defined]  # pytest-django's


def test_a_lead_chooses_an_instrument_and_sees_its_page(
    transactional_db: None, new_page: NewPage, live_server: object
) -> None:
    review = builders.review()
    extracting.included_study(review, label="Okafor 2021")
    page = new_page()
    enter(page, review.created_by)
    page.goto(f"/reviews/{review.pk}/extraction/bias/")
    page.get_by_label("Instrument").select_option(label="QUADAS-2")
    page.get_by_role("button", name="Add it to this review").press("Enter")
    expect(page.get_by_text("QUADAS-2 is ready to be filled in.")).to_be_visible()
    plots = page.locator("svg.bias-plot").filter(visible=True)
    expect(plots).to_have_count(2)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(plots.and_(page.locator(".is-narrow"))).to_have_count(2)  # the wide ones give way to them
    expect(plots).to_have_count(2)
    page.get_by_text("The judgements as a table").press("Enter")
    expect(page.get_by_role("cell", name="Not judged yet").first).to_be_visible()
