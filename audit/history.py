"""Change history of tracked models (django-simple-history), with a named actor and a reason in every row (AUD-02)."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.db import connection, models
from django.utils import timezone
from psycopg import sql
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from audit import actors


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
    if not rows:
        return
    model: Any = type(rows[0])
    historical, actor, why = model.history.model, actors.current(), reasons or {}
    tracked_columns = [
        (historical._meta.get_field(field.name).column, field.column) for field in historical.tracked_fields
    ]
    statement = sql.SQL(
        "INSERT INTO {history} ({kept}, history_date, history_type, history_user_id, actor_kind, actor_name,"
        " history_change_reason) SELECT {now}, %s, %s, %s, %s, %s, why.reason FROM {table} AS now"
        " JOIN unnest(%s::bigint[], %s::text[]) AS why (id, reason) ON why.id = now.id ORDER BY now.id"
    ).format(
        history=sql.Identifier(historical._meta.db_table),
        table=sql.Identifier(model._meta.db_table),
        kept=sql.SQL(", ").join(sql.Identifier(column) for column, _ in tracked_columns),
        now=sql.SQL(", ").join(sql.Identifier("now", column) for _, column in tracked_columns),
    )
    ids = [row.pk for row in rows]
    texts = [why.get(pk) or actors.current_reason() or None for pk in ids]
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [timezone.now(), change, actor.user_id, actor.kind, actor.name, ids, texts],
        )
