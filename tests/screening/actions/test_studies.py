"""Reports and the studies that they tell of: made when included, linked and parted by people, nothing lost (EXT-09)."""

import pytest

from audit.models.event import Event
from screening import prisma
from screening.actions import duplicates, hints, studies
from screening.dedup.reports import label
from screening.enums import Stage
from screening.models.citation import Citation
from screening.models.merge import DuplicateCandidate
from screening.models.study import Study, StudyHint, StudyReport
from screening.queries.identification import studies as seen
from screening.queries.identification.hints import open_hints
from screening.queries.prisma.flow import box
from screening.views.prisma import flow_of
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def review(ada):
    return builders.review(reviewers=[ada], reviewers_per_record=1)


@pytest.fixture
def report(review, ada):
    """Makes a record that is included at full text."""

    def made(*, authors=("Okafor, A", "Lind, B"), year=2021, **fields):
        record = builders.record(review, authors=list(authors), year=year, **fields)
        cited(record)
        builders.decide(record, ada, "include")
        builders.decide(record, ada, "include", stage=Stage.FULL_TEXT)
        return record

    return made


def cited(record):
    file = builders.imported_file(record.review)
    Citation.objects.create(
        file=file, source=file.source, record=record, position=1, line=1, raw="x", raw_sha256="0" * 64
    )
    return record


def labels(review):
    return [study.label for study in seen.included_studies(review)]


def reports_of(study):
    return [(report.record_id, report.main) for report in StudyReport.objects.filter(study=study)]


def counted(review):
    flow = flow_of(review)
    assert prisma.balance(flow) == []
    assert box(review, "included_studies").count() == flow.included_studies
    assert box(review, "included_reports").count() == flow.included_reports
    return flow.included_studies, flow.included_reports


def test_an_included_report_has_a_study_of_its_own_and_history_says_so(review, report):
    record = report()
    study = seen.study_of(record)
    assert (study.label, study.created_by, reports_of(study)) == ("Okafor 2021", None, [(record.pk, True)])
    assert (study.history.count(), study.reports.get().history.count()) == (1, 1)
    assert counted(review) == (1, 1)


def test_a_second_name_gets_a_letter_and_the_first_keeps_its_own(review, report):
    for _ in range(3):
        report()
    assert labels(review) == ["Okafor 2021", "Okafor 2021b", "Okafor 2021c"]


@pytest.mark.parametrize(
    ("authors", "year", "title", "name"),
    [
        (["van der Berg, J."], 2020, "", "van der Berg 2020"),
        (["JA Okafor"], None, "", "Okafor"),
        ([], 2019, "A trial of many things in few people", "A trial of many things 2019"),
        (["Anonymous", "Lind B"], 2019, "", "Lind 2019"),
        ([], None, "", ""),
    ],
)
def test_a_study_is_called_by_its_first_author_and_year(authors, year, title, name):
    assert label(authors, year, title) == name


def test_a_report_that_is_not_included_any_more_takes_its_study_out_of_the_count_and_gives_it_back(review, report, ada):
    record = report()
    study = seen.study_of(record)
    builders.decide(record, ada, "exclude", stage=Stage.FULL_TEXT)
    assert (counted(review), Study.objects.count()) == ((0, 0), 1)
    builders.decide(record, ada, "include", stage=Stage.FULL_TEXT)
    assert (counted(review), seen.study_of(record)) == ((1, 1), study)


def test_excluding_on_title_and_abstract_takes_it_out_too(review, report, ada):
    record = report()
    builders.decide(record, ada, "exclude")
    assert counted(review) == (0, 0)


