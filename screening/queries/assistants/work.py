"""What a run is to do: the records in its scope, what they are asked about, and what that will cost."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Avg, Count, Exists, OuterRef, QuerySet, Subquery

from audit.cards import price_of
from audit.models.model_call import ModelOutcome
from audit.models.model_card import ModelCard
from screening.enums import Engine, Stage, StageStatus
from screening.models.assistant import Assistant
from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.prompts.screening import CriterionText, build
from screening.queries.assistants.endpoints import fallbacks_of
from screening.queries.assistants.examples import LONGEST, wanted_of
from screening.queries.assistants.panels import callers
from screening.queries.assistants.stability import number_drawn
from screening.queries.documents.papers import Coverage, coverage, room_of

SAMPLED = 30  # records whose prompts are measured for an estimate
LETTERS_PER_TOKEN = 4  # of English text, roughly, in the tokenisers of today
TOKENS_OUT = (60, 90)  # of a reply: altogether, and per criterion
SECONDS_PER_CALL = 4.0  # until this model was called here
LOCAL_PER_SECOND = 80.0  # records of the offline engine, two workers on a machine that has other work too
FULL_TEXTS_PER_SECOND = 2.0  # of the offline engine
ENOUGH_CALLS = 20
OLDER = "older"  # only what was suggested under an older version of the protocol than the one in force
SETTLED = (StageStatus.INCLUDED, StageStatus.EXCLUDED)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would take. `cost` in US dollars, None where nobody has said a price; `seconds` of wall time.

    `cost_up_to` is the cost if always the dearest of the models answered that are asked where others don't (AI-10);
    `falls_back`: there are such.
    """

    records: int
    calls: int
    tokens_in: int
    tokens_out: int
    cost: Decimal | None
    seconds: float
    no_text: int = 0
    not_permitted: int = 0
    falls_back: bool = False
    cost_up_to: Decimal | None = None

    @property
    def left_out(self) -> list[str]:
        """What the run would not look at, in sentences for people."""
        records = f"{self.no_text} records have" if self.no_text != 1 else "1 record has"
        files = f"{self.not_permitted} documents" if self.not_permitted != 1 else "1 document"
        said = (
            (self.no_text, f"{records} no text that can be read: left to people."),
            (self.not_permitted, f"{files} may not be sent to AI. A lead can allow it on the documents page."),
        )
        return [sentence for n, sentence in said if n]

    def as_dict(self) -> dict[str, Any]:
        """As JSON, the form that is kept with the run."""
        return {name: str(said) if isinstance(said, Decimal) else said for name, said in asdict(self).items()}


@lru_cache(maxsize=64)
def criteria_of(protocol_id: int) -> tuple[tuple[int, CriterionText], ...]:
    """(criterion's id, its text) of a protocol version, in order. Versions never change: read once."""
    found = Criterion.objects.filter(protocol_id=protocol_id).order_by("position")
    return tuple((criterion.pk, as_text(criterion)) for criterion in found)


def as_text(criterion: Criterion) -> CriterionText:
    """A criterion as models and the offline engine read it."""
    return CriterionText(
        key=criterion.key,
        label=criterion.label,
        text=criterion.text,
        facet=criterion.facet,
        polarity=criterion.polarity,
        if_not_reported=criterion.if_not_reported,
    )


