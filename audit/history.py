"""Change history of tracked models (django-simple-history), with a named actor and a reason in every row (AUD-02)."""

from typing import Any

from django.db import models
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
