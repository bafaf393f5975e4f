"""The full-text half of the demonstration's screening: files come in, are read, and most of the reports are assessed.

One report can't be had, one is a scan, one waits in the tray because two records have its title, and two people don't
agree about two. Records without a file here still await theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from uuid import UUID

from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from audit.actors import acting, person, worker
from screening.actions import decisions, document_reading, documents, hints, retrievals
from screening.enums import HintStatus, RetrievalOutcome, Stage, Verdict
from screening.management.demonstration.build import articles_of
from screening.management.demonstration.engine import suggest
from screening.management.demonstration.model import FullText
from screening.models.document import Document
from screening.models.protocol import ExclusionReason
from screening.models.record import Record
from screening.models.review import Review
from screening.models.study import StudyHint

INCLUDED = ("w009", "w029", "w036", "w034", "w032", "w024", "w012", "w369", "w041")
EXCLUDED = ("w060", "w297")
APART = {"w033": "Wrong outcomes", "w037": "Wrong study design"}  # what the one who excludes it says
BY_ONE = "w008"
LOST = "w368"  # a congress abstract behind which there is no report
LOOKS_LIKE_LOST = "w010"  # has the same title, and so can't be told from it by the builder's truth
READ = frozenset((*INCLUDED, *EXCLUDED, *APART, BY_ONE, "w040", LOST, LOOKS_LIKE_LOST))
"""What must get to full text, in whatever order a database hands records out."""
WITHHELD = ("w040", "w041")  # not to be sent to AI: their publishers' terms don't allow it
MINUTES = {"robin": 11.0, "sasha": 8.0}  # a report, in the median


class FullTexts:
    """What lee, robin and sasha do with reports. `files` may be fewer than there are records at the stage, or none."""

    def __init__(self, review: Review, people: Mapping[str, User], files: Sequence[FullText], seed: int) -> None:
        self.review, self.people, self.files, self.lead = review, people, files, people["lee"]
        self.articles = articles_of(seed)
        self.rng = Random(f"{seed}:full text")
        reasons = ExclusionReason.objects.filter(review=review, stage=Stage.FULL_TEXT)
        self.reasons = dict(reasons.values_list("text", "id"))

    def run(self) -> None:
        """Upload, read, place, permit; the engine's suggestions; then everybody's votes, and the one that can't be had."""
        held = {file.work: self._hand_in(file) for file in self.files}
        for work, document in held.items():
            self._place(document, self._record(work))
        allowed = [document for work, document in held.items() if work not in WITHHELD]
        documents.permit(review=self.review, by=self.lead, may=True, documents=allowed)
        if held:
            suggest(self.review, Stage.FULL_TEXT, self.lead)
        for work, votes in self._votes():
            if work in held:
                self._vote(self._record(work), votes)
        self._give_up()
        self._link()

    def _hand_in(self, file: FullText) -> Document:
        content = ContentFile(file.content, name=file.filename)
        document = documents.upload(review=self.review, file=content, by=self.lead)
        with acting(worker("document reader")):
            document_reading.read(document.pk)
        return document

    def _place(self, document: Document, record: Record) -> None:
        """By hand, where the file names no DOI and two records have its title."""
        document.refresh_from_db()
        if document.record_id is None:
            documents.attach(document=document, record=record, by=self.lead)

    def _record(self, work: str) -> Record:
        """The record that stands for a work, whatever was merged into it."""
        article = self.articles[work]
        named = Record.objects.filter(review=self.review, active=True)
        found = named.filter(doi__iexact=article.doi) if article.doi else named.filter(doi="", title=article.title)
        return found.get()

    def _votes(self) -> Iterator[tuple[str, dict[str, str]]]:
        """(work, {who: the reason for excluding it; empty to include it}), in the order in which they were read."""
        for work in INCLUDED:
            yield work, {"robin": "", "sasha": ""}
        for work in EXCLUDED:
            reason = self.articles[work].truth.reason
            yield work, {"robin": reason, "sasha": reason}
        for work, reason in APART.items():
            yield work, {"robin": "", "sasha": reason}
        yield BY_ONE, {"robin": ""}

    def _vote(self, record: Record, votes: Mapping[str, str]) -> None:
        for username, reason in votes.items():
            with acting(person(self.people[username])):
                decisions.record(
                    review=self.review,
                    record_id=record.pk,
                    stage=Stage.FULL_TEXT,
                    verdict=Verdict.EXCLUDE if reason else Verdict.INCLUDE,
                    by=self.people[username],
                    idempotency_key=UUID(int=self.rng.getrandbits(128), version=4),
                    reason_id=self.reasons[reason] if reason else None,
                    seconds=round(60 * MINUTES[username] * self.rng.lognormvariate(0, 0.4), 1),
                )

    def _give_up(self) -> None:
        retrievals.mark(
            record=self._record(LOST),
            outcome=RetrievalOutcome.NOT_RETRIEVED,
            by=self.lead,
            note="A congress abstract. The (invented) authors answered that no full report was written.",
        )

    def _link(self) -> None:
        """A worker looks for reports of one study; lee confirms those with the same registration, and no others."""
        with acting(worker("studies")):
            hints.find(review=self.review)
        for hint in StudyHint.objects.filter(review=self.review, kind="registry", status=HintStatus.OPEN).order_by(
            "id"
        ):
            hints.judge(hint=hint, status=HintStatus.CONFIRMED, by=self.lead, reason="Same registration, same people.")
