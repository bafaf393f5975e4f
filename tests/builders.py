"""Real rows with keyword defaults, for tests."""

from collections.abc import Iterable
from itertools import count
from uuid import uuid4

from django.contrib.auth.models import User

from screening.actions import decisions, stages
from screening.enums import Facet, Origin, Role, Stage, Verdict
from screening.models.protocol import Criterion, ExclusionReason, ProtocolVersion
from screening.models.record import Record
from screening.models.review import Membership, Review
from screening.models.source import ImportedFile, Source
from screening.models.stage import StageRule
from screening.queries.audited.fingerprints import protocol_sha256

number = count(1)


def user(name: str = "", **fields: object) -> User:
    """A person with the password "correct horse battery" (hashed only when asked for: hashing is slow by design)."""
    password = fields.pop("password", None)
    person = User(username=name or f"person{next(number)}", **fields)
    if password:
        person.set_password(str(password))
    person.save()
    return person


def review(
    *,
    lead: User | None = None,
    reviewers: Iterable[User] = (),
    adjudicators: Iterable[User] = (),
    reviewers_per_record: int = 2,
    oversight: str = "blind_first",
    reason_required: bool = False,
    criteria: Iterable[tuple[str, str]] = (("adults", Facet.POPULATION), ("randomised", Facet.STUDY_DESIGN)),
    **fields: object,
) -> Review:
    """A review with a team, a first protocol version, and a rule and one exclusion reason for each stage."""
    lead = lead or user()
    made = Review.objects.create(**{"title": f"Review {next(number)}", "created_by": lead, **fields})
    join(made, lead, Role.LEAD)
    for person in reviewers:
        join(made, person, Role.REVIEWER)
    for person in adjudicators:
        join(made, person, Role.ADJUDICATOR)
    for stage in Stage:
        StageRule.objects.create(
            review=made,
            stage=stage,
            reviewers_per_record=reviewers_per_record,
            oversight=oversight,
            reason_required=reason_required,
        )
        ExclusionReason.objects.create(review=made, stage=stage, position=1, text="Wrong population")
    protocol(made, criteria=criteria, by=lead)
    return made


def join(made: Review, person: User, role: str) -> Membership:
    return Membership.objects.create(review=made, user=person, role=role)


def protocol(made: Review, *, by: User, criteria: Iterable[tuple[str, str]]) -> ProtocolVersion:
    last = ProtocolVersion.objects.filter(review=made).first()
    question = "Does it work in adults?"
    texts = [
        {
            "key": key,
            "label": key.title(),
            "text": f"Is it about {key}?",
            "facet": str(facet),
            "polarity": "include",
            "if_not_reported": "unclear",
        }
        for key, facet in criteria
    ]
    version = ProtocolVersion.objects.create(
        review=made,
        number=last.number + 1 if last else 1,
        question=question,
        sha256=protocol_sha256(question, texts),
        created_by=by,
    )
    for position, text in enumerate(texts, 1):
        Criterion.objects.create(protocol=version, position=position, **text)
    return version


def record(made: Review, *, stage: str | None = Stage.TITLE_ABSTRACT, **fields: object) -> Record:
    """A record, at title and abstract unless told otherwise."""
    place = next(number)
    item = Record.objects.create(
        review=made,
        **{"title": f"A trial of something, part {place}", "abstract": f"We randomised {place} adults.", **fields},
    )
    if stage:
        stages.open_stage(review=made, records=[item], stage=stage)
    return item


def decide(item: Record, by: User, verdict: str = Verdict.INCLUDE, **fields: object) -> decisions.Recorded:
    """Somebody's word on a record. Who was never in the team is taken into it first; who was and is not, is not."""
    role = Role.ADJUDICATOR if fields.get("origin") == Origin.ADJUDICATION else Role.REVIEWER
    seat = {"review": item.review, "user": by, "role": role}
    if not Membership.history.filter(**seat).exists():
        Membership.objects.get_or_create(**seat)
    arguments = {"stage": Stage.TITLE_ABSTRACT, "idempotency_key": uuid4(), **fields}
    return decisions.record(review=item.review, record_id=item.pk, verdict=verdict, by=by, **arguments)  # type: ignore[arg-type]


def imported_file(made: Review, **fields: object) -> ImportedFile:
    source = fields.pop("source", None) or Source.objects.get_or_create(review=made, name="Invented Database")[0]
    return ImportedFile.objects.create(
        review=made,
        source=source,
        **{
            "name": "file.ris",
            "sha256": f"{next(number):064x}",
            "size": 1,
            "created_by": made.created_by,
            **fields,
        },
    )
