"""Which texts of a review may be sent to a model's provider (SEC-04, SEC-07): rules for the one door, never cached."""

from typing import Any

from audit import cards, sending
from audit.models.model_card import ModelCard
from reviewapp import prepared
from screening.models.document import Document
from screening.models.study import Study

_REVIEWS = ("review__ai_enabled", "review__may_be_sent_to_ai")
RECORDS_REVIEW = """
SELECT v.ai_enabled, v.may_be_sent_to_ai
  FROM screening_record r JOIN screening_review v ON v.id = r.review_id WHERE r.id = %(record)s::bigint
"""  # asked before each call


def register() -> None:
    """Say the rules; called once, when the app is ready."""
    sending.register("audit.modelcard", _card)
    sending.register("screening.record", _record)
    sending.register("screening.study", _study)
    sending.register("screening.document", _document, alone=True)


def _card(pk: int) -> str:
    """To try a model out, nothing but the fact that it is tried is sent; to approved ones."""
    card = ModelCard.objects.filter(pk=pk).first()
    return cards.why_not_callable(card) if card else "The model card is not there any more."


def _record(pk: int) -> str:
    """A record's title and abstract go where its review allows it."""
    found = prepared.rows(RECORDS_REVIEW, {"record": pk})
    return _by_review(dict(zip(_REVIEWS, found[0], strict=True)) if found else None)


def _study(pk: int) -> str:
    """What a team has written of a study: its label, arms and outcomes. Its reports' texts are documents."""
    return _by_review(Study.objects.filter(pk=pk).values(*_REVIEWS).first())


def _document(pk: int) -> str:
    """A full text goes where its review allows it and a person has said that it may."""
    found = Document.objects.filter(pk=pk).values("name", "may_be_sent_to_ai", "removed", *_REVIEWS).first()
    why_not = _by_review(found)
    if why_not or found is None:
        return why_not
    if found["removed"]:
        return f"The document “{found['name']}” was removed, so it was not sent."
    if not found["may_be_sent_to_ai"]:
        return f"The document “{found['name']}” may not be sent to AI. A lead can allow it on the documents page."
    return ""


def _by_review(found: dict[str, Any] | None) -> str:
    if found is None:
        return "What was to be sent is not there any more."
    if not found["review__ai_enabled"]:
        return "AI is off for this review, so nothing was sent."
    if not found["review__may_be_sent_to_ai"]:
        return "Texts of this review may not be sent to a model's provider, so nothing was sent."
    return ""
