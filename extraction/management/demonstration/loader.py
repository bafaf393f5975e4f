"""The extraction half of the demonstration: two people fill a form by the invented reports, and one settles it.

Every value is entered by the product's own verbs, with the place in the report where it stands. Studies are left in all
conditions: settled, half settled, in conflict, begun by one, and only proposed by the offline engine.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import TypedDict
from uuid import UUID

from django.contrib.auth.models import User

from audit.actors import acting, person, worker
from extraction.actions import assignments, extraction_runs, forms, offline_proposals, structure, values
from extraction.actions import bias as instruments
from extraction.enums import Capacity, CellState, OverrideReason, Tier
from extraction.fields import FieldSpec, kind_of
from extraction.management.demonstration.answers import FORM_TITLE, Answer, MeasureKey, answers, form_schema, measures
from extraction.management.demonstration.entering import Entry, entries
from extraction.management.demonstration.judging import judgements
from extraction.management.demonstration.model import Report, ReportTruth
from extraction.models.form import FormVersion
from extraction.models.proposal import Proposal
from extraction.models.structure import Arm, Measure
from extraction.models.value import cell_key
from extraction.policies import parsed, same_for
from extraction.queries.proposals import offered
from extraction.queries.settled import settled
from extraction.schema import fields, to_json
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.models.study import Study, StudyReport

SETTLED, HALF, APART, BEGUN = "w009", "w029", "w036", "w024"
BEGUN_CELLS = 24
JUDGED = (SETTLED, HALF)


class At(TypedDict):
    """The place of a cell, as the verbs take it."""

    arm_id: int | None
    measure_id: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A study with its arms and outcomes, and what its report says."""

    study: Study
    truth: ReportTruth
    arms: tuple[Arm, ...]
    measures: Mapping[MeasureKey, Measure]

    def place(self, answer: Answer) -> At:
        """The arm and the outcome of an answer."""
        arm = None if answer.arm is None else self.arms[answer.arm].pk
        return At(arm_id=arm, measure_id=self.measures[answer.measure].pk if answer.measure else None)

    def cell(self, answer: Answer) -> str:
        """The key of its cell."""
        return cell_key(answer.field, **self.place(answer))


def load(review: Review, reports: Sequence[Report], engine: Assistant) -> None:
    """Extract the review that the screening half left. Its people are robin, sasha and lee; `engine` is the offline one."""
    Extracting(review, reports, engine).run()


