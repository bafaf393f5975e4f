"""The studies of a review: the list, hints side by side, one study, and who may link."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.actions import hints
from screening.enums import Role, Stage
from screening.models.study import StudyHint
from screening.queries.identification.studies import included_studies, study_of
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def review(ada):
    made = builders.review(reviewers=[ada], reviewers_per_record=1)
    builders.join(made, ada, Role.EXTRACTOR)
    return made


@pytest.fixture
def report(review, ada):
    def made(**fields):
        record = builders.record(review, **{"authors": ["Okafor, A"], "year": 2021, **fields})
        for stage in Stage:
            builders.decide(record, ada, "include", stage=stage)
        return record

    return made


@pytest.fixture
def page(client, ada):
    client.force_login(ada)
    return client


def address(name, *args):
    return reverse(f"screening:{name}", args=args)


def toast(response):
    return [(str(message), message.extra_tags) for message in get_messages(response.wsgi_request)]


def labels(review):
    return [study.label for study in included_studies(review)]


def test_a_hint_shows_both_reports_with_the_number_that_they_share(page, review, report):
    report(title="Main results", abstract="Registered: NCT01234567, ISRCTN12345678.")
    report(title="Costs", abstract="See nct 01234567.", year=2023)
    hints.find(review=review)
    html = page.get(address("studies", review.pk)).content.decode()
    assert "Both name NCT01234567." in html
    assert html.count("<mark>NCT01234567</mark>") == 3  # in both lines of numbers, and in the first's abstract
    assert "<mark>nct 01234567</mark>" in html
    assert '<span class="tag">ISRCTN12345678</span>' in html


def test_same_links_and_the_toast_undoes_it(page, review, report):
    one, two = report(abstract="NCT01234567"), report(abstract="NCT01234567")
    hints.find(review=review)
    hint = StudyHint.objects.get()
    response = page.post(address("study-hint", review.pk, hint.pk), {"answer": "same"})
    assert (study_of(one), labels(review)) == (study_of(two), ["Okafor 2021"])
    undo = address("study-hint-reopen", review.pk, hint.pk)
    assert toast(response) == [("One study: both reports are of it now.", f"undo:{undo}")]
    page.post(undo)
    assert labels(review) == ["Okafor 2021", "Okafor 2021b"]
    assert "Are these reports of one study?" in page.get(address("studies", review.pk)).content.decode()


def test_an_answer_leads_to_the_next_hint_and_later_leaves_it_open(page, review, report):
    for _ in range(3):
        report(abstract="NCT01234567")
    hints.find(review=review)
    first, second, _ = StudyHint.objects.order_by("-score", "id")
    response = page.post(address("study-hint", review.pk, first.pk), {"answer": "different"})
    assert response.url == f"{address('studies', review.pk)}?hint={second.pk}"
    assert page.get(response.url).context["hint"] == second
    assert labels(review) == ["Okafor 2021", "Okafor 2021b", "Okafor 2021c"]
    page.post(address("study-hint", review.pk, second.pk), {"answer": "what?"})
    second.refresh_from_db()
    assert second.status == "open"


def test_a_study_is_found_linked_undone_and_a_report_parted(page, review, report):
    one, two = report(title="Exergaming at home"), report(title="Exergaming: costs", authors=["Lind, B"])
    study, other = study_of(one), study_of(two)
    html = page.get(address("study", review.pk, study.pk), {"q": "costs exergaming lind"}).content.decode()
    assert f"Link {other.label} with {study.label}" in html
    response = page.post(address("study-link", review.pk, study.pk), {"with": other.pk})
    assert toast(response)[0] == (
        "Lind 2021 is part of Okafor 2021 now.",
        f"undo:{address('study-restore', review.pk, other.pk)}",
    )
    page.post(address("study-restore", review.pk, other.pk))
    assert study_of(two) == other
    page.post(address("study-link", review.pk, study.pk), {"with": other.pk})
    page.post(address("report-main", review.pk, two.study_report.pk))
    page.post(address("report-part", review.pk, two.study_report.pk))
    assert (study_of(two), labels(review)) == (other, ["Lind 2021", "Okafor 2021"])


def test_name_and_registrations_are_written_and_a_bad_name_is_refused_kindly(page, review, report):
    study = study_of(report(abstract="Registered as NCT 01234567."))
    assert "Its reports name NCT01234567." in page.get(address("study", review.pk, study.pk)).content.decode()
    page.post(address("study", review.pk, study.pk), {"label": " The  trial ", "registrations": "nct01234567; x-1"})
    study.refresh_from_db()
    assert (study.label, study.registrations) == ("The trial", ["NCT01234567", "X-1"])
    codes = ",".join(f"N{n}" for n in range(30))
    response = page.post(address("study", review.pk, study.pk), {"label": "Other", "registrations": codes})
    assert "At most 20 registrations" in response.content.decode()
    study.refresh_from_db()
    assert study.label == "The trial"


def test_who_may_not_link_reads_the_list_and_sees_no_hint_and_no_button(client, review, report):
    for _ in range(2):
        report(abstract="NCT01234567")
    hints.find(review=review)
    observer = builders.user()
    builders.join(review, observer, Role.OBSERVER)
    client.force_login(observer)
    html = client.get(address("studies", review.pk)).content.decode()
    assert "Okafor 2021b" in html
    assert "Are these reports" not in html
    study = included_studies(review)[0]
    assert "Link another study" not in client.get(address("study", review.pk, study.pk)).content.decode()


@pytest.mark.parametrize("name", ["studies", "study"])
def test_pages_take_as_many_queries_for_three_rows_as_for_one(page, review, report, ada, name):
    from screening.actions import studies

    def queries(words=""):
        args = [review.pk] if name == "studies" else [review.pk, study_of(one).pk]
        page.get(address(name, *args))
        with CaptureQueriesContext(connection) as captured:
            page.get(address(name, *args), {"q": "trial"} if name == "study" else {})
        return len(captured)

    one, other = report(abstract="NCT01234567"), report(abstract="NCT01234567")
    hints.find(review=review)
    before = queries()
    for _ in range(2):
        studies.link(study=study_of(report(abstract="NCT01234567")), into=study_of(other), by=ada)
        if name == "study":
            studies.link(study=study_of(report()), into=study_of(one), by=ada)
        else:
            report(abstract="NCT01234567")
    hints.find(review=review)
    assert queries() == before


def test_looking_for_hints_costs_the_same_number_of_queries_for_three_reports_as_for_one(review, report):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            hints.find(review=review)
        return len(captured)

    for _ in range(2):
        report(abstract="NCT01234567")
    before = queries()
    for _ in range(3):
        report(abstract="NCT01234567")
    assert queries() == before
