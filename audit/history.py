"""Change history of tracked models (django-simple-history), with a named actor and a reason in every row (AUD-02)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from audit import actors
from reviewapp import prepared


class HistoryRow(models.Model):
    """What every history row has besides the tracked fields. No foreign keys: history outlives accounts."""

    actor_kind = models.CharField(max_length=10)
    actor_name = models.CharField(max_length=150)

    class Meta:
        abstract = True


def tracked(*, excluded: list[str] | None = None) -> HistoricalRecords:
    """The one way a model of ours is tracked: `history = tracked()`. Excluded fields leave no trace (secrets)."""
    return HistoricalRecords(
        excluded_fields=excluded or [],
        bases=[HistoryRow],
        history_user_id_field=models.IntegerField(null=True),
        get_user=lambda instance, request=None: None,  # `_name_the_actor` says who
    )


def _name_the_actor(sender: Any, history_instance: Any = None, **kwargs: Any) -> None:
    """simple-history knows a user only from a request; workers and commands act too."""
    actor = actors.current()
    history_instance.actor_kind = actor.kind
    history_instance.actor_name = actor.name
    history_instance.history_user_id = actor.user_id
    history_instance.history_change_reason = history_instance.history_change_reason or actors.current_reason() or None


pre_create_historical_record.connect(_name_the_actor, dispatch_uid="audit.name_the_actor")


def write_bulk(
    rows: Sequence[models.Model], *, change: Literal["+", "~"], reasons: Mapping[int, str] | None = None
) -> None:
    """History rows for rows of one model that were created ("+") or changed ("~") in bulk, which simple-history misses.

    They are copied inside PostgreSQL, as the rows stand there now. `reasons` says why, by primary key; else the reason
    of `acting()` stands.
    """
    if rows:
        write_copies(type(rows[0]), [row.pk for row in rows], change=change, reasons=reasons)


def write_copies(
    model: type[models.Model],
    ids: Sequence[int],
    *,
    change: Literal["+", "~"],
    reasons: Mapping[int, str] | None = None,
) -> None:
    """The same for rows of which only the primary keys are at hand."""
    if not ids:
        return
    actor, why = actors.current(), reasons or {}
    values = {
        "at": timezone.now(),
        "change": change,
        "user": actor.user_id,
        "kind": actor.kind,
        "name": actor.name,
        "ids": list(ids),
        "reasons": [why.get(pk) or actors.current_reason() or None for pk in ids],
    }
    prepared.run(_copying(model), values)


@cache
def _copying(model: Any) -> str:
    """The statement that copies rows of a tracked model to its history."""
    historical = model.history.model
    tracked_columns = [(historical._meta.get_field(one.name).column, one.column) for one in historical.tracked_fields]
    kept = ", ".join(f'"{column}"' for column, _ in tracked_columns)
    now = ", ".join(f'now."{column}"' for _, column in tracked_columns)
    return f"""
INSERT INTO {historical._meta.db_table} ({kept}, history_date, history_type, history_user_id, actor_kind, actor_name,
                                         history_change_reason)
SELECT {now}, %(at)s::timestamptz, %(change)s::text, %(user)s::int, %(kind)s::text, %(name)s::text, why.reason
  FROM {model._meta.db_table} AS now
  JOIN unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS why (id, reason) ON why.id = now.id
 ORDER BY now.id
"""  # noqa: S608  names of tables and columns
