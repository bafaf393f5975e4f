"""Every model is tracked, immutable or exempt for a reason; what was recorded can't be changed."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from audit.immutable import ImmutableModel, ImmutableRowError
from audit.integrity import append_only_models
from audit.models.event import Event
from audit.timeline import registry
from screening.models.decision import Decision
from tests import builders

OURS = ("audit", "screening", "extraction", "reviewapp")
EXEMPT = {
    "audit.Spending": "the sum of a day's calls, which are on record: verify_audit adds them up again",
    "audit.Pace": "the line before a model: it changes with every call, and says nothing of the review",
    "screening.RecordIndex": "the words of records, computed from them by PostgreSQL itself",
    "screening.RecordEmbedding": "made from texts by a model, and can be made again",
    "screening.PairHold": "who looks at which possible duplicate just now: it binds nobody, and is over in minutes",
    "screening.Reservation": "who holds a record for half an hour: gone when the decision is stored",
    "screening.Mail": "the queue of e-mails itself: they repeat what is on record",
    "screening.Notification": "tells people of rows that are on record themselves, and who read it is their own",
    "screening.NotificationSetting": "how a person wants to be told: their own, and of no review",
    "screening.SearchPage": "replies of a fetch that is not finished: they become the stored file, and go",
    "screening.RunItem": "the queue itself: its outcome is an immutable suggestion or an event",
}
OF_NO_REVIEW = {
    "audit.modelcard": "models are put at all reviews' disposal by administrators",
    "screening.apitoken": "a person's own, often of all their reviews; for one review, events tell it",
}
APPEND_ONLY = append_only_models()


def is_history(model):
    return hasattr(model, "history_change_reason")


def is_tracked(model):
    return hasattr(model, "history") and not is_history(model)


def test_every_model_of_ours_is_tracked_or_immutable_or_exempt_with_a_reason():
    ours = [model for label in OURS for model in apps.get_app_config(label).get_models() if not is_history(model)]
    loose = {m._meta.label for m in ours if not is_tracked(m) and not issubclass(m, ImmutableModel)}
    assert loose == set(EXEMPT)


def test_every_tracked_model_has_its_place_in_the_timeline():
    tracked = {model._meta.label_lower for model in apps.get_models() if is_tracked(model)}
    assert tracked - set(OF_NO_REVIEW) == {known.label for known in registry.tracked()}


def test_the_list_of_append_only_tables_is_complete():
    names = {model._meta.label for model in APPEND_ONLY}
    assert {"audit.Event", "audit.ModelCall", "screening.Decision", "screening.HistoricalRecord"} <= names
    historical = {m.history.model._meta.label for m in apps.get_models() if is_tracked(m)}
    assert historical <= names


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(model._meta.db_table for model in APPEND_ONLY))
def test_postgresql_itself_refuses_truncate_and_holds_update_and_delete(table):
    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="append-only: TRUNCATE is refused"), transaction.atomic():
            cursor.execute(f'TRUNCATE "{table}" CASCADE')
        # row triggers fire for rows only: what each refuses is shown below on rows, here that it stands for both verbs
        cursor.execute(
            "SELECT tgtype, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'append_only'", [table]
        )
        assert cursor.fetchall() == [(27, "O")]


@pytest.fixture
def rows(db):
    """A row in many of the tables: what a review with a decision leaves behind."""
    from tests.audit import story

    cast = story.cast()
    record = builders.record(cast.review)
    item = story.item(record, story.assistant(cast.review))
    story.suggestion(item, call_id=story.call(item).pk)
    story.decide(record, cast.other)
    return [model for model in APPEND_ONLY if model._default_manager.exists()]


def test_postgresql_refuses_update_and_delete_of_every_row_by_raw_sql(rows):
    assert len(rows) >= 14
    for model in rows:
        table, pk = model._meta.db_table, model._meta.pk.column
        for statement in (f'UPDATE "{table}" SET "{pk}" = "{pk}"', f'DELETE FROM "{table}"'):
            with (
                pytest.raises(DatabaseError, match="append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_python_refuses_before_the_database_is_asked(rows):
    for model in (model for model in rows if issubclass(model, ImmutableModel)):
        row = model._default_manager.first()
        for refused in (
            row.save,
            row.delete,
            lambda manager=model.objects: manager.update(pk=1),
            lambda manager=model.objects: manager.all().delete(),
            lambda row=row, manager=model.objects: manager.bulk_update([row], ["id"]),
        ):
            with pytest.raises(ImmutableRowError):
                refused()
    assert Decision.objects.count() == 1
    assert Event.objects.filter(type="record.decided").count() == 1
