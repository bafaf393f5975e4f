"""Merged records report one study: what was extracted of either stays in the lists, or the merge is refused."""

import pytest

from audit.models.event import Event
from extraction.models.value import Value
from screening import prisma
from screening.actions import duplicates, studies
from screening.actions.duplicates import MergeRefusedError
from screening.enums import Stage
from screening.models.citation import Citation
from screening.models.merge import Merge
from screening.models.study import StudyReport
from screening.queries.identification.studies import included_studies, study_of
from screening.views.prisma import flow_of
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [{"key": "n", "label": "N", "kind": "number"}]
SCHEMA = {
    "title": "Form",
    "purpose": "data",
    "groups": [{"key": "g", "label": "G", "repeats": "study", "fields": FIELDS}],
}


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def review(ada):
    return builders.review(reviewers=[ada], reviewers_per_record=1)


@pytest.fixture
def report(review, ada):
    """Makes a record that is included at full text."""

    def made(author="Okafor, A", year=2021):
        record = cited(builders.record(review, authors=[author], year=year))
        builders.decide(record, ada, "include")
        builders.decide(record, ada, "include", stage=Stage.FULL_TEXT)
        return record

    return made


@pytest.fixture
def fill(review, ada):
    """Puts an extracted value on the study of a record."""
    version = extracting.form_version(review, SCHEMA)

    def said(record, value="1", **fields):
        return extracting.value(study_of(record), version, "n", value, ada, **fields)

    return said


def cited(record):
    file = builders.imported_file(record.review)
    place = {"position": 1, "line": 1, "raw": "x", "raw_sha256": "0" * 64}
    Citation.objects.create(file=file, source=file.source, record=record, **place)
    return record


def listed(review):
    return [(study.label, [one.record_id for one in study.counted]) for study in included_studies(review)]


def test_two_records_whose_studies_both_have_values_are_not_merged_and_it_is_said_why(review, report, fill, ada):
    kept, absorbed = report(), report("Lind, B", 2020)
    fill(kept)
    fill(absorbed)
    before = listed(review)
    with pytest.raises(MergeRefusedError, match=r"Lind 2020 has 1 extracted value, and Okafor 2021 has 1 ext"):
        duplicates.merge(kept=kept, absorbed=absorbed, by=ada)
    assert (listed(review), Merge.objects.count(), Event.objects.filter(type="study.linked").count()) == (before, 0, 0)


def test_the_values_of_the_record_that_is_absorbed_stay_in_the_lists(review, report, fill, ada):
    kept, absorbed = report(), report("Lind, B", 2020)
    cell = fill(absorbed)
    duplicates.merge(kept=kept, absorbed=absorbed, by=ada)
    assert listed(review) == [("Lind 2020", [kept.pk])]
    assert Value.objects.get(study=study_of(kept)) == cell


def test_the_other_reports_of_the_absorbed_one_s_study_come_with_it_and_it_is_on_record(review, report, ada):
    kept, absorbed, costs = report(), report("Lind, B", 2020), report("Moe, C", 2022)
    studies.link(study=study_of(costs), into=study_of(absorbed), by=ada)
    duplicates.merge(kept=kept, absorbed=absorbed, by=ada)
    assert listed(review) == [("Okafor 2021", [kept.pk, costs.pk])]
    assert prisma.balance(flow_of(review)) == []
    assert (
        Event.objects.filter(type="study.linked").latest("pk").reason == "Two of their records were judged to be one."
    )


def test_a_merge_that_is_taken_back_gives_each_its_study_and_values_again(review, report, fill, ada):
    kept, absorbed, costs = report(), report("Lind, B", 2020), report("Moe, C", 2022)
    studies.link(study=study_of(costs), into=study_of(absorbed), by=ada)
    fill(absorbed)
    before, mains = listed(review), set(StudyReport.objects.values_list("pk", "study", "main"))
    merge = duplicates.merge(kept=kept, absorbed=absorbed, by=ada)
    assert [label for label, _ in listed(review)] == ["Lind 2020"]
    duplicates.unmerge(merge=merge, by=ada)
    assert listed(review) == before
    assert set(StudyReport.objects.values_list("pk", "study", "main")) == mains


def test_a_record_that_had_come_to_the_absorbed_one_s_study_leaves_it_with_the_merge(review, report, fill, ada):
    absorbed, kept = report(), builders.record(review, authors=["Lind, B"], year=2020)
    fill(absorbed)
    merge = duplicates.merge(kept=kept, absorbed=absorbed, by=ada)
    assert study_of(kept) == study_of(absorbed)
    duplicates.unmerge(merge=merge, by=ada)
    builders.decide(kept, ada, "include")
    builders.decide(kept, ada, "include", stage=Stage.FULL_TEXT)
    assert listed(review) == [("Lind 2020", [kept.pk]), ("Okafor 2021", [absorbed.pk])]


def test_two_absorbed_records_with_values_are_not_brought_under_one_that_has_no_study_yet(review, report, fill, ada):
    one, other, kept = report(), report("Lind, B", 2020), builders.record(review)
    fill(one)
    fill(other)
    builders.decide(kept, ada, "exclude")
    duplicates.merge(kept=kept, absorbed=one, by=ada)
    assert study_of(kept) is None
    with pytest.raises(MergeRefusedError, match="extracted value"):
        duplicates.merge(kept=kept, absorbed=other, by=ada)


def test_what_people_have_parted_since_stays_as_they_left_it(review, report, ada):
    kept, absorbed = report(), report("Lind, B", 2020)
    merge = duplicates.merge(kept=kept, absorbed=absorbed, by=ada)
    studies.part(report=StudyReport.objects.get(record=absorbed), by=ada)
    before = set(StudyReport.objects.values_list("pk", "study"))
    duplicates.unmerge(merge=merge, by=ada)
    assert set(StudyReport.objects.values_list("pk", "study")) == before


def test_once_the_values_of_one_are_withdrawn_the_two_are_merged(review, report, fill, ada):
    kept, absorbed = report(), report("Lind, B", 2020)
    fill(kept)
    fill(absorbed, None, supersedes=fill(absorbed), state="withdrawn")
    duplicates.merge(kept=kept, absorbed=absorbed, by=ada)
    assert listed(review) == [("Okafor 2021", [kept.pk])]
