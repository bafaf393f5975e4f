"""How the invented team began: a pilot round that four people screened, an amendment, and a small re-screening."""

from collections.abc import Mapping
from random import Random
from uuid import UUID

from django.contrib.auth.models import User

from audit.actors import acting, person
from screening.actions import decisions, pilots, protocol, rescreening, team
from screening.enums import Facet, Stage
from screening.management.demonstration.build import truth_of
from screening.management.demonstration.full_text import READ
from screening.management.demonstration.model import MET, NOT_MET, UNCLEAR, Demonstration, Truth
from screening.management.demonstration.reviewers import opinion
from screening.models.record import Record
from screening.models.review import Review
from screening.queries.amendments.protocol import current_criteria

HABIT_OF = {"robin": "first", "sasha": "second", "noor": "third", "jules": "fourth"}
SIZE, ANEW = 16, 4
STAGE = Stage.TITLE_ABSTRACT
SLIPS = 0.1  # of criteria that are not what the verdict hangs on
MIXED = " Of mixed samples only those that report people with COPD apart."
READ_DIFFERENTLY = "Pilot round 1: trials in mixed samples were read in different ways."


def judged(truth: Truth, username: str, verdict: str, seed: int) -> dict[str, str]:
    """Criterion key -> what this person says of it, in keeping with their verdict; the same each time."""
    rng = Random(f"{seed}:{username}:{truth.work}:criteria")
    said = {key: rng.choice((MET, UNCLEAR)) if rng.random() < SLIPS else found for key, found in truth.criteria.items()}
    wanted = {key for key in said if not _against(key, MET)}  # must be met
    failing = [key for key, found in said.items() if _against(key, found)]
    if verdict == "exclude" and not failing:
        said[rng.choice(sorted(wanted))] = NOT_MET
    if verdict != "exclude":
        said |= dict.fromkeys(failing, UNCLEAR)
    return said


def _against(key: str, found: str) -> bool:
    """Whether it speaks against a record; two criteria of the protocol must not be met."""
    return found == (MET if key in {"no-results", "not-human"} else NOT_MET)


class Pilot:
    """Sixteen records for everybody, before anything else is screened."""

    def __init__(self, review: Review, made: Demonstration, people: Mapping[str, User], seed: int) -> None:
        self.review, self.made, self.people, self.seed = review, made, people, seed
        self.lead, self.rng = people["lee"], Random(f"{seed}:pilot")

    def run(self) -> None:
        """The round, what was learnt from it, and what then became of the team."""
        for username in ("robin", "noor"):
            team.set_senior(review=self.review, user=self.people[username], senior=True, by=self.lead)
        reviewers = [self.people[username].pk for username in HABIT_OF]
        pilot = pilots.start(review=self.review, stage=STAGE, size=SIZE, reviewers=reviewers, by=self.lead)
        records = sorted(Record.objects.filter(states__pilot=pilot), key=lambda record: (record.doi, record.title))
        ids = {criterion.key: criterion.pk for criterion in current_criteria(self.review)}
        for record in records:
            for username in HABIT_OF:
                self._vote(record, username, ids)
        pilots.close(pilot=pilot, by=self.lead)
        self._amend(records)
        team.set_share(review=self.review, user=self.people["noor"], share=50, by=self.lead)
        team.suspend(review=self.review, user=self.people["jules"], by=self.lead, reason="On leave until March")

    def _vote(self, record: Record, username: str, ids: Mapping[str, int]) -> None:
        truth = truth_of(self.made, record.doi, record.title)
        said = opinion(truth, HABIT_OF[username], self.seed)
        words = judged(truth, username, said.verdict, self.seed)
        with acting(person(self.people[username])):
            decisions.record(
                review=self.review,
                record_id=record.pk,
                stage=STAGE,
                verdict=said.verdict,
                by=self.people[username],
                idempotency_key=UUID(int=self.rng.getrandbits(128), version=4),
                seconds=said.seconds * 2,  # nobody knows the criteria by heart yet
                judgements={ids[key]: word for key, word in words.items()},
            )

    def _amend(self, records: list[Record]) -> None:
        """The criterion that was read differently gets a sentence; a few records are screened anew under it."""
        drafts = [
            protocol.CriterionDraft(
                key=criterion.key,
                label=criterion.label,
                text=criterion.text + (MIXED if criterion.facet == Facet.POPULATION else ""),
                facet=criterion.facet,
                polarity=criterion.polarity,
                if_not_reported=criterion.if_not_reported,
            )
            for criterion in self.made.protocol.criteria
        ]
        question = self.made.protocol.question
        protocol.amend(review=self.review, question=question, criteria=drafts, by=self.lead, reason=READ_DIFFERENTLY)
        others = [record.pk for record in records if truth_of(self.made, record.doi, record.title).work not in READ]
        rescreening.begin(
            review=self.review, stage=STAGE, record_ids=others[:ANEW], by=self.lead, reason=READ_DIFFERENTLY
        )
