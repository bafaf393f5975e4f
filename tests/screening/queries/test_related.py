"""Other reports of a study, and what was merged into a record: at hand while screening, as far as blinding allows."""

import pytest

from screening.enums import Role, Stage
from screening.models.citation import Citation
from screening.models.merge import DuplicateCandidate
from screening.models.record import Record
from screening.models.stage import StageState
from screening.models.study import Study, StudyHint, StudyReport
from screening.queries.marks.annotations import marks_of
from tests import builders

pytestmark = pytest.mark.django_db
REVIEWER, LEAD = {Role.REVIEWER}, {Role.LEAD}


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def review(ada):
    return builders.review(reviewers=[ada], reviewers_per_record=1)


@pytest.fixture
def pair(review):
    return builders.record(review, title="Main report", year=2020), builders.record(
        review, title="Follow-up", year=2022
    )


def reports(record, person, roles):
    shown = marks_of([record.pk], user_id=person.pk, roles=roles)
    return [(row["title"], row["why"]) for row in shown[record.pk].reports] if record.pk in shown else []


def judged(review, one, two, status="same_study"):
    DuplicateCandidate.objects.create(
        review=review, first=one, second=two, score=0.8, reason="alike", engine_version="1", status=status
    )


def linked(review, one, two):
    study = Study.objects.create(review=review, label="Okafor 2020")
    for record, main in ((one, True), (two, False)):
        StudyReport.objects.create(review=review, study=study, record=record, main=main)
    return study


def voted(*records, person):
    StageState.objects.filter(record__in=records).update(voters=[person.pk], status="included")


def test_what_was_judged_while_looking_for_duplicates_shows_before_the_vote(review, pair, ada):
    judged(review, *pair)
    for record, other in (pair, pair[::-1]):
        assert reports(record, ada, REVIEWER) == [(other.title, "judged so while looking for duplicates")]


def test_other_judgements_of_a_pair_are_not_told(review, pair, ada):
    judged(review, *pair, status="not_duplicate")
    assert reports(pair[0], ada, REVIEWER) == []


def test_a_study_tells_that_its_reports_were_included_so_it_waits_for_the_own_vote_on_both(review, pair, ada):
    linked(review, *pair)
    assert reports(pair[0], ada, REVIEWER) == []
    voted(pair[0], person=ada)
    assert reports(pair[0], ada, REVIEWER) == []
    voted(*pair, person=ada)
    assert reports(pair[0], ada, REVIEWER) == [("Follow-up", "linked as one study")]
    assert reports(pair[1], builders.user(), LEAD) == [("Main report", "linked as one study")]


def test_an_open_hint_is_told_like_a_study_and_a_rejected_one_never(review, pair, ada):
    hint = StudyHint.objects.create(
        review=review, first=pair[0], second=pair[1], kind="registry", reason="Both name NCT00000001.", score=1
    )
    assert reports(pair[1], ada, REVIEWER) == []
    voted(*pair, person=ada)
    assert reports(pair[1], ada, REVIEWER) == [("Main report", "Both name NCT00000001.")]
    StudyHint.objects.filter(pk=hint.pk).update(status="rejected")
    assert reports(pair[1], ada, REVIEWER) == []


def test_a_report_that_was_merged_is_named_by_the_record_it_became_and_only_once(review, pair, ada):
    third = builders.record(review, title="Third")
    judged(review, *pair)
    judged(review, pair[0], third)
    Record.objects.filter(pk=pair[1].pk).update(merged_into=third, active=False)
    assert reports(pair[0], ada, REVIEWER) == [("Third", "judged so while looking for duplicates")]
    Record.objects.filter(pk=third.pk).update(merged_into=pair[0], active=False)
    Record.objects.filter(pk=pair[1].pk).update(merged_into=pair[0])
    assert reports(pair[0], ada, REVIEWER) == []


def test_duplicates_come_with_their_sources(review, pair, ada):
    file = builders.imported_file(review)
    place = {"file": file, "source": file.source, "raw": "x", "raw_sha256": "0" * 64}
    for number, record in enumerate(pair):
        Citation.objects.create(record=record, position=number, line=number + 1, **place)
    Record.objects.filter(pk=pair[1].pk).update(merged_into=pair[0], active=False)
    (found,) = marks_of([pair[0].pk], user_id=ada.pk, roles=REVIEWER)[pair[0].pk].duplicates
    assert (found["title"], found["year"], found["sources"]) == ("Follow-up", 2022, ["Invented Database"])


def test_the_workbench_and_its_api_carry_both(client, review, pair, ada):
    judged(review, *pair)
    client.force_login(ada)
    page = client.get(f"/reviews/{review.pk}/screen/")
    assert "1 other report of the same study" in page.content.decode()
    assert {row["title"] for card in page.context["queue"] for row in card["reports"]} == {"Main report", "Follow-up"}
    card = client.get(f"/api/reviews/{review.pk}/records/{pair[0].pk}/", {"stage": Stage.TITLE_ABSTRACT}).json()
    assert (len(card["reports"]), card["duplicates"]) == (1, [])
