"""The migration that makes studies for reports which were included before there were any."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from screening.enums import Stage
from screening.models.stage import StageState
from screening.models.study import Study, StudyReport
from screening.queries.identification.studies import included_studies
from tests import builders

migration = import_module("screening.migrations.0005_studies_of_included")


@pytest.mark.django_db
def test_every_included_report_gets_a_study_with_its_history_and_a_second_run_makes_none():
    reviews = [builders.review() for _ in range(2)]
    for review in reviews:
        for _ in range(2):
            record = builders.record(review, stage=Stage.FULL_TEXT, authors=["Okafor, A"], year=2021)
            StageState.objects.filter(record=record).update(status="included")
        builders.record(review, stage=Stage.FULL_TEXT)
    state = MigrationLoader(connection).project_state(("screening", "0005_studies_of_included"))
    for _ in range(2):
        migration.found(state.apps, None)
        for review in reviews:
            assert [study.label for study in included_studies(review)] == ["Okafor 2021", "Okafor 2021b"]
        assert (Study.objects.count(), StudyReport.objects.count()) == (4, 4)
    for row in [*Study.objects.all(), *StudyReport.objects.all()]:
        (said,) = row.history.all()
        assert (said.history_type, said.actor_name, said.history_change_reason) == ("+", "migration", "Included.")
