"""The pace on a real store: a test that takes `kept` runs on the broker's Redis and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import redis
from django.db import connection

from audit import pace
from audit.pace.in_redis import PREFIX, address_of

TIMES = ("requests_at", "tokens_at", "held_until")


@dataclass(frozen=True)
class Kept:
    """Where the pace is kept, for looking into and for letting time pass."""

    client: redis.Redis | None

    def read(self, key: str, name: str) -> str:
        """A figure of a card's line as it is stored."""
        if self.client:
            return (self.client.hget(PREFIX + key, name) or b"0").decode()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {name} FROM audit_pace WHERE key = %s", [key])
            return str(cursor.fetchone()[0])

    def let_pass(self, key: str, seconds: float) -> None:
        """So much later: all times of the line are so much further back, and this process has heard nothing of late."""
        by = int(seconds * 1_000_000)
        pace._heard.pop(key, None)
        if self.client:
            for name in TIMES:
                self.client.hincrby(PREFIX + key, name, -by)
            return
        with connection.cursor() as cursor:
            moved = ", ".join(f"{name} = {name} - %(by)s" for name in TIMES)
            cursor.execute(f"UPDATE audit_pace SET {moved} WHERE key = %(key)s", {"by": by, "key": key})


@pytest.fixture(params=["redis", "postgres"])
def kept(request, settings) -> Iterator[Kept]:
    """A store without a line, and a process that has heard of none."""
    pace.forget()
    if request.param == "postgres":
        yield Kept(None)
        return
    settings.CELERY_BROKER_URL = request.getfixturevalue("broker")
    client = redis.Redis.from_url(address_of(settings.CELERY_BROKER_URL))
    client.flushall()
    yield Kept(client)
    client.flushall()
    client.close()