def test_linked_reports_are_one_study_and_parting_gives_the_report_its_own_back(review, report, ada):
    one, two = report(), report()
    gone, into = seen.study_of(two), seen.study_of(one)
    kept = studies.link(study=gone, into=into, by=ada, reason="Same cohort")
    assert (kept, reports_of(kept)) == (into, [(one.pk, True), (two.pk, False)])
    assert counted(review) == (1, 2)
    assert studies.part(report=two.study_report, by=ada) == gone
    assert (reports_of(gone), reports_of(into)) == ([(two.pk, True)], [(one.pk, True)])
    assert counted(review) == (2, 2)


def test_a_linking_is_undone_exactly(review, report, ada):
    one, two, three = report(), report(), report()
    first, second = seen.study_of(one), studies.link(study=seen.study_of(three), into=seen.study_of(two), by=ada)
    studies.change(study=second, label="The trial", registrations=["nct01234567", " "], by=ada)
    second.refresh_from_db()
    before = reports_of(second)
    studies.link(study=second, into=first, by=ada)
    first.refresh_from_db()
    assert (first.registrations, counted(review)) == (["NCT01234567"], (1, 3))
    studies.restore(study=second, by=ada)
    first.refresh_from_db()
    assert (reports_of(second), reports_of(first), first.registrations) == (before, [(one.pk, True)], [])
    with pytest.raises(studies.StudyRefusedError, match="has reports of its own already"):
        studies.restore(study=second, by=ada)


def test_the_main_report_that_leaves_hands_over(review, report, ada):
    one, two = report(), report()
    kept = studies.link(study=seen.study_of(two), into=seen.study_of(one), by=ada)
    studies.set_main(report=StudyReport.objects.get(record=two), by=ada)
    assert list(box(review, "included_studies")) == [two]
    studies.part(report=StudyReport.objects.get(record=two), by=ada)
    assert reports_of(kept) == [(one.pk, True)]


def test_a_study_is_cited_by_another_report_while_its_main_one_is_not_included(review, report, ada):
    one, two = report(), report()
    studies.link(study=seen.study_of(two), into=seen.study_of(one), by=ada)
    builders.decide(one, ada, "exclude", stage=Stage.FULL_TEXT)
    assert (counted(review), list(box(review, "included_studies"))) == ((1, 1), [two])


def test_the_only_report_is_not_parted_and_a_study_not_linked_with_itself(review, report, ada):
    record = report()
    with pytest.raises(studies.StudyRefusedError, match="only report"):
        studies.part(report=record.study_report, by=ada)
    with pytest.raises(studies.StudyRefusedError, match="another one"):
        studies.link(study=seen.study_of(record), into=seen.study_of(record), by=ada)
    assert not Event.objects.filter(type__startswith="study.").exists()


def test_two_studies_with_values_are_not_linked_and_the_one_that_has_them_is_kept(review, report, ada, monkeypatch):
    one, two = (seen.study_of(report()) for _ in range(2))
    full = {two.pk}
    monkeypatch.setattr(seen, "guards", [lambda study: "3 extracted values" if study.pk in full else ""])
    assert studies.link(study=two, into=one, by=ada) == two
    studies.restore(study=one, by=ada)
    full.add(one.pk)
    with pytest.raises(studies.StudyRefusedError, match="has 3 extracted values, and Okafor 2021 has"):
        studies.link(study=two, into=one, by=ada)
    assert counted(review) == (2, 2)


def test_of_two_linkings_at_once_the_second_never_links_with_what_the_first_emptied(review, report, ada):
    one, two, three = (seen.study_of(report(authors=[f"{name}, A"])) for name in ("One", "Two", "Three"))
    studies.link(study=two, into=one, by=ada)
    for gone, into in ((three, two), (two, three)):
        with pytest.raises(studies.StudyRefusedError, match="Two 2021 was linked with One 2021 before"):
            studies.link(study=gone, into=into, by=ada)
    assert labels(review) == ["One 2021", "Three 2021"]
    assert not Event.objects.filter(type="study.linked", data__study=three.pk).exists()


