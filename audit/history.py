"""Change history of tracked models (django-simple-history), with a named actor and a reason in every row (AUD-02)."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.db import models
from django.utils import timezone
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

    `reasons` says why, by primary key; else the reason of `acting()` stands.
    """
    if not rows:
        return
    historical: Any = type(rows[0]).history.model  # type: ignore[attr-defined]  # every tracked model has it
    names = [field.attname for field in historical.tracked_fields]
    actor, now = actors.current(), timezone.now()
    common = {
        "history_date": now,
        "history_type": change,
        "history_user_id": actor.user_id,
        "actor_kind": actor.kind,
        "actor_name": actor.name,
    }
    why = reasons or {}
    historical.objects.bulk_create(
        [
            historical(
                **common,
                history_change_reason=why.get(row.pk) or actors.current_reason() or None,
                **{name: getattr(row, name) for name in names},
            )
            for row in rows
        ],
        batch_size=2_000,
    )
