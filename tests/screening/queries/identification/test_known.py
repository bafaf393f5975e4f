"""A citation that isn't imported is found among the records of a review, or among none of them (IMP-06)."""

import pytest

from screening.actions import duplicates
from screening.queries.identification.known import Described, KnownRecords
from tests import builders

pytestmark = pytest.mark.django_db

TITLE = "Honey against nocturnal cough of children"


@pytest.fixture
def review():
    return builders.review()


def known(review, doi="", pmid="", title=TITLE, year=2019):
    return builders.record(review, title=title, year=year, doi=doi, accessions=[["pmid", pmid]] if pmid else [])


def found(review, doi="", pmid="", title=TITLE, year=2019):
    return KnownRecords(review).find(Described(title, year, doi, [("pmid", pmid)] if pmid else []))


@pytest.mark.parametrize(
    ("here", "asked"),
    [({"doi": "10.1234/article"}, {"doi": "10.1234/abstract"}), ({"pmid": "1"}, {"pmid": "2"})],
)
def test_another_report_with_the_same_title_is_not_the_record(review, here, asked):
    known(review, **here)
    assert found(review, **asked) == 0
    assert found(review, **asked, year=None) == 0


@pytest.mark.parametrize(
    "asked", [{}, {"pmid": "7"}, {"doi": "10.1234/ARTICLE"}, {"doi": "10.1234/article", "pmid": "7"}]
)
def test_the_same_title_is_the_record_where_only_one_of_them_names_an_id(review, asked):
    record = known(review, doi="10.1234/article")
    assert found(review, **asked) == record.pk


def test_an_id_that_agrees_outweighs_one_that_differs(review):
    record = known(review, doi="10.1234/article", pmid="7")
    assert found(review, doi="10.1234/corrected", pmid="7") == record.pk


def test_a_record_has_the_ids_of_what_was_merged_into_it(review):
    record, absorbed = known(review, doi="10.1234/article"), known(review, doi="10.1234/preprint")
    duplicates.merge(kept=record, absorbed=absorbed, by=review.created_by)
    assert {found(review, doi=doi) for doi in ("10.1234/article", "10.1234/preprint")} == {record.pk}
    assert found(review, doi="10.1234/third") == 0


def test_of_two_records_with_one_title_that_is_meant_which_names_no_other_id(review):
    known(review, doi="10.1234/article")
    other = known(review)
    assert found(review, doi="10.1234/abstract") == other.pk
    assert found(review) == 0, "either could be meant"
