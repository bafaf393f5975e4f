"""Statements that PostgreSQL plans once per connection: for the few that run at every decision.

Django's own cursors write the values into the statement, so that each is a new text to parse and plan. Here values go
apart from the text ("server-side binding"), and psycopg prepares a text that comes again. Statements say the types of
their values themselves (`%(ids)s::bigint[]`), and never `*`: a plan must outlive a column that a migration adds.
A pooler between must pool by session, as it must for the locks.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.utils import CursorWrapper

LARGEST = 2**63 - 1  # a bigint: what is larger is no id, and PostgreSQL refuses it where the ORM finds nothing
PREPARED_AFTER = 2  # uses of a text on a connection
# Without it PostgreSQL plans a statement with an array anew each time, since an array of one looks cheaper than one of
# ten. Should a rollback take the setting back, the connection is slower and nothing else.
ONE_PLAN = "SET plan_cache_mode TO force_generic_plan"
Row = TypeVar("Row", bound=models.Model)


def cursor() -> CursorWrapper:
    """A cursor on the thread's connection and in its transaction, seen by whatever counts or logs queries."""
    ours = connections[DEFAULT_DB_ALIAS]  # looked up once: `connection` does so at every use
    ours.ensure_connection()
    raw = ours.connection
    bound: Any = psycopg.Cursor(raw)
    if raw.prepare_threshold != PREPARED_AFTER:
        raw.prepare_threshold = PREPARED_AFTER
        bound.execute(ONE_PLAN)
    return ours.make_debug_cursor(bound) if ours.queries_logged else ours.make_cursor(bound)


def rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with cursor() as asked:
        asked.execute(statement, values)
        found: list[tuple[Any, ...]] = asked.fetchall()
        return found


def run(statement: str, values: Mapping[str, Any]) -> None:
    """A statement without an answer."""
    with cursor() as asked:
        asked.execute(statement, values)


def columns(model: type[models.Model], alias: str) -> str:
    """All columns of a table, for a SELECT whose rows `made` turns into objects."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def made(model: type[Row], row: Sequence[Any]) -> Row:
    """The object that a row of `columns` is, as the ORM makes it."""
    names, readers = _fields(model)
    values = [read(value, None, connection) if read else value for read, value in zip(readers, row, strict=True)]
    return model.from_db(connection.alias, names, values)


@cache
def _fields(model: type[models.Model]) -> tuple[list[str], list[Any]]:
    """Names of the fields, and what some of them (JSON) read their values with."""
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [getattr(field, "from_db_value", None) for field in fields]
