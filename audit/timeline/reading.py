"""Rows of the ledger, the history and the model calls as lines. A constant number of queries for each table."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import OuterRef, Subquery

from audit import presenters
from audit.models.event import Event
from audit.models.model_call import ModelCall
from audit.timeline import differences, registry
from audit.timeline.entry import CALL, EVENT, HISTORY, Call, Entry
from audit.timeline.registry import Place, Tracked
from audit.timeline.sources import CALL_KIND, Source

Line = Callable[[str], Entry]  # given its key
DONE = {"+": "created", "~": "changed", "-": "deleted"}
NOWHERE = Place(None, "")


def read(wanted: dict[Source, list[int]]) -> dict[tuple[str, int], Line]:
    """(source, row) -> the line, for rows of every table."""
    lines: dict[tuple[str, int], Line] = {}
    histories: list[tuple[Source, Tracked, dict[int, Any], dict[int, Any]]] = []
    for source, ids in wanted.items():
        if source.tracked is not None:
            histories.append((source, source.tracked, *_with_previous(source.tracked, ids)))
        elif source.name == EVENT:
            lines |= {(EVENT, row.pk): _event(row) for row in Event.objects.filter(pk__in=ids)}
        else:
            lines |= _calls(ids)
    names = _names(histories)
    for source, tracked, rows, previous in histories:
        for pk, row in rows.items():
            lines[source.name, pk] = _history(tracked, row, previous.get(row.before), names)
    return lines


def _event(row: Event) -> Line:
    return lambda key: Entry(
        key=key,
        at=row.at,
        source=EVENT,
        type=row.type,
        actor_kind=row.actor_kind,
        actor_name=row.actor_name,
        actor_id=row.actor_id,
        kind=row.subject_type,
        subject_id=row.subject_id,
        sentence=sentence(row),
        record_id=row.record_id,
        stage=str(row.data.get("stage") or ""),
        changes=differences.of_event(row.data),
        reason=row.reason,
        request_id=row.request_id,
    )


def sentence(event: Event) -> str:
    """How an event reads. One that another version of the program wrote must not take the whole page with it."""
    try:
        return presenters.sentence(event.type, event.data)
    except (presenters.UnknownEventError, KeyError, TypeError, ValueError):
        return f"did something that this version can't put in words ({event.type})"


def _with_previous(tracked: Tracked, ids: list[int]) -> tuple[dict[int, Any], dict[int, Any]]:
    """History rows by id, each with `before`, the id of the row before it; and those rows. Two queries."""
    manager: Any = tracked.history._default_manager
    earlier = manager.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    rows = manager.filter(pk__in=ids).annotate(before=Subquery(earlier.values("history_id")[:1])).in_bulk()
    needed = {row.before for row in rows.values() if row.before and row.history_type == "~"}
    return rows, manager.in_bulk(needed)


def _names(histories: Iterable[tuple[Source, Tracked, dict[int, Any], dict[int, Any]]]) -> dict[int, str]:
    """User id -> name, of everybody who stands in these rows. One query."""
    people: set[int] = set()
    for _, tracked, rows, previous in histories:
        people |= differences.people_in(tracked, [*rows.values(), *previous.values()])
    return dict(User.objects.filter(pk__in=people).values_list("pk", "username")) if people else {}


def _history(tracked: Tracked, row: Any, previous: Any, names: dict[int, str]) -> Line:
    changes = differences.of_history(tracked, row, previous, names)
    done = f"{DONE[row.history_type]} {tracked.noun(row)}"
    if row.history_type == "~" and previous is None:
        done += "; what stood there before is not in the history"
    elif not changes:
        done = f"stored {tracked.noun(row)} again, unchanged"
    return lambda key: Entry(
        key=key,
        at=row.history_date,
        source=HISTORY,
        type=DONE[row.history_type],
        actor_kind=row.actor_kind,
        actor_name=row.actor_name,
        actor_id=row.history_user_id,
        kind=tracked.label,
        subject_id=row.id,
        sentence=done,
        record_id=getattr(row, tracked.records[0]) if tracked.records else None,
        stage=getattr(row, tracked.stage) if tracked.stage else "",
        changes=changes,
        reason=row.history_change_reason or "",
    )


def _calls(ids: list[int]) -> dict[tuple[str, int], Line]:
    rows = list(ModelCall.objects.filter(pk__in=ids).select_related("outcome").defer("messages", "outcome__reply"))
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        by_kind.setdefault(row.subject_type, []).append(row.subject_id)
    places = {kind: registry.places(kind, subjects) for kind, subjects in sorted(by_kind.items())}
    return {(CALL, row.pk): _call(row, places[row.subject_type].get(row.subject_id, NOWHERE)) for row in rows}


def call_entry(row: ModelCall, place: Place) -> Entry:
    """One call, with its outcome joined, as a line."""
    return _call(row, place)("")


def _call(row: ModelCall, place: Place) -> Line:
    call = summary(row)
    again = f", attempt {row.attempt}" if row.attempt > 1 else ""
    about = f" about record {place.record_id}" if place.record_id else f" about {row.subject_type} {row.subject_id}"
    return lambda key: Entry(
        key=key,
        at=row.at,
        source=CALL,
        type=call.state,
        actor_kind="worker",
        actor_name="AI worker",
        actor_id=None,
        kind=CALL_KIND,
        subject_id=row.pk,
        sentence=f"asked {row.model}{about} ({row.purpose}{again}): {_ended(call)}",
        record_id=place.record_id,
        stage=place.stage,
        call=call,
    )


def summary(row: ModelCall) -> Call:
    """A call with its outcome, which the caller has joined."""
    outcome = getattr(row, "outcome", None)
    if outcome is None:
        return Call(row.pk, row.model, "in flight")
    return Call(row.pk, row.model, outcome.state, outcome.seconds, outcome.tokens_in, outcome.tokens_out, outcome.cost)


def _ended(call: Call) -> str:
    if call.state == "answered":
        cost = "" if call.cost is None else f", USD {call.cost:f}"
        return f"answered in {call.seconds:.1f} s, {call.tokens_in} tokens in and {call.tokens_out} out{cost}"
    return {"failed": "it failed", "unknown": "cut off, so whether it answered is not known"}.get(
        call.state, "no outcome yet"
    )
