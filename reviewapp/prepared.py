"""Cursors whose statements PostgreSQL plans once per connection: for the few statements that run at every decision.

Django's own cursors write the values into the statement, so that each is a new text to parse and plan. Here values go
apart from the text ("server-side binding"), and psycopg prepares a text that comes again. Statements say the types of
their values themselves (`%(ids)s::bigint[]`). A pooler between must pool by session, as it must for the locks.
"""

from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

PREPARED_AFTER = 2  # uses of a text on a connection


def cursor() -> CursorWrapper:
    """A cursor on the thread's connection and in its transaction, seen by whatever counts or logs queries."""
    connection.ensure_connection()
    connection.connection.prepare_threshold = PREPARED_AFTER
    bound: Any = psycopg.Cursor(connection.connection)
    return connection.make_debug_cursor(bound) if connection.queries_logged else connection.make_cursor(bound)
