"""The demonstration that `make demo` loads: the screening half."""

from django.contrib.auth.models import User
from django.core.management import call_command

from reviewapp.management.demonstration import load
from screening import prisma
from screening.actions import reconcile
from screening.enums import DocumentStatus, MatchedBy, StageStatus, TextLayer
from screening.models.decision import Decision
from screening.models.document import Document
from screening.models.judgement import CriterionJudgement
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.pilot import PilotRound
from screening.models.record import Record
from screening.models.rescreening import Rescreening
from screening.models.reviewer import Reviewer
from screening.models.source import ImportedFile
from screening.models.stage import StageState
from screening.models.study import Study
from screening.models.suggestion import Suggestion
from screening.queries.identification.studies import included_studies
from screening.views.prisma import flow_of

SCAN = "10.5555/inv.2012.0040"
LOWER_BOXES = (
    "sought", "not_retrieved", "awaiting_retrieval", "awaiting_assessment", "assessed", "reasons", "included_reports",
    "included_studies",
)  # fmt: skip


def test_the_command_leaves_what_is_there_and_prints_who_may_sign_in(demonstration, capsys):
    call_command("load_demonstration")
    told = capsys.readouterr().out
    assert "is there already" in told
    assert all(name in told for name in ("robin", "sasha", "lee", "admin"))
    assert load() is False


def test_it_is_half_way_with_conflicts_suggestions_and_a_flow_that_balances(demonstration):
    review = demonstration
    assert Record.objects.filter(review=review).count() >= 400
    assert sorted(set(ImportedFile.objects.values_list("format", flat=True))) == ["csv", "medline", "ris"]
    assert Merge.objects.filter(review=review, automatic=True).count() >= 40
    assert DuplicateCandidate.objects.filter(review=review, status="open").exists()
    counts = {status: StageState.objects.filter(review=review, status=status).count() for status in StageStatus}
    assert all(counts[status] for status in StageStatus), counts
    assert Suggestion.objects.filter(review=review, stage="title_abstract").count() > 200
    assert Decision.objects.filter(review=review, citing__isnull=False).exists()
    flow = flow_of(review)
    assert prisma.balance(flow) == []
    assert flow.awaiting_screening


def test_every_box_of_the_lower_half_of_prisma_has_something_in_it(demonstration):
    flow = flow_of(demonstration)
    assert {box: getattr(flow, box) for box in LOWER_BOXES if not getattr(flow, box)} == {}
    assert (flow.not_retrieved, flow.included_reports, flow.included_studies) == (1, 9, 8)
    assert flow.reports_without_study == 0


def test_every_file_was_read_and_is_with_its_record(demonstration):
    documents = Document.objects.filter(review=demonstration)
    assert documents.count() == 15
    assert set(documents.values_list("status", flat=True)) == {DocumentStatus.READY}
    placed = documents.filter(matched_by=MatchedBy.PERSON)  # two records have its title; a scan names no DOI
    assert {(one.record.doi, one.layer) for one in placed} == {("", TextLayer.TEXT), (SCAN, TextLayer.SCAN)}
    assert documents.filter(matched_by=MatchedBy.DOI).count() == 13
    assert documents.filter(may_be_sent_to_ai=False).count() == 2


def test_the_report_that_gives_orders_is_flagged_and_nobody_obeys(demonstration):
    flagged = Document.objects.filter(review=demonstration).exclude(flags=[])
    assert [document.record.doi for document in flagged] == ["10.5555/inv.2022.0034"]
    assert "hidden_text" in flagged[0].flags


def test_two_reports_of_one_trial_are_one_study(demonstration):
    sizes = {study.label: len(study.counted) for study in included_studies(demonstration)}
    assert sorted(sizes.values()) == [1] * 7 + [2]
    assert Study.objects.filter(review=demonstration, reports=None).count() == 1  # the one that was linked away


def test_the_team_began_with_a_pilot_round_that_everybody_screened_criterion_by_criterion(demonstration):
    pilot = PilotRound.objects.get(review=demonstration)
    assert (pilot.open, len(pilot.reviewers)) == (False, 4)
    judged = CriterionJudgement.objects.filter(decision__record__states__pilot=pilot)
    assert judged.values("decision__author").distinct().count() == 4
    assert judged.count() >= 4 * pilot.size * 7
    assert CriterionJudgement.objects.filter(decision__review=demonstration).count() > judged.count()
    settings = Reviewer.objects.filter(review=demonstration)
    assert (settings.filter(senior=True).count(), settings.filter(suspended=True).count()) == (2, 1)
    assert User.objects.get(username="jules").has_usable_password() is False


def test_the_amendment_gave_a_few_records_back_and_some_of_them_were_screened_anew(demonstration):
    begun = Rescreening.objects.get(review=demonstration)
    assert (begun.protocol.number, len(begun.records)) == (2, 4)
    anew = StageState.objects.filter(review=demonstration, counts_from=2)
    assert anew.count() == 4
    assert list(reconcile.drifts(demonstration)) == []


def test_words_of_every_layer_are_marked(demonstration):
    assert all(demonstration.pico_words[facet] for facet in "PICOS")
    assert demonstration.search_words


def test_every_record_says_that_it_is_invented(demonstration):
    for record in Record.objects.all():
        assert "invented" in f"{record.title} {record.abstract} {' '.join(record.keywords)}".lower(), record.title
