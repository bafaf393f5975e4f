"""A review in which one of everything happened, and calls of models without a model."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from audit.actors import acting, person
from audit.models.model_call import ModelCall, ModelOutcome
from screening.enums import Role
from screening.models.assistant import Assistant
from screening.models.record import Record
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.suggestion import Suggestion
from screening.queries.audited.fingerprints import assistant_sha256
from tests import builders


@dataclass(frozen=True)
class Cast:
    """A lead who screens, a lead who does not, and another reviewer."""

    review: Review
    lead: User
    screening_lead: User
    other: User


def cast(**fields: Any) -> Cast:
    lead, both, other = (builders.user() for _ in range(3))
    review = builders.review(lead=lead, reviewers=[both, other], **{"ai_enabled": True, **fields})
    builders.join(review, both, Role.LEAD)
    return Cast(review, lead, both, other)


def decide(record: Record, by: User, verdict: str = "include", **fields: Any) -> None:
    with acting(person(by)):
        builders.decide(record, by, verdict, **fields)


def assistant(review: Review) -> Assistant:
    """An LLM that nobody will ask."""
    made = {"engine": "llm", "model": "openai/x", "card_id": None, "prompt_version": "1", "parameters": {}}
    return Assistant.objects.create(
        review=review,
        name=f"a{next(builders.number)}",
        sha256=assistant_sha256(made),
        created_by=review.created_by,
        **made,
    )


def item(record: Record, by: Assistant) -> RunItem:
    protocol = record.review.protocol_versions.first()
    run = Run.objects.create(
        review=record.review,
        stage="title_abstract",
        assistant=by,
        protocol=protocol,
        created_by=record.review.created_by,
    )
    return RunItem.objects.create(run=run, record=record)


def call(of: RunItem, *, reply: str | None = "It said yes", **fields: Any) -> ModelCall:
    """A call and, unless `reply` is None, its answer."""
    made = ModelCall.objects.create(
        **{
            "purpose": "screening",
            "review_id": of.run.review_id,
            "subject_type": "screening.runitem",
            "subject_id": of.pk,
            "model": "openai/x",
            "messages": [{"role": "user", "content": "<script>alert(1)</script> Is it?"}],
            "prompt_sha256": "0" * 64,
            **fields,
        }
    )
    if reply is not None:
        ModelOutcome.objects.create(call=made, state="answered", reply=reply, tokens_in=10, tokens_out=5, seconds=1.5)
    return made


def suggestion(of: RunItem, **fields: Any) -> Suggestion:
    return Suggestion.objects.create(
        **{
            "review": of.run.review,
            "record": of.record,
            "stage": of.run.stage,
            "item": of,
            "assistant": of.run.assistant,
            "protocol": of.run.protocol,
            "proposed_verdict": "include",
            "why": "",
            "band": "high",
            "band_method": "rule",
            **fields,
        }
    )


def forge(table: str, statement: str) -> None:
    """Change rows that can't be changed, as somebody who owns the database could: with its triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        cursor.execute(statement)
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