def test_a_record_that_a_report_was_merged_into_joins_its_study(review, report, ada):
    reported, other = report(), cited(builders.record(review))
    study = seen.study_of(reported)
    merge = duplicates.merge(kept=other, absorbed=reported, by=ada)
    assert (seen.study_of(other), counted(review)) == (study, (1, 1))
    duplicates.unmerge(merge=merge, by=ada)
    assert (seen.study_of(reported), counted(review)) == (study, (1, 1))


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_name_must_be_one(review, report, ada, name):
    with pytest.raises(studies.StudyRefusedError, match="needs a name"):
        studies.change(study=seen.study_of(report()), label=name, registrations=[], by=ada)


# -- hints ------------------------------------------------------------------------------------------------------------
def test_a_register_number_in_two_abstracts_makes_a_hint_once(review, report):
    one = report(title="Main results", abstract="Registered as NCT 01234567.")
    two = report(title="Costs", authors=["Else, X"], abstract="(ClinicalTrials.gov: nct01234567)")
    report(title="Another", authors=["Third, Y"], abstract="NCT01234568")
    assert hints.find(review=review) == 1
    assert hints.find(review=review) == 0
    hint = StudyHint.objects.get()
    assert (hint.first, hint.second, hint.kind, hint.reason) == (one, two, "registry", "Both name NCT01234567.")
    assert hint.history.count() == 1


def test_alike_titles_of_the_same_authors_and_pairs_judged_so_make_hints(review, report, ada):
    people = ["Okafor, A", "Lind, B", "Maki, C"]
    one = report(title="Exergaming for breathlessness in COPD", authors=people)
    two = report(title="Exergaming for breathlessness in COPD: costs", authors=people[::-1], year=2023)
    three = report(title="Something else entirely", authors=["Alone, Z"])
    DuplicateCandidate.objects.create(review=review, first=one, second=three, score=0.5, reason="", engine_version="1")
    duplicates.judge(candidate=DuplicateCandidate.objects.get(), status="same_study", by=ada)
    assert hints.find(review=review, record_id=three.pk) == 1
    assert hints.find(review=review) == 1
    found = {(hint.first_id, hint.second_id): (hint.kind, hint.reason) for hint in StudyHint.objects.all()}
    assert found[one.pk, two.pk] == ("title_authors", "Alike in title, with 3 authors in common; 2021 and 2023.")
    assert found[one.pk, three.pk] == ("judged", "ada judged so while looking for duplicates.")


def test_a_confirmed_hint_links_answers_its_like_and_can_be_taken_back(review, report, ada):
    for _ in range(3):
        report(abstract="NCT01234567")
    hints.find(review=review)
    first, second, third = StudyHint.objects.order_by("first", "second")
    hints.judge(hint=first, status="confirmed", by=ada)
    assert (counted(review), open_hints(review.pk).count()) == ((2, 3), 2)
    hints.judge(hint=second, status="confirmed", by=ada)
    third.refresh_from_db()
    assert (counted(review), third.status, third.judged_by) == ((1, 3), "confirmed", ada)
    hints.judge(hint=second, status="open", by=ada)
    third.refresh_from_db()
    assert (counted(review), third.status, third.judged_by) == ((2, 3), "open", None)


def test_a_rejected_hint_is_not_made_again_and_links_nothing(review, report, ada):
    for _ in range(2):
        report(abstract="ISRCTN12345678")
    hints.find(review=review)
    hints.judge(hint=StudyHint.objects.get(), status="rejected", by=ada)
    assert (hints.find(review=review), counted(review), open_hints(review.pk).count()) == (0, (2, 2), 0)


def test_a_hint_about_a_report_that_is_not_included_any_more_waits_for_nobody(review, report, ada):
    one, _ = (report(abstract="ISRCTN12345678") for _ in range(2))
    hints.find(review=review)
    builders.decide(one, ada, "exclude", stage=Stage.FULL_TEXT)
    assert open_hints(review.pk).count() == 0
