"""What a re-screening would do to the records that are chosen, before it is begun."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from screening.enums import Stage, StageStatus
from screening.models.stage import StageState
from screening.models.study import StudyReport
from screening.queries.amendments.amendments import WORDS, Amendment
from screening.queries.documents.documents import of_records

SAID = """
SELECT count(*) FILTER (WHERE older), count(*) FILTER (WHERE older AND origin = 'adjudication'),
       count(DISTINCT root) FILTER (WHERE NOT older)
  FROM words WHERE stage = %(stage)s AND root = ANY(%(records)s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Preview:
    """`statuses`: what the records are now -> how many. `words` older decisions won't count any more, `adjudications`
    of them adjudications; on `kept` records something was said under the version in force, which goes on counting.

    `leaving` reports leave full text until their records are included again, with `decided` of them decided there,
    `documents` files and `reports` places in studies: all of it is kept, and set aside meanwhile.
    """

    records: int
    statuses: dict[str, int]
    words: int
    adjudications: int
    kept: int
    leaving: int = 0
    decided: int = 0
    documents: int = 0
    reports: int = 0


def preview(amended: Amendment, stage: str, records: Collection[int]) -> Preview:
    """Six queries at most, whatever the number of records."""
    ids = list(records)
    # of all places: twenty thousand ids in a question cost more than an answer with fifty thousand rows
    places = dict(StageState.objects.filter(review=amended.review_id, stage=stage).values_list("record_id", "status"))
    words, adjudications, kept = _said(amended, stage, ids)
    leaving = [pk for pk in ids if places.get(pk) == StageStatus.INCLUDED]
    statuses = Counter(places[pk] for pk in ids if pk in places)
    return Preview(len(ids), statuses, words, adjudications, kept, *_set_aside(stage, leaving))


def _said(amended: Amendment, stage: str, ids: list[int]) -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(WORDS + SAID, amended.asked(stage=stage, records=ids))
        words, adjudications, kept = cursor.fetchone()
    return words, adjudications, kept


def _set_aside(stage: str, leaving: list[int]) -> tuple[int, int, int, int]:
    """Reports that leave full text, those decided there, documents, and places in studies."""
    there = Counter(
        StageState.objects.filter(stage=Stage.FULL_TEXT, record__in=leaving)
        .exclude(status=StageStatus.INACTIVE)
        .values_list("status", flat=True)
    )
    decided = there[StageStatus.INCLUDED] + there[StageStatus.EXCLUDED]
    documents = of_records(leaving).count() if stage == Stage.TITLE_ABSTRACT else 0
    reports = StudyReport.objects.filter(record__in=leaving).count()
    if stage == Stage.FULL_TEXT:
        return 0, 0, 0, reports
    return sum(there.values()), decided, documents, reports
