"""More of what histories of a review are made of: amendments, records screened anew, and that taken back; votes by an
older text than the one in force; votes on many records at once (SCR-09, SCR-10); decisions made elsewhere (IMP-06).
"""

from uuid import uuid5

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule

from screening.actions import bulk, elsewhere, elsewhere_run, protocol, rescreening
from screening.actions.elsewhere_plan import Planned
from screening.enums import CountsAs, DecisionImportStatus, Verdict
from screening.models.bulk import BulkDecision
from screening.models.decision import Decision
from screening.models.decision_import import DecisionImport
from screening.models.protocol import ProtocolVersion
from screening.models.record import Record
from screening.models.rescreening import Rescreening
from screening.models.stage import StageRule, StageState
from screening.queries.stages.votes import current_votes
from tests import builders
from tests.screening.actions.test_status_machine import KEYS, RECORDS, Screening, persons, places, stage_names

VERDICTS = ["include", "exclude", "maybe"]


class Amended(Screening):
    """The same review, whose protocol changes, and whose stages allow decisions on many records at once."""

    def __init__(self) -> None:
        super().__init__()
        StageRule.objects.filter(review=self.review).update(bulk_allowed=True)
        self.file = builders.imported_file(self.review)

    def say(self, place, person, verdict, stage, *origin, **more):
        """What is stored counts from that moment, or takes back what counted."""
        stored = super().say(place, person, verdict, stage, *origin, **more)
        if stored:
            pk = self.people[person].pk
            votes = current_votes([self.root(place)], stage).get(self.root(place), [])
            assert (pk in {vote.author_id for vote in votes}) or verdict == Verdict.WITHDRAWN
        return stored

    def root(self, place):
        record = Record.objects.get(pk=self.records[place].pk)
        return record.merged_into_id or record.pk

    def try_to(self, act, **said) -> None:
        try:
            with transaction.atomic():
                act(by=self.lead, **said)
        except rescreening.RescreeningRefusedError:
            self.refused += 1

    @rule()
    def amend(self):
        draft = protocol.CriterionDraft(label="Adults", text=f"Adults? {next(builders.number)}", facet="P")
        protocol.amend(review=self.review, question="Which?", criteria=[draft], by=self.lead, reason="Better words")

    @rule(chosen=st.sets(places, min_size=1), stage=stage_names)
    def screen_anew(self, chosen, stage):
        roots = StageState.objects.filter(record__in=[self.records[place].pk for place in chosen], stage=stage)
        ids = list(roots.values_list("record_id", flat=True))
        self.try_to(rescreening.begin, review=self.review, stage=stage, record_ids=ids, reason="Better words")

    @rule(which=st.integers(0, RECORDS))
    def screen_as_before(self, which):
        """A re-screening is taken back where nobody decided anew; what was decided anew goes on counting."""
        begun = list(Rescreening.objects.filter(review=self.review))
        if begun:
            one = begun[which % len(begun)]
            anew = self.voters_under(one)
            self.try_to(rescreening.take_back, rescreening=one, reason="The words were better before")
            assert self.voters_under(one) == anew

    def voters_under(self, begun):
        """Who has an opinion where somebody decided anew, by place."""
        decided = Decision.objects.filter(stage=begun.stage, protocol__number__gte=begun.protocol.number)
        states = StageState.objects.filter(stage=begun.stage, record__in=decided.values("record"))
        return dict(states.values_list("pk", "voters"))

    @rule(place=places, person=persons, verdict=st.sampled_from(VERDICTS), stage=stage_names, which=st.integers(0, 3))
    def vote_by_an_older_text(self, place, person, verdict, stage, which):
        """On a page that was open while the protocol was amended: stored where such words count, else refused."""
        state, versions = self.open_state(place, stage), ProtocolVersion.objects.filter(review=self.review)
        read = versions[which % len(versions)]
        places = StageState.objects.filter(record__in=[self.records[place].pk, self.root(place)], stage=stage)
        since = max([0, *places.values_list("counts_from", flat=True)])
        may = state is not None and self.may_screen(person) and read.number >= since
        assert self.say(place, person, verdict, stage, protocol_id=read.pk) == may

    @rule(person=persons, verdict=st.sampled_from(VERDICTS), stage=stage_names)
    def vote_on_many(self, person, verdict, stage):
        """Each record that waits for this vote gets it, and no other; the same form sent again stores nothing more."""
        by, ids = self.people[person], [record.pk for record in self.records]
        key = uuid5(KEYS, f"{self.review.pk}/many/{len(self.stored)}/{self.refused}")
        asked = {"review": self.review, "stage": stage, "record_ids": ids, "verdict": verdict, "by": by, "key": key}
        try:
            done = bulk.decide(**asked)
        except bulk.BulkRefusedError:
            self.refused += 1
            return
        new = self.written_together()
        assert len(new) == done.stored == (len(done.bulk.records) if self.may_screen(person) else 0)
        assert {(one.author_id, one.verdict, one.stage) for one in new} <= {(by.pk, verdict, stage)}
        bulk.decide(**asked)
        assert not self.written_together(), "a form that is sent twice"

    @rule(which=st.integers(0, RECORDS))
    def take_many_back(self, which):
        """Of a bulk is taken back what is its author's last word, and nothing that was said since."""
        bulks = list(BulkDecision.objects.filter(review=self.review).select_related("author", "review"))
        if bulks:
            made = bulks[which % len(bulks)]
            taken = bulk.take_back(bulk=made, by=made.author)
            new = self.written_together()
            assert [one.verdict for one in new] == [Verdict.WITHDRAWN] * taken
            assert all(one.supersedes.idempotency_key == made.key_for(one.record_id) for one in new)

    @rule(
        chosen=st.sets(places, min_size=1),
        verdict=st.sampled_from(VERDICTS),
        stage=stage_names,
        counts_as=st.sampled_from(CountsAs.values),
    )
    def bring_in(self, chosen, verdict, stage, counts_as):
        """What was decided elsewhere is stored on the records that are at the stage, and on no others. It says the
        opposite of some, so that it contradicts itself where they are merged."""
        row = DecisionImport.objects.create(
            review=self.review, file=self.file, author=self.lead, stage=stage, counts_as=counts_as, status="running"
        )
        named = {place: self.records[place].pk for place in sorted(chosen)}
        other = "include" if verdict == "exclude" else "exclude"
        items = [
            Planned(n, pk, self.root(place), other if place % 2 else verdict, None, "Elsewhere")
            for n, (place, pk) in enumerate(named.items(), 1)
        ]
        open_ones = {pk for place, pk in named.items() if self.open_state(place, stage)}
        elsewhere_run.store_batch(row, items, after=0)
        DecisionImport.objects.filter(pk=row.pk).update(status=DecisionImportStatus.DONE)
        assert {one.record_id for one in self.written_together()} == open_ones

    @rule(which=st.integers(0, RECORDS))
    def take_imported_back(self, which):
        """All that an import brought counts no more, and nothing else changes."""
        rows = list(DecisionImport.objects.filter(review=self.review, status=DecisionImportStatus.DONE))
        if rows:
            row = elsewhere.take_back(row=rows[which % len(rows)], by=self.lead, reason="Another file was meant")
            elsewhere_run.run(import_id=row.pk)
            assert {one.verdict for one in self.written_together()} <= {Verdict.WITHDRAWN}
            assert not StageState.objects.filter(review=self.review, voters__contains=[-row.pk]).exists()

    def written_together(self):
        """What a bulk or an import has just written, and takes it down as stored."""
        last = self.stored[-1][0] if self.stored else 0
        new = list(Decision.objects.filter(review=self.review, pk__gt=last).select_related("supersedes").order_by("pk"))
        self.stored += [(one.pk, one.verdict, one.author_id, one.stage) for one in new]
        return new
