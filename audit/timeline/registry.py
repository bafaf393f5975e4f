"""What apps tell the timeline in their `ready()`: which rows belong to which review and record."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import models

Ids = Collection[int]


class Place(NamedTuple):
    """Where the subject of a model call belongs."""

    record_id: int | None
    stage: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """A tracked model. `review` and `records` are columns of its history; no `records`: it is of no single record.

    `people` are fields that hold users' ids; a negative one is that of an import of what people elsewhere said. `noun`
    says in words which object a history row is of.
    """

    model: type[models.Model]
    review: str
    records: tuple[str, ...]
    stage: str
    people: frozenset[str]
    noun: Callable[[Any], str]

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def history(self) -> type[models.Model]:
        historical: type[models.Model] = self.model.history.model  # type: ignore[attr-defined]  # simple-history's
        return historical


@dataclass(frozen=True, slots=True)
class Related:
    """Objects that concern records without naming them in the ledger: merges, pairs, units of AI work."""

    label: str
    of_records: Callable[[Ids], Iterable[int]]
    places: Callable[[Ids], dict[int, Place]] | None


_tracked: dict[str, Tracked] = {}
_related: dict[str, Related] = {}


def register_tracked(
    model: type[models.Model],
    *,
    review: str,
    records: tuple[str, ...] = (),
    stage: str = "",
    people: tuple[str, ...] = (),
    noun: Callable[[Any], str] | None = None,
) -> None:
    """Let the history of a tracked model appear in the story of its review and records."""
    users = {
        field.attname for field in model._meta.concrete_fields if field.is_relation and field.related_model is User
    }
    tracked = Tracked(model, review, records, stage, frozenset({*users, *people}), noun or _noun)
    _tracked[tracked.label] = tracked


def register_related(
    model: type[models.Model],
    *,
    of_records: Callable[[Ids], Iterable[int]],
    places: Callable[[Ids], dict[int, Place]] | None = None,
) -> None:
    """Let events and model calls about these objects appear in the story of the records that they concern."""
    label = model._meta.label_lower
    _related[label] = Related(label, of_records, places)


def tracked() -> list[Tracked]:
    """All registered models, by label."""
    return [_tracked[label] for label in sorted(_tracked)]


def related() -> list[Related]:
    """All registered relations, by label."""
    return [_related[label] for label in sorted(_related)]


def places(label: str, ids: Ids) -> dict[int, Place]:
    """Where subjects of this kind belong; empty for kinds that nobody spoke for."""
    relation = _related.get(label)
    return relation.places(ids) if relation and relation.places and ids else {}


def _noun(row: Any) -> str:
    """record 12 “Its title”."""
    name = str(row.instance_type._meta.verbose_name)
    for field in ("title", "name", "text"):
        if text := str(getattr(row, field, "") or ""):
            return f"{name} {row.id} “{text if len(text) <= 80 else text[:79] + '…'}”"
    return f"{name} {row.id}"
