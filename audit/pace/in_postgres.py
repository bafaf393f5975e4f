"""The pace in PostgreSQL, by its clock: one row for each card. The same reckoning as `audit.pace.in_redis`, figure by
figure, each verb in one UPDATE: whoever comes second waits for the row and reckons with what the first left.

The table is unlogged: a draw waits for no disk, and after a crash of the server the line begins anew.
"""

from typing import Any

from django.db import connection

from audit.pace.terms import (
    LONGEST_HOLD,
    LONGEST_OBEYED,
    LOOKED_BACK,
    PATIENCE,
    SHORTEST_HOLD,
    SLACK,
    STRAY_HOLD,
    TOO_MANY,
    Draw,
    Word,
)

CLOCK = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint"
BEGUN = "INSERT INTO audit_pace (key) VALUES (%(key)s) ON CONFLICT DO NOTHING"
# `turn_at` says what came of it: the caller's turn, or, negative, when that would be, and nothing was drawn.
DRAW = f"""
UPDATE audit_pace p
   SET (requests_at, tokens_at, turn_at) = (
       SELECT CASE WHEN ours THEN turn + %(request)s ELSE p.requests_at END,
              CASE WHEN ours THEN GREATEST(p.tokens_at, turn) + %(tokens)s ELSE p.tokens_at END,
              CASE WHEN ours THEN turn ELSE -turn END
         FROM (SELECT turn, turn - at <= {PATIENCE} AS ours
                 FROM (SELECT at, GREATEST(at + %(lead)s, p.requests_at, p.tokens_at - {SLACK}, p.held_until) AS turn
                         FROM (SELECT {CLOCK} AS at) now) line) drawn)
 WHERE p.key = %(key)s
RETURNING GREATEST(0, abs(p.turn_at) - {CLOCK}), p.turn_at > 0
"""  # noqa: S608  (constants of this file)
TELL = f"""
UPDATE audit_pace p
   SET (lately, held_for, held_until) = (
       SELECT CASE WHEN tripped THEN '' ELSE late END,
              CASE WHEN said THEN %(hold)s WHEN own THEN own_length ELSE before END,
              CASE WHEN said THEN at + %(hold)s WHEN own THEN at + own_length ELSE p.held_until END
         FROM (SELECT *, LEAST({LONGEST_HOLD}, GREATEST(CASE WHEN tripped THEN {SHORTEST_HOLD} ELSE {STRAY_HOLD} END,
                                                        before * 2)) AS own_length,
                      %(hold)s > 0 AND at + %(hold)s > p.held_until AS said,
                      (%(hold)s = 0 OR (%(hold)s < 0 AND tripped)) AND p.held_until <= at AS own
                 FROM (SELECT *, length(replace(late, '0', '')) >= {TOO_MANY} AS tripped,
                              CASE WHEN %(answers)s > 0 AND p.held_until <= at THEN 0 ELSE p.held_for END AS before
                         FROM (SELECT {CLOCK} AS at,
                                      right(p.lately || repeat('0', %(answers)s) || repeat('1', %(failed)s),
                                            {LOOKED_BACK}) AS late) now) judged) told)
 WHERE p.key = %(key)s
RETURNING GREATEST(0, p.held_until - {CLOCK})
"""  # noqa: S608  (constants of this file)


def draw(key: str, wanted: Draw, *, lead: int) -> tuple[int, bool]:
    """How long until the caller's turn, and whether it was drawn; `lead`: not before so long. Microseconds.

    Call it outside of a transaction: the row is locked until the commit.
    """
    wait, ours = _row(DRAW, {"key": key, "request": wanted.request, "tokens": wanted.tokens, "lead": lead})
    return int(wait), bool(ours)


def tell(key: str, word: Word) -> int:
    """Store what a process says of a card; for how much longer that is held, in microseconds. As `draw`."""
    hold = -1 if word.hold is None else min(word.hold, LONGEST_OBEYED)
    said = {"key": key, "answers": min(word.answers, LOOKED_BACK), "failed": int(word.failed), "hold": hold}
    return int(_row(TELL, said)[0])


def _row(statement: str, values: dict[str, Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while (row := cursor.fetchone()) is None:  # the first word of this card
            cursor.execute(BEGUN, values)
            cursor.execute(statement, values)
    return tuple(row)
