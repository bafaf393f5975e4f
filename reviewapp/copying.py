"""Rows written by COPY: for imports, where building INSERT statements took longer than PostgreSQL took to run them.

Nothing of Django's comes between: no defaults, no `auto_now`, no signals. Whoever copies names every column that has to
be filled, and triggers and constraints hold as always.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql


def numbers(model: type[models.Model], count: int) -> list[int]:
    """So many new primary keys, in order, from the table's sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column if model._meta.pk else "id", count],
        )
        return sorted(number for (number,) in cursor.fetchall())


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows, the values in the order of `fields` (attribute names, such as `review_id`).

    Lists of texts are to come as `array`, JSON as `document`. Raises django.db.DataError, or ValueError for a text
    that is none in UTF-8; the transaction (or savepoint) is broken then.
    """
    of = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    columns = [sql.Identifier(of[name]) for name in fields]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(columns)
    )
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def array(texts: Iterable[str]) -> str:
    """An array of texts as PostgreSQL writes it."""
    return "{" + ",".join('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts) + "}"


def document(value: Any) -> str:
    """JSON."""
    return json.dumps(value)
