"""Items that wait for others: a panel's own for its members', and repeats until everything was asked once.

Nobody claims what is held. A member's end lets its panel's item go (`actions.panels`); repeats are let go here.
"""

from django.db import connection
from django.db.models import Exists, OuterRef

from screening.enums import ItemStatus
from screening.models.run import Run, RunItem

# A repeat is compared with a first answer, and asked of the model that gave it: without one there is nothing to ask.
RELEASE = """
WITH answered AS (
  SELECT again.id, first.id IS NOT NULL AS once, COALESCE(first.line, 0) AS line
    FROM screening_runitem again LEFT JOIN screening_runitem first
      ON first.run_id = again.run_id AND first.record_id = again.record_id AND first.repeat = 0
         AND first.member_id IS NOT DISTINCT FROM again.member_id AND first.status = 'done'
   WHERE again.run_id = %(run)s AND again.status = 'held' AND again.repeat > 0)
UPDATE screening_runitem i
   SET line = a.line, status = CASE WHEN a.once THEN 'waiting' ELSE 'cancelled' END,
       finished_at = CASE WHEN a.once THEN NULL ELSE clock_timestamp() END
  FROM answered a
 WHERE i.id = a.id
RETURNING a.once
"""


def release_repeats(run_id: int) -> int:
    """Let the repeats of a run go whose first question was answered, and drop the others; how many wait now.

    Call it with the run's row locked, when nothing else of the run is left to do.
    """
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, {"run": run_id})
        return sum(once for (once,) in cursor.fetchall())


def hold_again(run: Run) -> None:
    """After failed items were set to wait: those of panels wait for members that are asked again."""
    members = RunItem.objects.filter(
        run=OuterRef("run"), record=OuterRef("record"), repeat=0, member__isnull=False, status=ItemStatus.WAITING
    )
    panels = RunItem.objects.filter(run=run, member=None, repeat=0, record__isnull=False, status=ItemStatus.WAITING)
    panels.filter(Exists(members)).update(status=ItemStatus.HELD)
