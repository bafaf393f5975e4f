"""How long it takes to say what a changed rule will do: 50,000 records, 100,000 decisions, 20 people.

Run it as a test, on its own: `pytest tests/benchmarks/rule_preview.py -s`. Prints seconds and queries for each kind of
change, and the ratio to reading the stage's places alone, in the same run. The brief allows about a second.
"""

from collections.abc import Callable
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from screening.actions import rule_preview, stages
from screening.enums import Assignment, Stage
from screening.models.stage import StageState
from tests.benchmarks.progress_page import fill

CHANGES: dict[str, dict[str, object]] = {
    "one reviewer": {"reviewers_per_record": 1},
    "half of them doubled": {"double_share": 50},
    "a senior reviewer among them": {"senior_among": True},
    "second waived": {"waive_second": True},
    "by shares": {"assignment": Assignment.SHARES},
    "by shares, with a senior": {"assignment": Assignment.SHARES, "senior_among": True},
}


@pytest.mark.django_db
def test_rule_preview() -> None:
    review = fill()
    places = StageState.objects.filter(review=review, stage=Stage.TITLE_ABSTRACT)
    bare, _ = _time(lambda: list(places.values_list("record_id", "status", "needed", "voters", "assigned")))
    print(f"\n{'reading the places alone':32}{bare:6.2f} s")
    for name, changes in CHANGES.items():
        rule = stages.rule_for(review, Stage.TITLE_ABSTRACT)
        for field, value in changes.items():
            setattr(rule, field, value)
        seconds, queries = _time(lambda rule=rule: rule_preview.preview(rule))
        print(f"{name:32}{seconds:6.2f} s {queries:3} queries {seconds / bare:6.1f} times")


def _time(does: Callable[[], object]) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as captured:
        does()
    best = min(_once(does) for _ in range(3))
    return best, len(captured)


def _once(does: Callable[[], object]) -> float:
    start = perf_counter()
    does()
    return perf_counter() - start
