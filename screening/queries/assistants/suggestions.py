"""Suggestions as people see them. Whether somebody may see one is for `visibility` to say, before this is asked."""

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery

from screening.fulltext.passages import ranges
from screening.models.protocol import ProtocolVersion
from screening.models.suggestion import Judgement, Suggestion
from screening.queries.assistants import calibration, origins
from screening.queries.assistants.stability import disagreeing


def latest(record_ids: Collection[int], stage: str) -> dict[int, Suggestion]:
    """Record id -> its latest suggestion at a stage, with judgements and criteria. Five queries at most.

    Each has `in_force`, the number of the version of the protocol that is in force now, and `unstable`: asked the same
    again, the model said otherwise; `calibration`: how its score is read, where it is (`calibration.percent`);
    `said`: who says so, of a panel each member (`origins.said_of`).
    """
    newest = ProtocolVersion.objects.filter(review=OuterRef("review")).order_by("-number")
    found = (
        Suggestion.objects.standing()
        .filter(record_id__in=record_ids, stage=stage)
        .select_related("protocol", *origins.OF_ASSISTANT)
        .annotate(in_force=Subquery(newest.values("number")[:1]), unstable=disagreeing())
        .annotate(calibration=calibration.in_force())
        .prefetch_related(Prefetch("judgements", Judgement.objects.select_related("criterion")))
        .order_by("record_id", "-id")
        .distinct("record_id")
    )
    listed = list(found)
    said = origins.said_of(listed)
    for suggestion in listed:
        suggestion.said = said[suggestion.pk]  # type: ignore[attr-defined]  # read by `shown`
    return {suggestion.record_id: suggestion for suggestion in listed}


def shown(suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion as JSON: verdict, band and its method, judgement per criterion with quotes, and who says so.

    `percent` (include in per cent, labels, error) is there only where its score was calibrated (AI-09).
    `fallback`: another model than the assistant's own answered, or a member's; `explanation` says which.
    `said`: who of the machines says so: itself, then of a panel each member and whoever was asked as well (AI-14).
    `protocol_version` is the text that it was made under; `older`: another one is in force (as `latest` found it).
    """
    assistant, version = suggestion.assistant, suggestion.protocol.number
    unstable, percent = getattr(suggestion, "unstable", False), calibration.percent(suggestion)
    band, method = calibration.band_of(suggestion, percent)
    said = getattr(suggestion, "said", None) or origins.said_of([suggestion])[suggestion.pk]
    return {
        "id": suggestion.pk,
        "by": origins.AI,
        "assistant": str(assistant),
        "engine": assistant.engine,
        "model": suggestion.answered_by or assistant.model,
        "fallback": suggestion.fallback,
        "version": assistant.version,
        "card": said[0].card,
        "prompt": said[0].prompt,
        "said": origins.shown(said),
        "protocol_version": version,
        "older": version < getattr(suggestion, "in_force", version),
        "created_at": suggestion.created_at.isoformat(),
        "proposed_verdict": suggestion.proposed_verdict,
        "why": suggestion.why,
        "band": band,
        "method": method,
        "percent": percent and {"include": percent.whole, "labels": percent.labels, "error": percent.error},
        "percent_in_words": percent.words if percent else "",
        "unstable": unstable,
        "rationale": suggestion.rationale,
        "flags": suggestion.flags,
        "criteria": [_judged(judgement) for judgement in suggestion.judgements.all()],
        "explanation": suggestion.explanation,
        "read": read_of(suggestion.explanation),
        "call": suggestion.call_id,
    }


def read_of(explanation: dict[str, Any]) -> str:
    """What of a document was read, as a sentence; empty where there was none."""
    if not explanation.get("document"):
        return ""
    name, pages = explanation["name"], explanation["pages"]
    whole = f"“{name}” ({pages} page{'s' if pages != 1 else ''})"
    if explanation["seen"] == "whole":
        return f"Read as a whole: {whole}."
    passages = explanation["passages"]
    listed = ", ".join(ranges(sorted({page for page, _, _ in passages})))
    counted = f"{len(passages)} passage{'s' if len(passages) != 1 else ''}"
    return f"Read only in part: {counted} of {whole}, on pages {listed}."


def _judged(judgement: Judgement) -> dict[str, Any]:
    criterion = judgement.criterion
    return {
        "id": criterion.pk,
        "key": criterion.key,
        "label": criterion.label,
        "facet": criterion.facet,
        "polarity": criterion.polarity,
        "judgement": judgement.judgement,
        "rationale": judgement.rationale,
        "quotes": judgement.quotes,
    }
