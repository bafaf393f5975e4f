"""The line of callers before each model, where PostgreSQL keeps it."""

from django.db import models


class Pace(models.Model):
    """The line and the holds of one card, shared by all workers; each draw is one UPDATE (`audit.pace.in_postgres`).

    Queue machinery without meaning, in an unlogged table. Times are microseconds since 1970 by PostgreSQL's clock.
    """

    key = models.CharField(max_length=80, primary_key=True)
    requests_at = models.BigIntegerField(db_default=0, help_text="Before then no request goes.")
    tokens_at = models.BigIntegerField(db_default=0, help_text="By then the tokens drawn so far have flowed in.")
    turn_at = models.BigIntegerField(db_default=0, help_text="The last caller's turn; negative: it drew nothing.")
    held_until = models.BigIntegerField(db_default=0)
    held_for = models.BigIntegerField(db_default=0, help_text="How long the last hold was, in microseconds.")
    lately = models.CharField(max_length=20, db_default="", help_text="The last outcomes: 0 answered, 1 failed.")

    def __str__(self) -> str:
        return self.key
