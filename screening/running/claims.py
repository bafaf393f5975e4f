"""Who works on which item of a run: claiming it by compare-and-set, and knowing whether its worker still lives.

A claim is a status in the row and, while its worker lives, an advisory lock of that worker's database session. When
the worker is killed, PostgreSQL ends the session and drops the lock: a claimed item without a lock has no worker. (This
needs sessions: with a pooler between, pool by session, not by transaction.)
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from audit import stops
from reviewapp import prepared

LOCKS = -20_260_001  # the first key of our advisory locks; the second is the item's number
GRACE = timedelta(seconds=5)  # a claim this young is left alone
YOUNG = 60  # seconds for which a claim need not be renewed
LONGEST = timedelta(minutes=40)  # a claim this old has no worker, even if a vanished machine's session seems to stand

# Everything that must be true for a claim is asked here, in one statement: the item waits and is due, its run is going,
# and the review still allows it.
NOT_STOPPED = f"NOT {stops.STOPPED.format(review='v.id')}"
CLAIM = f"""
UPDATE screening_runitem i
   SET status = 'claimed', attempts = i.attempts + 1, claimed_at = clock_timestamp()
  FROM screening_run r, screening_review v, screening_assistant a
 WHERE i.id = ANY(%(ids)s::bigint[]) AND i.status = 'waiting'
   AND (i.not_before IS NULL OR i.not_before <= clock_timestamp())
   AND r.id = i.run_id AND r.status = 'running' AND v.id = r.review_id AND a.id = r.assistant_id
   AND v.ai_enabled AND (v.may_be_sent_to_ai OR a.engine = 'local') AND {NOT_STOPPED}
RETURNING i.id, i.run_id, i.record_id, i.study_id, i.attempts, i.member_id, i.repeat,
          i.line, i.line_failures,
          pg_try_advisory_lock({LOCKS}, (i.id %% 2147483648)::int)
"""  # noqa: S608  (a constant of this file)
# An item in hand: whether its run still goes and the review still allows it; and whether its claim has grown old.
IN_HAND = f"""
 WHERE i.id = %(item)s::bigint AND i.status = 'claimed' AND i.attempts = %(attempts)s::int
   AND r.id = i.run_id AND r.status = 'running' AND v.id = r.review_id AND a.id = r.assistant_id
   AND v.ai_enabled AND (v.may_be_sent_to_ai OR a.engine = 'local') AND {NOT_STOPPED}
"""
KEPT = f"""
SELECT i.claimed_at < clock_timestamp() - interval '{YOUNG} seconds'
  FROM screening_runitem i, screening_run r, screening_review v, screening_assistant a {IN_HAND}
"""  # noqa: S608  (constants of this file)
KEEP = f"""
UPDATE screening_runitem i SET claimed_at = clock_timestamp()
  FROM screening_run r, screening_review v, screening_assistant a {IN_HAND} RETURNING i.id
"""  # noqa: S608
NEXT = """
SELECT i.id FROM screening_runitem i
 WHERE i.run_id = %(run)s::bigint AND i.status = 'waiting'
   AND (i.not_before IS NULL OR i.not_before <= clock_timestamp())
 LIMIT 1 FOR UPDATE SKIP LOCKED
"""
CLAIM_NEXT = CLAIM.replace("ANY(%(ids)s::bigint[])", f"({NEXT})")
SOME = NEXT.replace("LIMIT 1", "ORDER BY i.id LIMIT %(most)s::bigint")
CLAIM_SOME = CLAIM.replace("ANY(%(ids)s::bigint[])", f"ANY(ARRAY({SOME}))")
ABANDONED = f"""
SELECT i.id, i.attempts FROM screening_runitem i
 WHERE i.status = 'claimed' AND i.claimed_at < clock_timestamp() - %(grace)s * interval '1 second'
   AND (i.claimed_at < clock_timestamp() - %(longest)s * interval '1 second' OR (i.id %% 2147483648) NOT IN (
        SELECT l.objid::bigint FROM pg_locks l JOIN pg_database d ON d.oid = l.database
         WHERE l.locktype = 'advisory' AND d.datname = current_database() AND l.objsubid = 2
           AND l.classid = {LOCKS + 2**32}))
 ORDER BY i.id LIMIT 5000
"""  # noqa: S608  (a constant of this file)
RELEASE = f"SELECT pg_advisory_unlock({LOCKS}, (id %% 2147483648)::int) FROM unnest(%(ids)s::bigint[]) AS id"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Claim:
    """An item in hand: of a record or of a study, by the run's purpose; the id of the other is None.

    `attempts` counts this one too, and names the claim: a later one has another number. `member` is the assistant who
    is asked for a panel; `repeat` is 0, or counts repeats of the same question. `line` says which of the assistant's
    models is asked (`running.lines`), `line_failures` how often in a row that one failed in a way that passes.
    """

    item_id: int
    run_id: int
    record_id: int | None
    study_id: int | None
    attempts: int
    member_id: int | None = None
    repeat: int = 0
    line: int = 0
    line_failures: int = 0

    @property
    def record(self) -> int:
        """The record's id, where the run is over records."""
        return self._whose(self.record_id, "record")

    @property
    def study(self) -> int:
        """The study's id, where the run is over studies."""
        return self._whose(self.study_id, "study")

    def _whose(self, found: int | None, kind: str) -> int:
        if found is None:
            raise LookupError(f"Item {self.item_id} is not that of a {kind}.")
        return found


def claim(item_ids: list[int]) -> list[Claim]:
    """Take those of the items that may be worked on now. Nobody else gets them while this worker lives."""
    return [Claim(*row[:9]) for row in prepared.rows(CLAIM, {"ids": item_ids})]


def claim_next(run_id: int) -> Claim | None:
    """Take any item of a run that waits and is due; None if there is none, or the run may not go on."""
    found = prepared.rows(CLAIM_NEXT, {"run": run_id})
    return Claim(*found[0][:9]) if found else None


def claim_some(run_id: int, most: int) -> list[Claim]:
    """Take the first items of a run that wait and are due; what another worker is just taking is passed over."""
    found = prepared.rows(CLAIM_SOME, {"run": run_id, "most": most})
    return sorted((Claim(*row[:9]) for row in found), key=lambda ours: ours.item_id)


def keep(ours: Claim) -> bool:
    """Whether to go on with an item in hand; asked before each of its calls. The claim is young again if so."""
    values = {"item": ours.item_id, "attempts": ours.attempts}
    going = prepared.rows(KEPT, values)
    if going and going[0][0]:  # a claim that has just been made is young enough: no need to write it again
        return bool(prepared.rows(KEEP, values))
    return bool(going)


def release(item_ids: list[int]) -> None:
    """Drop the locks of claims, after the rows say how the work ended."""
    prepared.run(RELEASE, {"ids": item_ids})


def abandoned(*, grace: timedelta = GRACE) -> dict[int, int]:
    """Item id -> attempts, of the claims whose worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(ABANDONED, {"grace": grace.total_seconds(), "longest": LONGEST.total_seconds()})
        return dict(cursor.fetchall())