def scope(
    review: Review, stage: str, assistant: Assistant, protocol: ProtocolVersion, only: str = ""
) -> QuerySet[StageState]:
    """The places at a stage that a run would look at, in the order of the queue; `only` OLDER ones, if that is said.

    A record that has a suggestion of this assistant under this protocol is not paid for twice. The offline engine costs
    nothing and learns from decisions, so it looks again at everything that is not settled.
    """
    has_one = Suggestion.objects.standing().filter(
        record=OuterRef("record"), stage=stage, assistant=assistant, protocol=protocol
    )
    places = at_work(review, stage)
    if only == OLDER:
        return _older(places, protocol).order_by("rank")
    missing = ~Exists(has_one)
    if assistant.engine == Engine.LOCAL:
        return (places.filter(missing) | places.exclude(status__in=SETTLED)).order_by("rank")
    return places.filter(missing).order_by("rank")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run would look at: record ids in the order of the queue. At full text only what can be read counts."""

    record_ids: list[int]
    coverage: Coverage | None = None


def _older(places: QuerySet[StageState], protocol: ProtocolVersion) -> QuerySet[StageState]:
    """Those whose latest suggestion, whoever made it, was made under an older text than this version (SCR-09)."""
    latest = Suggestion.objects.standing().filter(record=OuterRef("record"), stage=OuterRef("stage")).order_by("-id")
    return places.filter(
        pk__in=places.annotate(made=Subquery(latest.values("protocol__number")[:1]))
        .filter(made__lt=protocol.number)
        .values("pk")
    )


def wanted(review: Review, stage: str, assistant: Assistant, protocol: ProtocolVersion, only: str = "") -> Wanted:
    """The records of a run. At full text a newer file of a record is looked at again, as it may say other things."""
    if stage != Stage.FULL_TEXT:
        return Wanted(list(scope(review, stage, assistant, protocol, only).values_list("record_id", flat=True)))
    here = at_work(review, stage)
    here = _older(here, protocol) if only == OLDER else here
    places = here.order_by("rank").values_list("record_id", "status")
    covered = coverage([pk for pk, _ in places], sent=assistant.engine != Engine.LOCAL)
    done = Suggestion.objects.standing().filter(review=review, stage=stage, assistant=assistant, protocol=protocol)
    read = set(done.values_list("record_id", "explanation__document"))
    again = assistant.engine == Engine.LOCAL
    found = [
        pk
        for pk, status in places
        if (document := covered.documents.get(pk))
        and ((pk, document.pk) not in read or (again and status not in SETTLED))
    ]
    return Wanted(found, covered)


def at_work(review: Review, stage: str) -> QuerySet[StageState]:
    """The places at a stage at which there is something to judge."""
    nowhere = (StageStatus.INACTIVE, StageStatus.NOT_RETRIEVED)
    return StageState.objects.filter(review=review, stage=stage).exclude(status__in=nowhere)


def estimate(
    review: Review, stage: str, assistant: Assistant, protocol: ProtocolVersion, only: str = "", repeat_share: int = 0
) -> Estimate:
    """Calls, tokens, cost and time of a run before it is started (AI-10), from a sample of the real prompts.

    Of a panel each member is asked about every record, and whoever adjudicates about every one at most. `repeat_share`
    of 100 records are asked about once more.
    """
    found = wanted(review, stage, assistant, protocol, only)
    records, left = len(found.record_ids), _left_out(found.coverage)
    if assistant.engine == Engine.LOCAL:
        pace = FULL_TEXTS_PER_SECOND if found.coverage else LOCAL_PER_SECOND
        return Estimate(records, 0, 0, 0, Decimal(0), records / pace, **left)
    criteria = [text for _, text in criteria_of(protocol.pk)]
    each_out = TOKENS_OUT[0] + TOKENS_OUT[1] * len(criteria)
    calls = records + number_drawn(records, repeat_share)
    parts = []
    for one in callers(assistant):
        each_in = _prompt_tokens(protocol.question, criteria, found, room_of(one))
        each_in += wanted_of(one) * _example_tokens(found) if stage == Stage.TITLE_ABSTRACT else 0
        parts.append(_of_one(one, calls, each_in, each_out))
    return Estimate(
        records=records,
        calls=sum(part.calls for part in parts),
        tokens_in=sum(part.tokens_in for part in parts),
        tokens_out=sum(part.tokens_out for part in parts),
        cost=_sum([part.cost for part in parts]),
        seconds=sum(part.seconds for part in parts),
        falls_back=any(part.falls_back for part in parts),
        cost_up_to=_sum([part.cost_up_to for part in parts]),
        **left,
    )


def _sum(costs: Sequence[Decimal | None]) -> Decimal | None:
    """None where one of them is not known."""
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) if len(known) == len(costs) else None


def _of_one(assistant: Assistant, calls: int, each_in: int, each_out: int) -> Estimate:
    """What so many calls of one model take."""
    past = experience_of(assistant.model)
    cost = cost_of(assistant.card, calls, each_in, each_out, past["cost"])
    return Estimate(
        records=calls,
        calls=calls,
        tokens_in=calls * each_in,
        tokens_out=calls * each_out,
        cost=cost,
        seconds=seconds_of(assistant, calls, each_in + each_out, past["seconds"]),
        falls_back=bool(fallbacks_of(assistant)),
        cost_up_to=cost_up_to(assistant, cost, calls, each_in, each_out),
    )


def cost_up_to(assistant: Assistant, own: Decimal | None, calls: int, each_in: int, each_out: int) -> Decimal | None:
    """What so many calls cost if always the dearest of an assistant's models answered; `own` is that of the first."""
    costs, cards = [own], ModelCard.objects.in_bulk([one.card_id for one in fallbacks_of(assistant)])
    for one in fallbacks_of(assistant):
        past = experience_of(one.model)["cost"]
        costs.append(cost_of(cards.get(one.card_id), calls, each_in, each_out, past))
    known = [cost for cost in costs if cost is not None]
    return max(known) if len(known) == len(costs) else None


