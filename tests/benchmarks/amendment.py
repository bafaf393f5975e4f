"""How long it takes to see what an amendment touches and to screen it anew: 50,000 records, 100,000 decisions.

Run it as a test, on its own: `pytest tests/benchmarks/amendment.py -s`. Prints seconds and queries; requests (a page,
beginning, taking back) are to stay within about a second, and the worker's part is told in records per second.
"""

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from screening.actions import rescreening
from screening.enums import Facet, Stage
from screening.queries.amendments import rescreenings
from screening.queries.amendments.amendments import amendment, decided_before, impact
from screening.queries.amendments.rescreen_preview import preview
from tests import builders
from tests.benchmarks.progress_page import fill

T = TypeVar("T")
TA = Stage.TITLE_ABSTRACT


@pytest.mark.django_db
def test_amendment() -> None:
    review = fill()
    builders.protocol(review, by=review.created_by, criteria=(("adults", Facet.POPULATION),))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    number = review.protocol_versions.order_by("-number")[0].number
    amended = amendment(review, number)
    print()
    _told("the impact page's numbers", lambda: impact(amended, blind=False))
    ids = _told("which records", lambda: decided_before(amended, TA))
    _told("the preview", lambda: preview(amended, TA, ids))
    begin = {"review": review, "stage": TA, "record_ids": ids, "by": review.created_by, "reason": "Reworded"}
    begun = _told(f"beginning, {len(ids)} records", lambda: rescreening.begin(**begin))  # type: ignore[arg-type]
    _told("giving them back (worker)", lambda: rescreening.carry_on(rescreening_id=begun.pk), records=len(ids))
    _told("progress of all re-screenings", lambda: rescreenings.all_of(review))
    _told("what became of them", lambda: rescreenings.turns(begun))
    _told("one by one", lambda: rescreenings.turned(begun))
    back = {"rescreening": begun, "by": review.created_by, "reason": "A slip"}
    _told("taking back", lambda: rescreening.take_back(**back))  # type: ignore[arg-type]
    _told("taking them back (worker)", lambda: rescreening.carry_on(rescreening_id=begun.pk), records=len(ids))


def _told(what: str, does: Callable[[], T], records: int = 0) -> T:
    with CaptureQueriesContext(connection) as captured:
        start = perf_counter()
        found = does()
        seconds = perf_counter() - start
    rate = f" {records / seconds:8.0f} records a second" if records else ""
    print(f"{what:36}{seconds:7.2f} s {len(captured):5} queries{rate}")
    return found
