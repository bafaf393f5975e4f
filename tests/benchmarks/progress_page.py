"""How long the page Progress takes in a review of 50,000 records and 100,000 decisions by 20 people in 90 days.

Run it as a test, on its own: `pytest tests/benchmarks/progress_page.py -s`. Prints p50 and p95 in milliseconds, and
the ratio to a bare count of the stage's places by status, in the same run. The brief allows 300 ms. Where other work
shares the machine, the CPU time of web process and database, which it prints too, says more than the clock.
"""

import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.models.review import Review
from screening.queries.progress.progress import by_status
from tests import builders

RECORDS, PEOPLE, DAYS, ROUNDS = 50_000, 20, 90, 30

# Reviewer k of PEOPLE screens the records whose number gives k; every third record has waited for its second since.
FILL = """
INSERT INTO screening_record (review_id, active, title, authors, journal, volume, issue, pages, doi, abstract, keywords,
                              accessions, url, language, type, created_at)
SELECT %(review)s, true, 'A trial of treatment ' || n, '{}', '', '', '', '', '', repeat('We randomised adults. ', 60),
       '{}', '[]', '', '', '', now() - interval '91 days' FROM generate_series(1, %(records)s) n;
INSERT INTO screening_stagestate (review_id, record_id, stage, status, needed, voters, rank, changed_at,
                                  senior_missing, waived, assigned, counts_from)
SELECT %(review)s, id, 'title_abstract',
       CASE WHEN id %% 100 < 6 THEN 'partial' WHEN id %% 100 < 8 THEN 'conflict'
            WHEN id %% 100 < 20 THEN 'included' ELSE 'excluded' END,
       2, CASE WHEN id %% 100 < 6 THEN ARRAY[p.ids[1 + (id / 100) %% %(people)s]]
               ELSE ARRAY[p.ids[1 + (id / 100) %% %(people)s], p.ids[1 + (id / 100 + 1 + id %% 5) %% %(people)s]] END,
       random(), now() - (id %% 12) * interval '1 day', id %% 100 = 5, id %% 100 = 99, '{}', 0
  FROM screening_record, (SELECT %(ids)s::int[] AS ids) p WHERE review_id = %(review)s;
INSERT INTO screening_historicalstagestate (id, review_id, record_id, stage, status, needed, voters, history_date,
       history_type, actor_kind, actor_name, senior_missing, waived, counts_from)
SELECT s.id, s.review_id, s.record_id, s.stage, s.status, s.needed, s.voters,
       now() - (91 - turn * 20) * interval '1 day',
       CASE turn WHEN 0 THEN '+' ELSE '~' END, 'person', 'x', false, false, 0
  FROM screening_stagestate s, generate_series(0, 2) turn WHERE s.review_id = %(review)s;
INSERT INTO screening_decision (review_id, record_id, stage, verdict, author_id, origin, oversight, idempotency_key,
                                seconds, note, created_at, criteria_failed)
SELECT %(review)s, s.record_id, s.stage, CASE WHEN s.record_id %% 5 = 0 THEN 'include' ELSE 'exclude' END, voter,
       'screening', 'blind_first', gen_random_uuid(), 5 + random() * 60, '',
       now() - ((s.record_id %% %(days)s)::int + random()) * interval '1 day', 0
  FROM screening_stagestate s, unnest(s.voters) voter WHERE s.review_id = %(review)s;
INSERT INTO screening_decision (review_id, record_id, stage, verdict, author_id, origin, oversight, idempotency_key,
                                seconds, note, created_at, criteria_failed, supersedes_id)
SELECT review_id, record_id, stage, 'exclude', author_id, origin, oversight, gen_random_uuid(), 9, '',
       created_at + interval '1 minute', 0, id FROM screening_decision WHERE review_id = %(review)s AND id %% 25 = 0;
INSERT INTO screening_decision (review_id, record_id, stage, verdict, author_id, origin, oversight, idempotency_key,
                                seconds, note, created_at, criteria_failed)
SELECT %(review)s, s.record_id, s.stage, 'include', (%(ids)s::int[])[1],
       'adjudication', 'blind_first', gen_random_uuid(), 40, '', now() - (s.record_id %% 40) * interval '1 day', 0
  FROM screening_stagestate s WHERE s.review_id = %(review)s AND s.record_id %% 100 = 19;
"""


def fill() -> Review:
    """A review at the end of its first stage."""
    people = [builders.user() for _ in range(PEOPLE)]
    review = builders.review(reviewers=people, adjudicators=people[:2])
    rows = {
        "review": review.pk, "records": RECORDS, "people": PEOPLE, "days": DAYS, "ids": [p.pk for p in people],
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in FILL.strip().rstrip(";").split(";\n"):
            cursor.execute(statement, rows)
        cursor.execute("ANALYZE")
    return review


@pytest.mark.django_db
def test_progress_page() -> None:
    review = fill()
    client = Client()
    client.force_login(review.created_by)
    bare, _ = _time("bare count by status", lambda: by_status(review.pk, "title_abstract"))
    for what, name in {"progress": "progress", "overview": "review", "reviews": "reviews"}.items():
        address = reverse(f"screening:{name}", args=[] if name == "reviews" else [review.pk])
        began = perf_counter()
        assert client.get(address).status_code == 200
        first = (perf_counter() - began) * 1_000  # nothing at hand yet of the days that are over
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
            asked = len(queries)
        p50, p95 = _time(what, lambda address=address: client.get(address))  # type: ignore[misc]
        print(f"    first {first:.0f} ms, {asked} queries, {p50 / bare:.1f} times the bare count")
        assert p95 < 300, what


def _time(what: str, act: Callable[[], object]) -> tuple[float, float]:
    act()
    taken, before = [], _cpu()
    for _ in range(ROUNDS):
        began = perf_counter()
        act()
        taken.append((perf_counter() - began) * 1_000)
    web, database = ((now - then) / ROUNDS * 1_000 for now, then in zip(_cpu(), before, strict=True))
    ranked = sorted(taken)
    p50, p95 = ranked[ROUNDS // 2], ranked[int(ROUNDS * 0.95)]
    print(f"\n{what}: p50 {p50:.0f} ms, p95 {p95:.0f} ms; CPU {web:.0f} ms web, {database:.0f} ms database", end="")
    return p50, p95


def _cpu() -> tuple[float, float]:
    """Seconds of CPU so far: this process, and the database's process that serves it (Linux)."""
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return process_time(), (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
