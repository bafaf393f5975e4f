"""Puts the demonstration into the database by the product's own verbs: what people do there is done here, as them.

Nothing is written around the actions: imports, duplicates, votes, suggestions and adjudications leave the same traces
as in a real review. All of it stands or falls together, in one transaction.
"""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from random import Random
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from audit.actors import acting, person
from screening.actions import assistants, decisions, import_run, imports, protocol, reviews, sources, team
from screening.enums import Origin, OverrideReason, Role, Stage, StageStatus, Verdict
from screening.management.demonstration.build import build, truth_of
from screening.management.demonstration.engine import suggest
from screening.management.demonstration.full_text import READ, FullTexts
from screening.management.demonstration.model import Demonstration, FullText, SourceFile, Truth
from screening.management.demonstration.pilot import Pilot, judged
from screening.management.demonstration.reviewers import opinion
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.queries.amendments.protocol import current_criteria

BEFORE_AI, WITH_AI, SECOND_SHARE = 0.42, 0.54, 0.88
SEED = 2020


@dataclass(frozen=True, slots=True)
class SignIn:
    """One invented person. `habit` names how they screen; empty for those who don't."""

    username: str
    first_name: str
    what: str
    roles: tuple[str, ...] = ()
    habit: str = ""


PEOPLE = (
    SignIn("robin", "Robin", "reviewer and extractor", (Role.REVIEWER, Role.EXTRACTOR), "first"),
    SignIn("sasha", "Sasha", "reviewer and extractor", (Role.REVIEWER, Role.EXTRACTOR), "second"),
    SignIn("lee", "Lee", "lead and adjudicator", (Role.LEAD, Role.ADJUDICATOR)),
    SignIn("admin", "Kim", "administrator"),
)
COLLEAGUES = (  # who are in the team and can't sign in: nobody is told of a password of theirs
    SignIn("noor", "Noor", "reviewer", (Role.REVIEWER,), "third"),
    SignIn("jules", "Jules", "reviewer, suspended", (Role.REVIEWER,), "fourth"),
)
JUDGES = 0.3  # share of exclusions in which a reviewer says which criteria are not met


def password() -> str:
    """The invented people's password: this installation's own, so that nobody elsewhere knows the administrator's."""
    return "invented-" + hmac.new(settings.SECRET_KEY.encode(), b"demonstration", "sha256").hexdigest()[:8]


def is_loaded() -> bool:
    """Whether the demonstration is there, as it was loaded or as people have changed it since."""
    return Review.objects.filter(invented=True).exists()


@transaction.atomic
def load(full_texts: Sequence[FullText] = ()) -> Review:
    """Load the people and the review up to included studies, with these files as its reports, and return it."""
    made = build(SEED)
    people = {sign_in.username: _user(sign_in) for sign_in in (*PEOPLE, *COLLEAGUES)}
    lead = people["lee"]
    with acting(person(lead)):
        review = _review(made, lead, people)
        for file in made.files:
            _import(review, file, lead)
        Pilot(review, made, people, SEED).run()
        Screening(review, made, people).run()
        review.refresh_from_db()  # AI was turned on meanwhile
        FullTexts(review, people, full_texts, SEED).run()
    return review


def _user(sign_in: SignIn) -> User:
    user, new = User.objects.get_or_create(username=sign_in.username, defaults={"first_name": sign_in.first_name})
    if new:
        user.is_staff = user.is_superuser = sign_in.username == "admin"
        user.set_password(password() if sign_in in PEOPLE else None)  # None: no password fits
        user.save()
    return user


def _review(made: Demonstration, lead: User, people: dict[str, User]) -> Review:
    review = reviews.start(
        title=made.protocol.title,
        description="Everything here is invented: records, people, journals and results. Seeded, and the same each time.",
        by=lead,
        invented=True,
    )
    for sign_in in (*PEOPLE, *COLLEAGUES):
        if sign_in.roles:
            team.set_roles(review=review, user=people[sign_in.username], roles=set(sign_in.roles), by=lead)
    protocol.amend(review=review, question=made.protocol.question, criteria=list(_drafts(made)), by=lead)
    for stage in Stage:
        reviews.set_reasons(review=review, stage=stage, texts=list(made.protocol.reasons), by=lead)
    return reviews.change(
        review=review,
        by=lead,
        include_words="telerehabilitation\ntele-coaching\nhome-based\nrandomised\nrandomized\nCOPD",
        exclude_words="systematic review\nnarrative review\nprotocol\nasthma\ncystic fibrosis\nin vitro\nmice",
        pico_words={
            "P": "COPD\nadult*",
            "I": "telerehab*\npulmonary rehab*\nhome-based",
            "C": "usual care\ncentre-based",
            "O": "walk* distance\nquality of life\nexacerbation*",
            "S": "random*\ntrial*",
        },
        search_words="telerehab*\ntele-coach*\nhome\nexercis*",
    )


def _drafts(made: Demonstration) -> Iterator[protocol.CriterionDraft]:
    for criterion in made.protocol.criteria:
        yield protocol.CriterionDraft(
            key=criterion.key,
            label=criterion.label,
            text=criterion.text,
            facet=criterion.facet,
            polarity=criterion.polarity,
            if_not_reported=criterion.if_not_reported,
        )


