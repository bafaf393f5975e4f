"""The lower half of the PRISMA flow, counted from rows: every number has its list, and the equations hold."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening import prisma
from screening.actions import stages, studies
from screening.enums import Stage
from screening.models.citation import Citation
from screening.models.document import Document
from screening.models.retrieval import Retrieval
from screening.models.study import StudyReport
from screening.queries.identification.studies import study_of
from screening.queries.prisma.flow import box
from screening.views.prisma import flow_of
from tests import builders

pytestmark = pytest.mark.django_db
LOWER = ("sought", "not_retrieved", "awaiting_retrieval", "awaiting_assessment", "assessed", "included_reports",
         "included_studies")  # fmt: skip


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def review(ada):
    return builders.review(reviewers=[ada], reviewers_per_record=1)


@pytest.fixture
def sought(review, ada):
    """Makes a record that passed title and abstract, with a file or without."""

    def made(*, file=False, verdict=""):
        record = builders.record(review, authors=["Okafor, A"], year=2021)
        imported = builders.imported_file(review)
        Citation.objects.create(
            file=imported, source=imported.source, record=record, position=1, line=1, raw="x", raw_sha256="0" * 64
        )
        builders.decide(record, ada, "include")
        if file:
            Document.objects.create(
                review=review, record=record, name="a.pdf", sha256=f"{record.pk:064x}", size=1, created_by=ada
            )
        if verdict:
            builders.decide(record, ada, verdict, stage=Stage.FULL_TEXT)
        return record

    return made


def lost(record):
    Retrieval.objects.create(
        review=record.review, record=record, outcome="not_retrieved", created_by=record.review.created_by
    )
    stages.refresh(review=record.review, record_ids=[record.pk], stage=Stage.FULL_TEXT)


def lower(review):
    """The numbers, each as long as its list, in a flow that balances."""
    flow = flow_of(review)
    assert prisma.balance(flow) == []
    for number in prisma.numbers(flow):
        assert box(review, number.key).distinct().count() == number.n, number.key
    return {key: getattr(flow, key) for key in LOWER if getattr(flow, key)}


def test_each_report_stands_where_retrieval_and_assessment_have_brought_it(review, sought):
    sought()
    sought(file=True)
    sought(file=True, verdict="exclude")
    sought(verdict="include")
    lost(sought())
    assert lower(review) == {
        "sought": 5,
        "not_retrieved": 1,
        "awaiting_retrieval": 1,
        "awaiting_assessment": 1,
        "assessed": 2,
        "included_reports": 1,
        "included_studies": 1,
    }


def test_two_reports_of_one_study_are_two_reports_and_one_study(review, sought, ada):
    one, two = sought(verdict="include"), sought(verdict="include")
    studies.link(study=study_of(two), into=study_of(one), by=ada)
    assert lower(review) == {"sought": 2, "assessed": 2, "included_reports": 2, "included_studies": 1}


def test_a_removed_file_is_no_file(review, sought):
    record = sought(file=True)
    document = Document.objects.get(record=record)
    document.removed = True
    document.save()
    assert lower(review) == {"sought": 1, "awaiting_retrieval": 1}


def test_an_included_report_without_a_study_is_said(review, sought):
    sought(verdict="include")
    sought(verdict="include")
    StudyReport.objects.order_by("id").first().delete()
    assert prisma.balance(flow_of(review)) == ["1 of the reports included belong to no study: each must belong to one."]


def test_the_flow_takes_as_many_queries_for_three_of_each_as_for_one(client, review, sought, ada):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("screening:prisma", args=[review.pk])).status_code == 200
        return len(captured)

    def more():
        sought(file=True)
        sought(verdict="include")
        sought(verdict="exclude")
        lost(sought())

    client.force_login(ada)
    more()
    queries()
    before = queries()
    more()
    more()
    assert queries() == before
