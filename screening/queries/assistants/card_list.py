"""Model cards as people read them: whether each can be called, why not, where it is, and whose key it uses (AUD-07)."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from audit import cards, presenters
from audit.encrypted import Undecipherable
from audit.models.event import Event
from audit.models.model_card import ModelCard
from reviewapp.ai import prices
from reviewapp.ai.providers import PROVIDERS
from screening.enums import Role
from screening.models.review import Membership
from screening.queries.assistants.endpoints import environments_key, host_of_card

NO_KEY = "no key is set; calls will be refused"
MOST_EVENTS = 100
LATE, GIVEN_UP = 30, 600  # seconds after which a test that has no end is said to wait, and is not looked for any more


@dataclass(frozen=True, slots=True)
class Shown:
    """A card: `state` and its tone, `why_not` as a sentence with the mend, the host, and where its key comes from.

    `price` is in US dollars per million tokens, of the card or of the `table` that litellm ships; `price_from` says so.
    """

    card: ModelCard
    state: str
    tone: str
    why_not: str
    host: str
    key: str
    price: list[str] | None
    price_from: str
    table: prices.Price | None
    table_from: str


def may_read(user: User) -> bool:
    """Whether somebody may see the cards: leads of any review, and administrators."""
    return cards.may_approve(user) or Membership.objects.filter(user=user, role=Role.LEAD).exists()


def all_cards() -> QuerySet[ModelCard]:
    """Every card with who approved it, by name."""
    return ModelCard.objects.select_related("approved_by").order_by("name", "pk")


def shown(card: ModelCard) -> Shown:
    """How a card reads. No query; its key is told by where it comes from only."""
    why_not = cards.why_not_callable(card)
    state, tone = _state(card, why_not)
    known = prices.price_of(card.model, card.provider)
    own = card.price_in is not None and card.price_out is not None
    table = prices.source() if known else ""
    price = cards.price_of(card)
    host = host_of_card(card) or "not known"
    return Shown(
        card, state, tone, why_not, host, _key(card), _plain(price), "the card" if own else table, known, table
    )


def _plain(price: tuple[Decimal, Decimal] | None) -> list[str] | None:
    """Without zeros that say nothing."""
    return [format(one.normalize(), "f") for one in price] if price else None


def _state(card: ModelCard, why_not: str) -> tuple[str, str]:
    if not why_not:
        return "Approved", "include"
    if cards.changed_since(card):
        return "Changed since approval", "maybe"
    if card.approved:
        return "Retired", "exclude"
    return ("Withdrawn", "exclude") if card.approved_at else ("Draft", "maybe")


def _key(card: ModelCard) -> str:
    if isinstance(card.key, Undecipherable):
        return "stored under another SECRET_KEY: can't be read, and calls are refused"
    if card.key:
        return "stored with the card"
    if environments_key(card.model, card.api_base):
        return "in the environment"
    known = PROVIDERS.get(card.provider)
    return NO_KEY if known is not None and known.needs_key else "none"


@dataclass(frozen=True, slots=True)
class Line:
    """One event of a card: who, what as a sentence, why, and the fingerprint that was approved."""

    event: Event
    sentence: str
    sha256: str


def story(card: ModelCard) -> list[Line]:
    """What people did with a card, the latest first."""
    events = _events(card).order_by("-id")
    return [
        Line(event, presenters.sentence(event.type, event.data), str(event.data.get("sha256", "")))
        for event in events[:MOST_EVENTS]
    ]


@dataclass(frozen=True, slots=True)
class Tried:
    """The latest connection test: when it was asked for and, once it is there, how it ended."""

    asked: Event
    ended: Event | None
    failed: bool
    waits: bool
    late: bool


def tried(card: ModelCard) -> Tried | None:
    """The latest connection test of a card, if there was one. Two queries."""
    asked = _events(card).filter(type="model.test_asked").order_by("-id").first()
    if asked is None:
        return None
    ended = _events(card).filter(type="model.tested", data__test=asked.pk).first()
    waited = (timezone.now() - asked.at).total_seconds()
    failed = ended is not None and not ended.data["works"]
    return Tried(asked, ended, failed, waits=ended is None and waited < GIVEN_UP, late=ended is None and waited > LATE)


def _events(card: ModelCard) -> QuerySet[Event]:
    return Event.objects.filter(subject_type=card._meta.label_lower, subject_id=card.pk)