def _import(review: Review, file: SourceFile, lead: User) -> None:
    source = sources.describe(
        review=review,
        name=file.source_name,
        by=lead,
        kind=file.kind,
        platform=file.platform,
        date_searched=file.date_searched,
        strategy=file.strategy,
    )
    content = SimpleUploadedFile(file.filename, BytesIO(file.content).getvalue())
    row = imports.upload(review=review, source=source, file=content, by=lead, at_once=True)
    row.refresh_from_db()
    imports.commit(file=row, by=lead, ring=False)
    import_run.run_import(file_id=row.pk)


class Screening:
    """Half a title-and-abstract stage, screened by two people, with AI turned on on the way."""

    def __init__(self, review: Review, made: Demonstration, people: dict[str, User]) -> None:
        self.review, self.made, self.people, self.lead = review, made, people, people["lee"]
        self.rng = Random(SEED)

    def run(self) -> None:
        """Votes, then AI, then votes that see it afterwards, then some conflicts settled."""
        queue = self._queue()
        self.criteria = {criterion.key: criterion.pk for criterion in current_criteria(self.review)}
        first, then = round(len(queue) * BEFORE_AI), round(len(queue) * WITH_AI)
        for record in queue[:first]:
            self._both_vote(record)
        self._suggest()
        for record in queue[first:then]:
            self._both_vote(record)
        self._adjudicate()

    def _queue(self) -> list[Record]:
        """Those with reports first; then in an order that doesn't hang on the ids that a database gives."""
        states = StageState.objects.filter(review=self.review, stage=Stage.TITLE_ABSTRACT, status="unscreened")
        records = [state.record for state in states.select_related("record").order_by("record_id")]
        drawn = {record.pk: Random(f"{SEED}:{record.doi}:{record.title}").random() for record in records}
        return sorted(records, key=lambda record: (not self._is_read(record), drawn[record.pk]))

    def _is_read(self, record: Record) -> bool:
        return self._truth(record).work in READ

    def _both_vote(self, record: Record) -> None:
        for username, habit in (("robin", "first"), ("sasha", "second")):
            if username == "sasha" and self.rng.random() > SECOND_SHARE and not self._is_read(record):
                continue  # the second reviewer is a little behind
            said = opinion(self._truth(record), habit, SEED)
            self._vote(record, username, said.verdict, seconds=said.seconds)
            self._look_again(record, username, said.verdict)

    def _truth(self, record: Record) -> Truth:
        return truth_of(self.made, record.doi, record.title)

    def _vote(
        self,
        record: Record,
        username: str,
        verdict: str,
        *,
        seconds: float | None = None,
        citing: int | None = None,
        override: str = "",
    ) -> None:
        with acting(person(self.people[username])):
            decisions.record(
                review=self.review,
                record_id=record.pk,
                stage=Stage.TITLE_ABSTRACT,
                verdict=verdict,
                by=self.people[username],
                idempotency_key=self._key(),
                seconds=seconds,
                citing_id=citing,
                override=override,
                judgements=self._judgements(record, username, verdict),
            )

    def _judgements(self, record: Record, username: str, verdict: str) -> dict[int, str]:
        """Of some of the excluded: nothing asks for it at this stage."""
        truth = self._truth(record)
        if verdict != Verdict.EXCLUDE or Random(f"{SEED}:{username}:{truth.work}:judges").random() > JUDGES:
            return {}
        return {self.criteria[key]: said for key, said in judged(truth, username, verdict, SEED).items()}

    def _look_again(self, record: Record, username: str, voted: str) -> None:
        """After the vote the suggestion shows; one in six who see another opinion there changes theirs."""
        suggestion = Suggestion.objects.standing().filter(record=record, stage=Stage.TITLE_ABSTRACT).first()
        if suggestion is None:
            return
        differs = suggestion.proposed_verdict != voted
        changes = differs and suggestion.proposed_verdict != "maybe" and self.rng.random() < 1 / 6
        said = suggestion.proposed_verdict if changes else voted
        why = self._why_otherwise(record, username) if differs and not changes else ""
        self._vote(record, username, said, citing=suggestion.pk, override=why)

    def _why_otherwise(self, record: Record, username: str) -> str:
        """Drawn apart from all else, so that the rest of the demonstration stays as it is."""
        return str(Random(f"{SEED}:{username}:{self._truth(record).work}:differs").choice(OverrideReason.values))

    def _suggest(self) -> None:
        """The offline engine reads everything that is left, really: words, criteria, and what was decided so far."""
        self.review = assistants.switch(
            review=self.review, by=self.lead, ai_enabled=True, may_be_sent_to_ai=self.review.may_be_sent_to_ai
        )
        suggest(self.review, Stage.TITLE_ABSTRACT, self.lead)

    def _adjudicate(self) -> None:
        conflicts = StageState.objects.filter(review=self.review, status=StageStatus.CONFLICT).select_related("record")
        found = [(state, self._is_read(state.record)) for state in conflicts.order_by("record_id")]
        others = [state for state, read in found if not read]
        for state in [*(state for state, read in found if read), *others[::2]]:
            verdict = Verdict.INCLUDE if self._is_read(state.record) else self._truth(state.record).verdict
            decisions.record(
                review=self.review,
                record_id=state.record_id,
                stage=state.stage,
                verdict=verdict,
                by=self.lead,
                idempotency_key=self._key(),
                origin=Origin.ADJUDICATION,
                note="Read once more against the criteria.",
            )

    def _key(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)