class Extracting:
    """What lee, robin, sasha and the offline engine do."""

    def __init__(self, review: Review, reports: Sequence[Report], engine: Assistant) -> None:
        people = User.objects.filter(username__in=("lee", "robin", "sasha"))
        self.review, self.people = review, {user.username: user for user in people}
        self.lead, self.engine = self.people["lee"], engine
        self.rng = Random("extraction")
        self.fields = fields(form_schema())
        self.truths = {report.title.casefold(): report.truth for report in reversed(reports)}
        self.truths |= {report.doi: report.truth for report in reports if report.doi}

    def run(self) -> None:
        """Forms first, then the engine's proposals, then people."""
        with acting(person(self.lead)):
            self.version = self._publish()
            self.form = self.version.form
            self.bias = instruments.add_instrument(review=self.review, instrument="rob2", by=self.lead)
            self.sheets = dict(self._prepare())
            self._propose()
        for work in (SETTLED, HALF, APART):
            for username in ("robin", "sasha"):
                self._extract(self.sheets[work], username)
        self._extract(self.sheets[BEGUN], "robin", most=BEGUN_CELLS)
        self._settle(self.sheets[SETTLED], share=1.0)
        self._settle(self.sheets[HALF], share=0.5)
        for work in JUDGED:
            for username in ("robin", "sasha"):
                self._judge(self.sheets[work], username)

    def _publish(self) -> FormVersion:
        form = forms.create(review=self.review, name=FORM_TITLE, draft=to_json(form_schema()), by=self.lead)
        return forms.publish(form=form, reason="Piloted on two reports.", by=self.lead)

    def _prepare(self) -> Iterator[tuple[str, Sheet]]:
        """The arms of each included study, and its outcomes at time points, by its main report."""
        reports = StudyReport.objects.filter(study__review=self.review, main=True).select_related("study", "record")
        for report in reports.order_by("study__label", "pk"):
            truth = self._truth(report)
            if truth is not None and truth.arms:
                yield truth.work, self._sheet(report.study, truth)

    def _truth(self, report: StudyReport) -> ReportTruth | None:
        return self.truths.get(report.record.doi) or self.truths.get(report.record.title.casefold())

    def _sheet(self, study: Study, truth: ReportTruth) -> Sheet:
        named = {outcome.key: outcome.name for outcome in truth.outcomes}
        return Sheet(
            study,
            truth,
            tuple(structure.add_arm(study=study, name=arm.name, by=self.lead) for arm in truth.arms),
            {
                (key, time): structure.add_measure(
                    study=study, outcome=named[key], time_point=truth.times[time], by=self.lead
                )
                for key, time in measures(truth)
            },
        )

    def _propose(self) -> None:
        """The offline engine reads every report that has text, really."""
        run = extraction_runs.start(review=self.review, form_version=self.version, assistant=self.engine, by=self.lead)
        extraction_runs.prepare(run_id=run.pk)
        with acting(worker("offline engine")):
            while offline_proposals.read_batch(run_id=run.pk):
                pass

    def _extract(self, sheet: Sheet, username: str, most: int | None = None) -> None:
        """One person's entries for a study: all of them and done, or only the first."""
        by = self.people[username]
        with acting(person(by)):
            place = assignments.begin(study=sheet.study, form=self.form, by=by)
            found = answers(sheet.truth)[:most]
            proposed = offered(sheet.study, self.form)
            for answer, entry in zip(found, entries(found, username, sheet.truth.work), strict=True):
                self._enter(sheet, answer, entry, by, proposed.get(sheet.cell(answer)))
            if most is None:
                assignments.done(assignment=place, by=by)

    def _enter(self, sheet: Sheet, answer: Answer, entry: Entry, by: User, proposal: Proposal | None) -> None:
        """A proposal that may be seen is taken where it is right, and cited where it is not."""
        spec = self.fields[answer.field]
        seen = proposal if spec.tier == Tier.DESCRIPTIVE else None
        if seen is not None and _says(spec, seen, entry.raw):
            values.accept(proposal=seen, form=self.form, by=by, idempotency_key=self._key(), confirmed=True)
            return
        values.record(
            study=sheet.study,
            form=self.form,
            field_key=answer.field,
            **sheet.place(answer),
            raw=entry.raw,
            quote=entry.quote,
            citing_id=seen.pk if seen else None,
            override=OverrideReason.INCORRECT if seen else "",
            by=by,
            idempotency_key=self._key(),
        )

    def _settle(self, sheet: Sheet, share: float) -> None:
        """Lee reads the report where the two differ, and says what it says."""
        stands = settled(self.form, [sheet.study.pk])[sheet.study.pk]
        apart = [answer for answer in answers(sheet.truth) if stands[sheet.cell(answer)].state == CellState.CONFLICT]
        with acting(person(self.lead)):
            for answer in apart[: ceil(share * len(apart))]:
                values.record(
                    study=sheet.study,
                    form=self.form,
                    field_key=answer.field,
                    **sheet.place(answer),
                    raw=answer.raw,
                    quote=answer.place.quote if answer.place else "",
                    note="Read once more in the report.",
                    by=self.lead,
                    capacity=Capacity.CONSENSUS,
                    idempotency_key=self._key(),
                )

    def _judge(self, sheet: Sheet, username: str) -> None:
        """The risk of bias of the primary outcome, by one of two who come to the same view."""
        by = self.people[username]
        with acting(person(by)):
            place = assignments.begin(study=sheet.study, form=self.bias, by=by)
            for answer in judgements(sheet.truth):
                values.record(
                    study=sheet.study,
                    form=self.bias,
                    field_key=answer.field,
                    **sheet.place(answer),
                    raw=answer.raw,
                    quote=answer.place.quote if answer.place else "",
                    by=by,
                    idempotency_key=self._key(),
                )
            assignments.done(assignment=place, by=by)

    def _key(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)


def _says(spec: FieldSpec, proposal: Proposal, raw: str) -> bool:
    """Whether a proposal says what this person would type, and could be checked."""
    said = parsed(proposal.state, proposal.value, proposal.unit)
    checked = proposal.quote_found and not proposal.flags
    return checked and said is not None and same_for(spec)(said, kind_of(spec).parse(raw))
