"""Which model cards may be called: approval, its withdrawal, and what an approval was given to (AUD-07)."""

import hashlib
import json
from datetime import date
from decimal import Decimal

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from audit import events
from audit.models.model_card import ModelCard
from reviewapp.ai import prices, providers

BOUND = ("model", "api_base", "provider", "options")  # a change of these is another model, or another place


class CardRefusedError(ValueError):
    """It can't be done with this card; the message says why and what to do. Nothing was changed."""


def fingerprint(card: ModelCard) -> str:
    """Hex SHA-256 of the canonical JSON of {model, api_base, provider, options}: what an approval is bound to."""
    what = {name: getattr(card, name) for name in BOUND}
    return hashlib.sha256(json.dumps(what, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def may_approve(user: User) -> bool:
    """Whether somebody may say which models can be called: administrators, by their right to change model cards."""
    return user.has_perm("audit.change_modelcard")


def changed_since(card: ModelCard) -> bool:
    """Whether an approved card has become another since it was approved."""
    return card.approved and card.approved_sha256 != fingerprint(card)


def why_not_callable(card: ModelCard, on: date | None = None) -> str:
    """Why nothing may be asked of this card's model on a day (today, if none is given), with the mend; or empty."""
    ask = "an administrator can do so on the page Models."
    if not card.approved:
        state = "is not approved any more" if card.approved_at else "is not approved yet"
        return f"The model card “{card.name}” {state}, so its model can't be called. Approve it first: {ask}"
    if changed_since(card):
        return f"The model card “{card.name}” was changed since it was approved. Look at it and approve it again: {ask}"
    if card.retires_on and card.retires_on <= (on or timezone.now().date()):
        return (
            f"The model of the card “{card.name}” was retired on {card.retires_on:%Y-%m-%d}. "
            "Choose another model; an administrator can correct the date."
        )
    return ""


def callable_cards() -> list[ModelCard]:
    """All cards whose models may be called today, by name."""
    today = timezone.now().date()
    return [card for card in ModelCard.objects.filter(approved=True) if not why_not_callable(card, today)]


def price_of(card: ModelCard) -> tuple[Decimal, Decimal] | None:
    """US dollars per million tokens sent and received: the card's own, else the price table's; None if neither says."""
    if card.price_in is not None and card.price_out is not None:
        return card.price_in, card.price_out
    known = prices.price_of(card.model, card.provider)
    return (known.usd_in, known.usd_out) if known else None


@transaction.atomic
def approve(*, card: ModelCard, by: User, note: str = "", seen: str = "") -> ModelCard:
    """Let the model be called as the card says it now. `seen` is the fingerprint of what `by` looked at, where known.

    Raises PermissionDenied for who is no administrator, and CardRefusedError where the card is not complete, or is
    another than the one that was looked at.
    """
    stands = _locked(card, by)
    if seen and seen != fingerprint(stands):
        raise CardRefusedError(f"“{stands.name}” was changed while you looked at it. Nothing was approved; look again.")
    if why_not := providers.why_not(stands.provider, stands.model, stands.api_base, stands.options):
        raise CardRefusedError(f"“{stands.name}” can't be approved yet. {why_not}")
    stands.approved, stands.approved_by, stands.approved_at = True, by, timezone.now()
    stands.approved_sha256, stands.approval_note = fingerprint(stands), note.strip()
    stands.save()
    said = {name: getattr(stands, name) for name in BOUND}
    said |= {"name": stands.name, "sha256": stands.approved_sha256}
    events.record("model.approved", subject=stands, by=by, reason=stands.approval_note, **said)
    return stands


@transaction.atomic
def withdraw(*, card: ModelCard, by: User, why: str) -> ModelCard:
    """Let the model be called no more; calls in flight end. Raises PermissionDenied, CardRefusedError without `why`."""
    stands = _locked(card, by)
    if not why.strip():
        raise CardRefusedError("Say why the approval is withdrawn: people whose work stops will read it.")
    if not stands.approved:
        raise CardRefusedError(f"“{stands.name}” is not approved; there is nothing to withdraw.")
    stands.approved, stands.approval_note = False, why.strip()
    stands.save()
    events.record("model.withdrawn", subject=stands, by=by, reason=why.strip(), name=stands.name, model=stands.model)
    return stands


@transaction.atomic
def draft(*, name: str, model: str, api_base: str, by: User) -> ModelCard | None:
    """A card that nobody has approved yet, of a model that the environment offers; None if there is a card of it."""
    if ModelCard.objects.filter(model=model, api_base=api_base).exists():
        return None
    made, is_new = ModelCard.objects.get_or_create(
        name=name[:80], defaults={"model": model, "api_base": api_base, "provider": providers.of(model, api_base)}
    )
    if is_new:
        events.record("model.drafted", subject=made, by=by, name=made.name, model=model)
    return made if is_new else None


def _locked(card: ModelCard, by: User) -> ModelCard:
    if not may_approve(by):
        raise PermissionDenied("Only an administrator says which models can be called.")
    return ModelCard.objects.select_for_update(no_key=True).get(pk=card.pk)
