"""Fallbacks as people read them: whose an assistant has, and why a run's records were answered by one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from audit import cards
from audit.models.model_card import ModelCard
from screening.models.assistant import Assistant
from screening.models.run import Run
from screening.queries.assistants.endpoints import fallbacks_of

ANSWERED = """
SELECT count(*) FILTER (WHERE status = 'done' AND repeat = 0) FROM screening_runitem WHERE run_id = %(run)s AND line > 0
"""
WHY = """
SELECT o ->> 'card', o ->> 'why', count(*)
  FROM screening_runitem i CROSS JOIN LATERAL jsonb_array_elements(i.passed_over) o
 WHERE i.run_id = %(run)s AND i.line > 0 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 5
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A fallback of an assistant: the name of its card, its model, and whether it can't be called now."""

    card_id: int
    name: str
    model: str
    away: bool


def with_fallbacks(assistants: Collection[Assistant]) -> list[Assistant]:
    """The assistants, each with `falls_back_on`: its fallbacks as `Shown`, in their order. One query at most."""
    wanted = {one.card_id for assistant in assistants for one in fallbacks_of(assistant)}
    found = ModelCard.objects.in_bulk(wanted) if wanted else {}
    for assistant in assistants:
        shown = [_shown(one.card_id, one.model, found.get(one.card_id)) for one in fallbacks_of(assistant)]
        assistant.falls_back_on = shown  # type: ignore[attr-defined]
    return list(assistants)


def _shown(card_id: int, model: str, card: ModelCard | None) -> Shown:
    return Shown(card_id, card.name if card else model, model, away=card is None or bool(cards.why_not_callable(card)))


@dataclass(frozen=True, slots=True)
class Answered:
    """Of a run: how many questions fallbacks answered; (card, why it did not answer, how often), the most first."""

    n: int
    why: Sequence[tuple[str, str, int]]


def answered(run: Run) -> Answered:
    """What fallbacks have answered in a run so far; a panel's members count one by one. Two queries at most."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, {"run": run.pk})
        ((n,),) = cursor.fetchall()
        if n:
            cursor.execute(WHY, {"run": run.pk})
        return Answered(n, cursor.fetchall() if n else [])
