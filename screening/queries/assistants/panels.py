"""Who sits on a panel, and which models an assistant calls."""

from functools import lru_cache

from screening.enums import Engine
from screening.models.assistant import Assistant
from screening.models.panel import PanelSeat


def seats_of(panel: Assistant) -> list[PanelSeat]:
    """The seats in their order, the adjudicating one last, with members and their cards. One query."""
    return list(PanelSeat.objects.filter(panel=panel).select_related("member__card").order_by("position"))


def callers(assistant: Assistant) -> list[Assistant]:
    """Whose models are called for one record: itself, its members and whoever adjudicates, or nobody's."""
    if assistant.engine == Engine.PANEL:
        return [seat.member for seat in seats_of(assistant)]
    return [assistant] if assistant.engine == Engine.LLM else []


@lru_cache(maxsize=64)
def sitting(panel_id: int) -> tuple[tuple[int, bool], ...]:
    """(member's id, whether it adjudicates), in order. Seats never change: read once per process."""
    seats = PanelSeat.objects.filter(panel=panel_id).order_by("position")
    return tuple(seats.values_list("member_id", "adjudicates"))


def voting(panel_id: int) -> list[int]:
    """The ids of the members whose opinions are combined."""
    return [member for member, adjudicates in sitting(panel_id) if not adjudicates]


def adjudicator(panel_id: int) -> int | None:
    """The id of the assistant that is asked where the members do not all include, if there is one."""
    return next((member for member, adjudicates in sitting(panel_id) if adjudicates), None)


@lru_cache(maxsize=256)
def member(assistant_id: int) -> Assistant:
    """An assistant's configuration, which never changes. Its card does: ask for that anew."""
    return Assistant.objects.get(pk=assistant_id)
