"""How many cells wait to be settled: the number that the consensus screen has, told to those who may open it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from extraction.queries.consensus import comparison
from extraction.queries.overview import slots
from extraction.queries.waiting import with_waiting
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [{"key": key, "label": key, "kind": "number"} for key in ("a", "b", "c", "d")]
GROUPS = [
    {"key": "g", "label": "G", "fields": FIELDS},
    {"key": "h", "label": "H", "repeats": "arm", "fields": [{"key": "n", "label": "N", "kind": "number"}]},
]
SCHEMA = {"title": "D", "purpose": "data", "groups": GROUPS}


@pytest.fixture
def review():
    return builders.review()


@pytest.fixture
def version(review):
    return extracting.form_version(review, SCHEMA)


def done_study(review, version):
    """A conflict (a), a word of one person only (b), agreement (c), and a conflict of an arm that was retired (n)."""
    study = extracting.included_study(review)
    people = [extracting.extractor(review) for _ in range(2)]
    gone = extracting.arm(study, retired=True)
    for person, said in zip(people, ({"a": "1", "b": "2", "c": "3"}, {"a": "9", "c": "3"}), strict=True):
        extracting.assign(study, version, person, status="done", done_at=timezone.now())
        for key, number in said.items():
            extracting.value(study, version, key, number, person)
        extracting.value(study, version, "n", str(person.pk), person, arm=gone)
    return study, people


def told(review, version, study, person=None, roles=("lead",)):
    found = slots(review, [study], [version.form], person.pk if person else 0, roles)
    (slot,) = with_waiting(found, roles)[study.pk]
    return slot.waiting


def test_what_differs_and_what_one_person_said_alone_waits(review, version):
    study, _ = done_study(review, version)
    assert told(review, version, study) == 2 == comparison(study, version.form).waiting


def test_what_was_settled_waits_no_more_until_an_extractor_moves(review, version):
    study, (first, _) = done_study(review, version)
    judge = review.created_by
    for key in ("a", "b"):
        extracting.value(study, version, key, "5", judge, capacity="consensus")
    assert told(review, version, study) == 0 == comparison(study, version.form).waiting
    extracting.value(study, version, "a", "7", first, supersedes=study.values.get(author=first, field_key="a"))
    assert told(review, version, study) == 1 == comparison(study, version.form).waiting


def test_nothing_is_told_before_all_are_done_nor_to_who_may_not_compare(review, version):
    study, (first, _) = done_study(review, version)
    assert told(review, version, study, first, ["extractor"]) == 2  # done: they see both values
    assert told(review, version, study, extracting.extractor(review), ["extractor"]) is None
    assert told(review, version, study, roles=["observer"]) is None
    study.assignments.filter(extractor=first).update(status="working", done_at=None)
    assert told(review, version, study) is None
    assert told(review, version, study, first, ["extractor", "lead"]) is None


def test_the_number_of_queries_does_not_grow(review, version):
    other, counted = extracting.form_version(review, SCHEMA), []
    studies = []
    for _ in range(3):
        study, people = done_study(review, version)
        for person in people:
            extracting.assign(study, other, person, status="done", done_at=timezone.now())
        studies.append(study)
        found = slots(review, studies, [version.form, other.form], 0, ["lead"])
        with CaptureQueriesContext(connection) as asked:
            with_waiting(found, ["lead"])
        counted.append(len(asked))
    assert counted == [4, 4, 4]
