"""What stands beside a suggestion: what was said when the same was asked again, and what is on its way.

Whether somebody may see any of it is for `access.suggestion_for` to say, before this is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from audit.models.model_call import ModelCall
from screening.enums import ItemStatus, RunStatus, SuggestionRole
from screening.models.run import Run, RunItem
from screening.models.suggestion import Suggestion
from screening.queries.assistants.replay import ITEM, Judged, judged

MOST = 20  # the latest first
LIVE = (RunStatus.PREPARING, RunStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class Beside:
    """What was said when the same was asked again. `prompt`: whether the prompt was the same; None: nothing to compare.

    `cost` in USD is None where no price is known; `calls` counts all that were made for it. `members` of a panel who
    said otherwise: (assistant, what it proposes now, and did then).
    """

    said: Suggestion
    judged: list[Judged]
    was: str
    prompt: bool | None
    calls: int
    cost: Decimal | None
    members: list[tuple[str, str, str]]

    @property
    def same(self) -> bool:
        """Whether verdict, judgements and quotes are the same, and what each member of a panel proposes."""
        return not self.was and not self.members and not any(row.differs for row in self.judged)


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
        prompt=now == first if now and first and "members" not in one.explanation else None,
        calls=len(made),
        cost=sum(costs, Decimal(0)) if costs else None,
        members=[(name, now, then) for name, (now, then) in _spoken(one, original) if now != then],
    )


def _spoken(one: Suggestion, original: Suggestion) -> list[tuple[str, tuple[str, str]]]:
    """Each who was asked for a panel, with what it proposes now and did then; "nothing" of who was asked once only."""
    now, then = ({said["assistant"]: said["verdict"] for said in _members(of)} for of in (one, original))
    return [(name, (now.get(name, "nothing"), then.get(name, "nothing"))) for name in {**now, **then}]


def _members(of: Suggestion) -> list[dict[str, Any]]:
    adjudicator = of.explanation.get("adjudicator")
    return [*of.explanation.get("members", []), *([adjudicator] if adjudicator else [])]


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
