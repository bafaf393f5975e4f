"""The tables that a story is read from, each narrowed to the subject and the filter."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from audit.models.event import Event
from audit.models.model_call import ModelCall
from audit.timeline import registry
from audit.timeline.entry import CALL, EVENT, HISTORY, Subject, Wanted
from audit.timeline.registry import Tracked

CALL_KIND = ModelCall._meta.label_lower


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One table. `name` orders lines of the same microsecond, and is part of their keys."""

    name: str
    rows: "QuerySet[Any]"
    moment: str
    tracked: Tracked | None = None


def sources(subject: Subject, wanted: Wanted) -> list[Source]:
    """Every table that may hold a line, by name. As many queries as there are registered relations, for a record."""
    related = _related_ids(subject)
    found = [
        *([_events(subject, wanted, related)] if wanted.source in ("", EVENT) else []),
        *([_calls(subject, wanted, related)] if _calls_wanted(wanted) else []),
        *(
            _history(tracked, subject, wanted)
            for tracked in registry.tracked()
            if _history_wanted(tracked, subject, wanted)
        ),
    ]
    return sorted(found, key=lambda source: source.name)


def _related_ids(subject: Subject) -> dict[str, list[int]]:
    if subject.record_ids is None:
        return {}
    return {relation.label: list(relation.of_records(subject.record_ids)) for relation in registry.related()}


def _events(subject: Subject, wanted: Wanted, related: dict[str, list[int]]) -> Source:
    rows = Event.objects.filter(subject.shown.get(EVENT, Q()), review_id=subject.review_id)
    if subject.record_ids is not None:
        rows = rows.filter(Q(record_id__in=subject.record_ids) | _about(related))
    if wanted.kind:
        rows = rows.filter(subject_type=wanted.kind)
    if wanted.type:
        rows = rows.filter(type=wanted.type)
    if wanted.person is not None:
        rows = rows.filter(actor_id=wanted.person)
    return Source(EVENT, _by(_within(rows, "at", wanted), wanted), "at")


def _calls_wanted(wanted: Wanted) -> bool:
    people = wanted.person is not None or wanted.who == "people"
    return wanted.source in ("", CALL) and wanted.kind in ("", CALL_KIND) and not wanted.type and not people


def _calls(subject: Subject, wanted: Wanted, related: dict[str, list[int]]) -> Source:
    rows = ModelCall.objects.filter(subject.shown.get(CALL, Q()), review_id=subject.review_id)
    if subject.record_ids is not None:
        rows = rows.filter(_about(related))
    return Source(CALL, _within(rows, "at", wanted), "at")


def _history_wanted(tracked: Tracked, subject: Subject, wanted: Wanted) -> bool:
    if subject.record_ids is not None and not tracked.records:
        return False
    return wanted.source in ("", HISTORY) and wanted.kind in ("", tracked.label) and not wanted.type


def _history(tracked: Tracked, subject: Subject, wanted: Wanted) -> Source:
    rows: QuerySet[Any] = tracked.history._default_manager.filter(**{tracked.review: subject.review_id})
    if subject.record_ids is not None:
        about = Q()
        for column in tracked.records:
            about |= Q(**{f"{column}__in": subject.record_ids})
        rows = rows.filter(about)
    if wanted.person is not None:
        rows = rows.filter(history_user_id=wanted.person)
    return Source(
        f"{HISTORY}.{tracked.label}", _by(_within(rows, "history_date", wanted), wanted), "history_date", tracked
    )


def _about(related: dict[str, list[int]]) -> Q:
    """Rows whose subject is one of these objects. Lists, not subqueries: the indexes by subject serve those."""
    about = Q(pk__in=[])
    for label, ids in related.items():
        about |= Q(subject_type=label, subject_id__in=ids)
    return about


def _within(rows: "QuerySet[Any]", moment: str, wanted: Wanted) -> "QuerySet[Any]":
    if wanted.since is not None:
        rows = rows.filter(**{f"{moment}__gte": wanted.since})
    if wanted.until is not None:
        rows = rows.filter(**{f"{moment}__lt": wanted.until})
    return rows


def _by(rows: "QuerySet[Any]", wanted: Wanted) -> "QuerySet[Any]":
    if wanted.who == "people":
        return rows.filter(actor_kind="person")
    return rows.exclude(actor_kind="person") if wanted.who == "machines" else rows
