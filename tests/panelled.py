"""A panel's suggestion as rows, with its members' beside it, without a model."""

from types import SimpleNamespace
from typing import Any

from screening.enums import ItemStatus, RunStatus, SuggestionRole
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.suggestion import Suggestion
from screening.prompts import panel as rules
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for

NOBODY: Any = SimpleNamespace(address="http://127.0.0.1:9/v1")  # a server that nobody asks


def panel(review: Review, *, adjudicated: bool = False) -> Assistant:
    """A panel of two models, and, where it is asked for, a third that adjudicates."""
    members = [assisting.llm(review, NOBODY, name) for name in ("first", "second")]
    last = assisting.llm(review, NOBODY, "third") if adjudicated else None
    return assisting.panel(review, *members, adjudicator=last)


def panelled(
    review: Review, *verdicts: str, by: Assistant | None = None, adjudicated: str = "", **changed: Any
) -> Suggestion:
    """What a panel says of a new record whose members said `verdicts`, by the documented rule.

    `changed` are columns of the panel's suggestion that say otherwise than the rule.
    """
    by = by or panel(review, adjudicated=bool(adjudicated))
    record = builders.record(review)
    run = assisting.start(by)
    items = run.items.filter(record=record)
    run.items.update(status=ItemStatus.DONE)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.FINISHED)
    said = [
        suggestion_for(item, verdict=verdict, role=SuggestionRole.MEMBER, assistant=item.member, flags=[])
        for item, verdict in zip(items.filter(member__isnull=False).order_by("id"), verdicts, strict=True)
    ]
    combined = rules.combine([rules.Voice(one.pk, str(one.assistant), one.proposed_verdict) for one in said])
    explanation: dict[str, Any] = {"members": [_told(one) for one in said]}
    if adjudicated:
        third = by.seats.get(adjudicates=True).member
        explanation["adjudicator"] = {
            "assistant": str(third), "model": "third-2026", "verdict": adjudicated, "why": "w", "rationale": "r",
            "raised": rules.clamp(combined, adjudicated) != combined.verdict,
        }  # fmt: skip
    own: RunItem = items.get(member=None)
    return suggestion_for(
        own,
        **{
            "verdict": rules.clamp(combined, adjudicated) if adjudicated else combined.verdict,
            "explanation": explanation,
            "flags": ["split"] if combined.split else [],
            "band_method": "agreement",
            "text": "w",
            **changed,
        },
    )


def _told(said: Suggestion) -> dict[str, Any]:
    return {
        "suggestion": said.pk,
        "assistant": str(said.assistant),
        "model": said.answered_by,
        "verdict": said.proposed_verdict,
        "why": said.why,
        "rationale": said.rationale,
        "judged": {},
        "fallback": None,
    }
