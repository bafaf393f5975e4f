"""A suggestion as rows, without a model."""

from typing import Any

from screening.models.run import RunItem
from screening.models.suggestion import Judgement, Suggestion
from screening.queries.amendments.protocol import current_criteria


def suggestion_for(
    item: RunItem,
    *,
    verdict: str = "include",
    score: float = 0.5,
    text: str = "Because.",
    quotes: list[dict[str, Any]] | None = None,
    role: str = "stands",
    **fields: Any,
) -> Suggestion:
    """What an assistant said of an item's record; `text` stands wherever words can stand.

    `quotes` are those of the first criterion; then the others have none. `fields` take the place of other columns.
    """
    made = Suggestion.objects.create(
        review=item.run.review,
        record=item.record,
        stage=item.run.stage,
        item=item,
        role=role,
        protocol=item.run.protocol,
        proposed_verdict=verdict,
        why=text,
        rationale=text,
        score=score,
        answered_by=text[:200],
        **{
            "assistant": item.run.assistant,
            "explanation": {"basis": text},
            "band": "leaning",
            "band_method": "uncalibrated",
            "flags": [text],
            **fields,
        },
    )
    plain = [{"text": text, "field": "abstract", "start": 0, "end": 0, "verified": False}]
    given, rest = (plain, plain) if quotes is None else (quotes, [])
    for place, criterion in enumerate(current_criteria(item.run.review)):
        Judgement.objects.create(
            suggestion=made, criterion=criterion, judgement="met", rationale=text, quotes=rest if place else given
        )
    return made
