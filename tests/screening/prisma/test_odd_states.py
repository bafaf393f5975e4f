"""The lower half balances whatever people do, in any order; every number is as long as its list."""

import random

import pytest

from screening import prisma
from screening.actions import documents, duplicates, retrievals, studies
from screening.actions.decisions import DecisionRefusedError
from screening.actions.documents import DocumentRefusedError
from screening.actions.duplicates import MergeRefusedError
from screening.actions.reconcile import drifts
from screening.actions.retrievals import RetrievalRefusedError
from screening.actions.studies import StudyRefusedError
from screening.enums import Stage
from screening.models.citation import Citation
from screening.models.document import Document
from screening.models.merge import Merge
from screening.models.record import Record
from screening.models.study import Study, StudyReport
from screening.queries.identification.studies import included_studies
from screening.queries.prisma.flow import box
from screening.views.prisma import flow_of
from tests import builders
from tests.documents import hand_in

pytestmark = pytest.mark.django_db
REFUSED = (DecisionRefusedError, DocumentRefusedError, MergeRefusedError, RetrievalRefusedError, StudyRefusedError)
STEPS = 45


class Team:
    """Two reviewers and a lead who do anything that comes to their minds."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.people = [builders.user("ada"), builders.user("bob")]
        self.review = builders.review(reviewers=self.people, reviewers_per_record=2)
        self.lead = self.review.created_by
        self.ids = [self._imported(number).pk for number in range(7)]
        for record in Record.objects.filter(pk__in=self.ids[:6]):
            for person in self.people:
                builders.decide(record, person, "include")

    def _imported(self, number):
        record, file = (
            builders.record(self.review, authors=[f"Author{number}"], year=2000 + number),
            builders.imported_file(self.review),
        )
        place = {"position": 1, "line": 1, "raw": "x", "raw_sha256": "0" * 64}
        Citation.objects.create(file=file, source=file.source, record=record, **place)
        return record

    def one_of(self, rows):
        found = list(rows.order_by("pk"))
        return self.chance.choice(found) if found else None

    def record(self):
        return self.one_of(Record.objects.filter(pk__in=self.ids))

    def read(self):
        record, verdict = self.record(), self.chance.choice(["include", "include", "include", "exclude", "maybe"])
        for person in self.people:
            said = verdict if self.chance.random() < 0.9 else "exclude"
            builders.decide(record, person, said, stage=Stage.FULL_TEXT)

    def screen(self):
        builders.decide(self.record(), self.chance.choice(self.people), self.chance.choice(["include", "exclude"]))

    def upload(self):
        hand_in(self.review, record=self.record())

    def change_document(self):
        verb = self.chance.choice([documents.remove, documents.detach, documents.restore])
        document = self.one_of(Document.objects.filter(review=self.review))
        if document:
            verb(document=document, by=self.lead)

    def mark(self):
        outcome = self.chance.choice(["not_retrieved", "not_retrieved", "sought_again"])
        retrievals.mark(record=self.record(), outcome=outcome, by=self.lead)

    def merge(self):
        duplicates.merge(kept=self.record(), absorbed=self.record(), by=self.lead)

    def unmerge(self):
        merge = self.one_of(Merge.objects.filter(review=self.review, undone=None))
        if merge:
            duplicates.unmerge(merge=merge, by=self.lead)

    def link(self):
        found = Study.objects.filter(review=self.review)
        if found:
            studies.link(study=self.one_of(found), into=self.one_of(found), by=self.lead)

    def part(self):
        report, emptied = StudyReport.objects.filter(review=self.review), Study.objects.filter(reports=None)
        if self.chance.random() < 0.5 and report:
            studies.part(report=self.one_of(report), by=self.lead)
        elif emptied.filter(review=self.review):
            studies.restore(study=self.one_of(emptied.filter(review=self.review)), by=self.lead)

    def act(self):
        verbs = [self.read] * 4 + [self.upload, self.change_document, self.mark, self.merge, self.unmerge, self.screen]
        verb = self.chance.choice([*verbs, self.link, self.part])
        try:
            verb()
        except REFUSED:
            return f"{verb.__name__} refused"
        return verb.__name__


@pytest.mark.parametrize("seed", range(3))
def test_the_flow_balances_after_every_step_of_a_team_that_does_anything(seed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    team, done = Team(seed), []
    for _ in range(STEPS):
        done.append(team.act())
        flow = flow_of(team.review)
        assert (prisma.balance(flow), list(drifts(team.review))) == ([], []), done
        assert included_studies(team.review).count() == flow.included_studies, done
        odd = [one for one in prisma.numbers(flow) if box(team.review, one.key).distinct().count() != one.n]
        assert not odd, done
