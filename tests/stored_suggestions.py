"""A suggestion as rows, without a model."""

from screening.models.run import RunItem
from screening.models.suggestion import Judgement, Suggestion
from screening.queries.protocol import current_criteria


def suggestion_for(
    item: RunItem, *, verdict: str = "include", score: float = 0.5, text: str = "Because."
) -> Suggestion:
    """What an assistant said of an item's record; `text` stands wherever words can stand."""
    made = Suggestion.objects.create(
        review=item.run.review,
        record=item.record,
        stage=item.run.stage,
        item=item,
        assistant=item.run.assistant,
        protocol=item.run.protocol,
        proposed_verdict=verdict,
        why=text,
        rationale=text,
        band="leaning",
        band_method="uncalibrated",
        score=score,
        flags=[text],
        explanation={"basis": text},
        answered_by=text[:200],
    )
    for criterion in current_criteria(item.run.review):
        quotes = [{"text": text, "field": "abstract", "start": 0, "end": 0, "verified": False}]
        Judgement.objects.create(suggestion=made, criterion=criterion, judgement="met", rationale=text, quotes=quotes)
    return made
