"""Which models an assistant may fall back on: up to three, and on a panel none that another member has (AI-10)."""

from collections.abc import Iterable, Sequence
from typing import Any

from screening.models.assistant import Assistant
from screening.models.panel import PanelSeat
from screening.models.review import Review
from screening.queries.assistants.endpoints import MOST_FALLBACKS, Offer, fallbacks_of


class FallbackRefusedError(ValueError):
    """These fallbacks can't be chosen; the message says why and what to do."""


def configured(offer: Offer, fallbacks: Sequence[Offer]) -> dict[str, Any]:
    """What the configuration says of them, with the models that the cards stand for now; empty where there are none.

    Raises FallbackRefusedError where one is chosen twice, or is the first model itself.
    """
    cards = [one.card_id for one in (offer, *fallbacks)]
    if len(fallbacks) > MOST_FALLBACKS:
        raise FallbackRefusedError(f"An assistant has up to {MOST_FALLBACKS} fallbacks. Nothing was made.")
    if len(set(cards)) < len(cards):
        raise FallbackRefusedError(
            "The same model is chosen twice: a fallback is asked where those before it do not answer, so each has to "
            "be another one. Nothing was made."
        )
    if not fallbacks:
        return {}  # older hashes hold
    return {"fallbacks": cards[1:], "fallback_models": [one.model for one in fallbacks]}


def check_panel(members: Sequence[Assistant]) -> None:
    """Raise FallbackRefusedError where members with different models could come to answer by the same one."""
    for place, one in enumerate(members):
        for other in members[place + 1 :]:
            _check_pair(one.name, _models(one), other.name, _models(other))


def check_seats(review: Review, name: str, models: Sequence[str]) -> None:
    """The same for an assistant that is to get these models, on the newest panels where one of its name sits."""
    panels = Assistant.objects.filter(review=review, engine="panel").order_by("name", "-version").distinct("name")
    seats = PanelSeat.objects.filter(panel__in=list(panels.values_list("pk", flat=True)), adjudicates=False)
    sitting = list(seats.select_related("member", "panel").order_by("panel", "position"))
    mine = {seat.panel_id for seat in sitting if seat.member.name == name}
    for seat in sitting:
        if seat.panel_id in mine and seat.member.name != name:
            _check_pair(name, models, seat.member.name, _models(seat.member), panel=str(seat.panel))


def _check_pair(name: str, models: Sequence[str], other: str, others: Sequence[str], panel: str = "") -> None:
    """Members that have the same first model differ by their prompts: falling back together they still do."""
    if _plain(models[:1]) == _plain(others[:1]):
        return
    if shared := sorted(_plain(models) & _plain(others)):
        where = f" of the panel {panel}" if panel else ""
        raise FallbackRefusedError(
            f"{name} and {other}, members{where}, could both come to answer by {shared[0]}: a panel is asked because "
            "its models are different ones. Choose another fallback. Nothing was made."
        )


def _models(assistant: Assistant) -> list[str]:
    return [assistant.model, *(one.model for one in fallbacks_of(assistant))]


def _plain(models: Iterable[str]) -> set[str]:
    """Names without the provider: the same model at another address is the same model."""
    return {model.rpartition("/")[2].lower() for model in models}