def _left_out(covered: Coverage | None) -> dict[str, Any]:
    return {"no_text": covered.no_text, "not_permitted": covered.not_permitted} if covered else {}


def _prompt_tokens(question: str, criteria: Sequence[CriterionText], found: Wanted, room: int) -> int:
    """Mean length of a prompt, by letters; a full text counts as long as it is shown."""
    sample = found.record_ids[:SAMPLED]
    texts = Record.objects.filter(pk__in=sample).values_list("title", "abstract")
    sizes = [
        sum(len(message.content) for message in build(question, criteria, title, abstract, fence="0" * 16).messages)
        for title, abstract in texts
    ]
    shown = [min(found.coverage.documents[pk].characters, room) for pk in sample] if found.coverage else []
    return round((sum(sizes) + sum(shown)) / len(sizes) / LETTERS_PER_TOKEN) if sizes else 0


def _example_tokens(found: Wanted) -> int:
    """Mean length of an example, by letters: of a title and an abstract of this review."""
    texts = Record.objects.filter(pk__in=found.record_ids[:SAMPLED]).values_list("title", "abstract")
    sizes = [len(title) + min(len(abstract), LONGEST) for title, abstract in texts]
    return round(sum(sizes) / len(sizes) / LETTERS_PER_TOKEN) if sizes else 0


def experience_of(model: str) -> dict[str, Any]:
    """Mean cost and seconds of a model's answered calls on this server; None before there were enough."""
    answered = ModelOutcome.objects.filter(state=ModelOutcome.ANSWERED, call__model=model)
    seen = answered.aggregate(n=Count("id"), cost=Avg("cost"), seconds=Avg("seconds"))
    return seen if seen["n"] >= ENOUGH_CALLS else {"cost": None, "seconds": None}


def cost_of(card: ModelCard | None, records: int, each_in: int, each_out: int, past: Decimal | None) -> Decimal | None:
    """What so many calls cost in US dollars, by the card's price or, without one, by what calls cost in the past."""
    price = price_of(card) if card else None
    if price is not None:
        return (records * (each_in * price[0] + each_out * price[1]) / 1_000_000).quantize(Decimal("0.01"))
    return None if past is None else (records * past).quantize(Decimal("0.01"))


def seconds_of(assistant: Assistant, records: int, tokens: int, past: float | None) -> float:
    """By the calls in flight, or by the card's pace where that is slower."""
    card, per_call = assistant.card, past or SECONDS_PER_CALL
    times = [records * per_call / settings.LLM_CALLS_IN_FLIGHT, min(records, 1) * per_call]
    if card is not None and card.requests_per_minute:
        times.append(60 * records / card.requests_per_minute)
    if card is not None and card.tokens_per_minute:
        times.append(60 * records * tokens / card.tokens_per_minute)
    return max(times)
