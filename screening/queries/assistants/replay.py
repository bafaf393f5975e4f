"""How a suggestion came about: its item's calls, as they were sent and answered, and what was said beside it.

Whether somebody may see any of it is for `access.suggestion_for` to say, before this is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q

from audit.models.model_call import ModelCall, ModelOutcome
from audit.models.model_card import ModelCard
from screening.enums import ItemStatus, RunStatus, SuggestionRole
from screening.models.protocol import Criterion
from screening.models.run import Run, RunItem
from screening.models.suggestion import Judgement, Suggestion

ITEM = RunItem._meta.label_lower
MOST = 20  # of what was said beside a suggestion, the latest first
LIVE = (RunStatus.PREPARING, RunStatus.RUNNING)


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


@dataclass(frozen=True, slots=True)
class Beside:
    """What was said when the same was asked again. `prompt`: whether the prompt was the same; None: nothing to compare.

    `cost` in USD is None where no price is known; `calls` counts all that were made for it.
    """

    said: Suggestion
    judged: list[Judged]
    was: str
    prompt: bool | None
    calls: int
    cost: Decimal | None

    @property
    def same(self) -> bool:
        """Whether verdict, judgements and quotes are the same."""
        return not self.was and not any(row.differs for row in self.judged)


@dataclass(frozen=True, slots=True)
class Pending:
    """A run that was asked for and has brought no suggestion: it waits (`live`), stands still, or failed (`why`)."""

    run: Run
    live: bool
    why: str


@dataclass(frozen=True, slots=True)
class Others:
    """What stands beside a suggestion, the latest first; `more` were left out."""

    said: list[Beside]
    pending: list[Pending]
    more: int

    @property
    def live(self) -> bool:
        """Whether something may come by itself."""
        return any(one.live for one in self.pending)


def others(suggestion: Suggestion) -> Others:
    """What was run again, or asked again to measure instability. Seven queries, however many there are."""
    roles = (SuggestionRole.AGAIN, SuggestionRole.REPEAT)
    found = Suggestion.objects.filter(beside=suggestion, role__in=roles)
    said = list(found.select_related("item__run__created_by").prefetch_related("judgements__criterion")[: MOST + 1])
    runs = list(Run.objects.filter(again_of=suggestion).select_related("created_by").order_by("-id")[:MOST])
    items = RunItem.objects.filter(Q(run__in=runs) | Q(pk__in=[one.item_id for one in said])).order_by("id")
    rows = list(items)
    calls = _calls([suggestion.item_id, *(item.pk for item in rows)])
    first = _asked(calls.get(suggestion.item_id, []))
    return Others(
        [_beside(one, suggestion, rows, calls, first) for one in said[:MOST]],
        _pending(runs, rows),
        max(0, found.count() - MOST) if len(said) > MOST else 0,
    )


def _beside(
    one: Suggestion,
    original: Suggestion,
    rows: Sequence[RunItem],
    calls: dict[int, list[dict[str, Any]]],
    first: str,
) -> Beside:
    again = one.role == SuggestionRole.AGAIN  # a panel's members were asked, too
    mine = [item.pk for item in rows if item.pk == one.item_id or (again and item.run_id == one.item.run_id)]
    made = [call for pk in mine for call in calls.get(pk, [])]
    costs = [call["outcome__cost"] for call in made if call["outcome__cost"] is not None]
    now = _asked(calls.get(one.item_id, []))
    return Beside(
        one,
        judged(one, original),
        was=original.proposed_verdict if one.proposed_verdict != original.proposed_verdict else "",
        prompt=now == first if now and first else None,
        calls=len(made),
        cost=sum(costs, Decimal(0)) if costs else None,
    )


def _calls(item_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    made = ModelCall.objects.filter(subject_type=ITEM, subject_id__in=item_ids).order_by("id")
    found: dict[int, list[dict[str, Any]]] = {}
    for row in made.values("subject_id", "attempt", "prompt_sha256", "outcome__cost"):
        found.setdefault(row["subject_id"], []).append({**row})
    return found


def _asked(calls: Sequence[dict[str, Any]]) -> str:
    """The hash of what was asked first; a second question holds the first reply."""
    return next((call["prompt_sha256"] for call in calls if call["attempt"] == 1), "")


def _pending(runs: Sequence[Run], rows: Sequence[RunItem]) -> list[Pending]:
    own = {item.run_id: item for item in rows if item.member_id is None and item.repeat == 0}
    waits = [(run, own.get(run.pk)) for run in runs]
    return [
        Pending(run, run.status in LIVE, item.error if item else "")
        for run, item in waits
        if item is None or item.status != ItemStatus.DONE
    ]
