"""The demonstration that `make demo` loads."""

import pytest
from django.core.management import call_command

from reviewapp.management.demonstration import load
from screening import prisma
from screening.enums import StageStatus
from screening.models.decision import Decision
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from screening.models.review import Review
from screening.models.source import ImportedFile
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.views.prisma import flow_of

pytestmark = pytest.mark.django_db


def test_the_demonstration_is_half_way_with_conflicts_suggestions_and_a_flow_that_balances(capsys):
    call_command("load_demonstration")
    review = Review.objects.get(invented=True)
    assert Record.objects.filter(review=review).count() >= 400
    assert sorted(set(ImportedFile.objects.values_list("format", flat=True))) == ["csv", "medline", "ris"]
    assert Merge.objects.filter(review=review, automatic=True).count() >= 40
    assert DuplicateCandidate.objects.filter(review=review, status="open").exists()
    counts = {status: StageState.objects.filter(review=review, status=status).count() for status in StageStatus}
    elsewhere = {StageStatus.INACTIVE, StageStatus.NOT_RETRIEVED}
    assert all(counts[status] for status in StageStatus if status not in elsewhere), counts
    assert Suggestion.objects.filter(review=review).count() > 200
    assert Decision.objects.filter(review=review, citing__isnull=False).exists()
    flow = flow_of(review)
    assert prisma.balance(flow) == []
    assert flow.included_reports
    assert flow.reasons
    assert flow.awaiting_screening
    assert "robin" in capsys.readouterr().out
    assert load() is False


def test_every_record_of_the_demonstration_says_that_it_is_invented():
    load()
    for record in Record.objects.all():
        assert "invented" in f"{record.title} {record.abstract} {' '.join(record.keywords)}".lower(), record.title
