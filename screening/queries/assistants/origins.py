"""Who of the machines said what, and when (AI-14): a suggestion, a panel's members, and whoever was asked as well.

Whether somebody may be told is for `visibility` to say, before this is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from screening.enums import Engine
from screening.models.assistant import Assistant
from screening.models.panel import PanelSeat
from screening.models.suggestion import Suggestion

AI = "AI"
OF_ASSISTANT = ("assistant__card", "assistant__prompt__prompt")


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion of a machine. `role` is stands, member or adjudicator; the latter has no suggestion of its own.

    `card` is empty where no model is called; `prompt` names the versions of the prompt and of its frame.
    """

    suggestion_id: int | None
    role: str
    assistant: str
    engine: str
    model: str
    card: str
    prompt: str
    verdict: str
    why: str
    made_at: datetime
    call_id: int | None
    fallback: bool = False

    @property
    def words(self) -> str:
        """AI: Reader v1 (Large language model, gpt-5, card Ours, prompt Standard v2), proposes include, …"""
        model = f"{self.model}, a fallback" if self.fallback else self.model
        named = [f"{name} {value}" for name, value in (("card", self.card), ("prompt", self.prompt)) if value]
        of = ", ".join(filter(None, (str(Engine(self.engine).label), model, *named)))
        return f"{AI}: {self.assistant} ({of}), proposes {self.verdict}, {self.made_at:%Y-%m-%dT%H:%M:%SZ}"


def in_words(said: Sequence[Said]) -> str:
    """A suggestion on one line, and on lines of their own the members that it was combined from."""
    return "\n".join(f"{one.role}: {one.words}" if one.role != "stands" else one.words for one in said)


def said_of(suggestions: Sequence[Suggestion]) -> dict[int, list[Said]]:
    """Suggestion's id -> itself, then the members in their order, then whoever adjudicated. Two queries at most.

    The suggestions come with assistant, card and prompt (`OF_ASSISTANT`).
    """
    members = _members(suggestions)
    seats = _adjudicators(suggestions)
    return {one.pk: [_said(one), *_beside(one, members, seats)] for one in suggestions}


def prompt_of(assistant: Assistant) -> str:
    """The versions of what people said around the frame, and of the frame; empty for the offline engine and panels."""
    if assistant.engine != Engine.LLM:
        return ""
    return ", ".join(filter(None, (str(assistant.prompt or ""), assistant.prompt_version)))


def _card(assistant: Assistant, fallback: dict[str, Any] | None) -> str:
    """The name of the card of the model that answered, which may be a fallback's."""
    return str(fallback["card"]) if fallback else assistant.card.name if assistant.card else ""


def _said(one: Suggestion, role: str = "stands") -> Said:
    by = one.assistant
    return Said(
        suggestion_id=one.pk,
        role=role,
        assistant=str(by),
        engine=by.engine,
        model=one.answered_by or by.model,
        card=_card(by, one.explanation.get("fallback")),
        prompt=prompt_of(by),
        verdict=one.proposed_verdict,
        why=one.why,
        made_at=one.created_at,
        call_id=one.call_id,
        fallback=one.fallback,
    )


def _beside(one: Suggestion, members: dict[int, Suggestion], seats: dict[int, Assistant]) -> Iterator[Said]:
    for told in one.explanation.get("members") or []:
        member = members.get(told["suggestion"])
        if member is not None:
            yield _said(member, "member")
    last, by = one.explanation.get("adjudicator"), seats.get(one.assistant_id)
    if last and by:
        yield Said(
            suggestion_id=None,
            role="adjudicator",
            assistant=last["assistant"],
            engine=by.engine,
            model=last["model"],
            card=_card(by, last.get("fallback")),
            prompt=prompt_of(by),
            verdict=last["verdict"],
            why=last["why"],
            made_at=one.created_at,
            call_id=one.call_id,
            fallback=bool(last.get("fallback")),
        )


def _members(suggestions: Sequence[Suggestion]) -> dict[int, Suggestion]:
    ids = {told["suggestion"] for one in suggestions for told in one.explanation.get("members") or []}
    return Suggestion.objects.select_related(*OF_ASSISTANT).in_bulk(ids) if ids else {}


def _adjudicators(suggestions: Sequence[Suggestion]) -> dict[int, Assistant]:
    panels = {one.assistant_id for one in suggestions if one.explanation.get("adjudicator")}
    if not panels:
        return {}
    of = [f"member__{path.removeprefix('assistant__')}" for path in OF_ASSISTANT]
    seats = PanelSeat.objects.filter(panel__in=panels, adjudicates=True).select_related("member", *of)
    return {seat.panel_id: seat.member for seat in seats}


def shown(said: Sequence[Said]) -> list[dict[str, Any]]:
    """The opinions as JSON."""
    return [
        {
            "by": AI,
            "suggestion": one.suggestion_id,
            "role": one.role,
            "assistant": one.assistant,
            "engine": one.engine,
            "model": one.model,
            "card": one.card,
            "prompt": one.prompt,
            "proposed_verdict": one.verdict,
            "call": one.call_id,
            "fallback": one.fallback,
            "made_at_utc": f"{one.made_at:%Y-%m-%dT%H:%M:%SZ}",
        }
        for one in said
    ]
