"""How a suggestion came about: its item's calls, as they were sent and answered, and its judgements.

Whether somebody may see any of it is for `access.suggestion_for` to say, before this is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from audit.models.model_call import ModelCall, ModelOutcome
from audit.models.model_card import ModelCard
from screening.models.protocol import Criterion
from screening.models.run import RunItem
from screening.models.suggestion import Judgement, Suggestion

ITEM = RunItem._meta.label_lower


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call for the suggestion's item. `card` is the model card as it was then, a row of its history.

    `stands`: the suggestion stands on this reply; `earlier`: it is that to an identical question about another item.
    """

    call: ModelCall
    outcome: ModelOutcome | None
    card: Any
    stands: bool
    earlier: bool

    @property
    def state(self) -> str:
        """How it ended."""
        return self.outcome.state if self.outcome else "in flight"


def attempts(suggestion: Suggestion) -> list[Attempt]:
    """The calls that were made for the item, in their order, and the one whose reply was used again. Two queries."""
    own = Q(subject_type=ITEM, subject_id=suggestion.item_id)
    calls = list(
        ModelCall.objects.filter(own | Q(pk=suggestion.call_id), review_id=suggestion.review_id)
        .select_related("outcome")
        .order_by("id")
    )
    cards = _cards({call.model for call in calls}) if calls else []
    return [
        Attempt(
            call=call,
            outcome=getattr(call, "outcome", None),
            card=_card_then(cards, call, suggestion.assistant.card_id),
            stands=call.pk == suggestion.call_id,
            earlier=call.subject_id != suggestion.item_id,
        )
        for call in calls
    ]


def _cards(models: set[str]) -> list[Any]:
    """The states of all cards of these models, the latest first."""
    history: Any = ModelCard.history.model
    return list(history.objects.filter(model__in=models).order_by("-history_date", "-history_id"))


def _card_then(cards: Sequence[Any], call: ModelCall, card_id: int | None) -> Any:
    """The card as it was: the assistant's own, else another of the same model, such as a fallback's; or None."""
    then = [row for row in cards if row.model == call.model and row.history_date <= call.at]
    return next((row for row in then if row.id == card_id), then[0] if then else None)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of one criterion. Against another suggestion: `was` its judgement where it differs, else ""; `new`
    the texts of quotes that only this one has; `gone` those that only the other has.
    """

    criterion: Criterion
    judgement: str
    rationale: str
    quotes: list[dict[str, Any]]
    was: str = ""
    new: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether judgement or quotes are not those of the other."""
        return bool(self.was or self.new or self.gone)


def judged(said: Suggestion, against: Suggestion | None = None) -> list[Judged]:
    """Every criterion as it was judged, with what differs from another suggestion."""
    other = {one.criterion.key: one for one in against.judgements.all()} if against else {}
    return [_judged(one, other.get(one.criterion.key)) for one in said.judgements.all()]


def _judged(one: Judgement, other: Judgement | None) -> Judged:
    plain = Judged(one.criterion, one.judgement, one.rationale, one.quotes)
    if other is None:
        return plain
    mine, others = ([quote["text"] for quote in of.quotes] for of in (one, other))
    return Judged(
        plain.criterion,
        plain.judgement,
        plain.rationale,
        plain.quotes,
        was=other.get_judgement_display().lower() if other.judgement != one.judgement else "",
        new=[text for text in mine if text not in others],
        gone=[text for text in others if text not in mine],
    )
