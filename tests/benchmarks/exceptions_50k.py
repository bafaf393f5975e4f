"""How long is the inbox of exceptions on its way, with 50,000 records? `python -m tests.benchmarks.exceptions_50k [n]`.

Invented records with a suggestion each: a fifth of them unsure, 3 % flagged, 5 % asked again and a tenth of these
otherwise, 2 % failed, 7 % without an abstract, a tenth decided. A lead asks for the inbox, its last page, one kind, and
for another page (whose navigation counts, too); the whole request is measured. Prints p50 and p95. Wanted (issue 6):
p95 of the inbox under 300 ms.
"""

from typing import Any

from tests.benchmarks import scratch

WANTED = 300.0  # ms, p95
ROUNDS = 20
ITEMS = """
INSERT INTO screening_runitem (run_id, record_id, member_id, repeat, status, attempts, error, line, line_failures,
                               passed_over)
SELECT %(run)s, r.id, NULL, again, CASE WHEN r.id %% 50 = 0 AND again = 0 THEN 'failed' ELSE 'done' END, 1, '', 0,
       0, '[]'
  FROM screening_record r CROSS JOIN generate_series(0, 1) again
 WHERE r.review_id = %(review)s AND (again = 0 OR r.id %% 20 = 1)
"""
SAID = """
INSERT INTO screening_suggestion (review_id, record_id, stage, item_id, assistant_id, protocol_id, role, beside_id,
       proposed_verdict, why, rationale, band, band_method, score, flags, explanation, answered_by, replayed,
       created_at)
SELECT %(review)s, i.record_id, 'title_abstract', i.id, %(assistant)s, %(protocol)s,
       CASE i.repeat WHEN 0 THEN 'stands' ELSE 'repeat' END, NULL, 'exclude', '', repeat('A reason. ', 20),
       CASE WHEN i.record_id %% 5 = 2 THEN 'unsure' ELSE 'clear' END, 'uncalibrated', 0.5,
       (CASE WHEN i.record_id %% 33 = 3 THEN '["instruction"]' WHEN i.repeat = 1 AND i.record_id %% 200 = 1
             THEN '["unstable"]' ELSE '[]' END)::jsonb, '{}', '', FALSE, now()
  FROM screening_runitem i WHERE i.run_id = %(run)s AND i.status = 'done' ORDER BY i.repeat, i.id
"""


def fill(count: int) -> Any:
    """A review with `count` records, their items and suggestions."""
    from django.db import connection

    from screening.actions import stages
    from screening.enums import ItemStatus
    from screening.models.record import Record
    from screening.models.stage import StageState
    from tests import assisting

    review = assisting.review(title="Bench")
    for first in range(0, count, 5_000):
        numbers = range(first, min(first + 5_000, count))
        texts = ("" if n % 14 == 0 else "An abstract of some length, as they are. " * 30 for n in numbers)
        made = [
            Record(review=review, title=f"Trial {n}", abstract=text) for n, text in zip(numbers, texts, strict=True)
        ]
        stages.open_stage(review=review, records=Record.objects.bulk_create(made))
    review.stage_rules.update(oversight="second_reviewer")  # elsewhere the offline engine's doubts are not listed
    run = assisting.start(assisting.local(review))
    run.items.all().delete()
    asked = {"run": run.pk, "review": review.pk, "assistant": run.assistant_id, "protocol": run.protocol_id}
    with connection.cursor() as cursor:
        cursor.execute(ITEMS, asked)
        cursor.execute(SAID, asked)
        cursor.execute("UPDATE screening_stagestate SET status = 'excluded' WHERE record_id % 10 = 7")
        cursor.execute("VACUUM ANALYZE")
    states = StageState.objects.filter(review=review).count()
    print(f"  {states:,} places, {run.items.filter(status=ItemStatus.FAILED).count():,} failed")
    return review


def measure(count: int) -> bool:
    from django.test import Client

    from screening.queries.assistants import exceptions
    from screening.queries.assistants.exceptions import Eyes

    review = fill(count)
    counted = exceptions.counts(review, Eyes(review.created_by_id, frozenset({"lead"})))
    print(f"  {counted}")
    client, inbox = Client(), f"/reviews/{review.pk}/ai/exceptions/"
    client.force_login(review.created_by)
    asked = {"inbox": inbox, "last page": f"{inbox}?page=9999", "one kind": f"{inbox}?kind=unsure",
             "another page": f"/reviews/{review.pk}/team/"}  # fmt: skip
    p95 = {name: scratch.timed(client, name, address, rounds=ROUNDS) for name, address in asked.items()}
    return max(p95["inbox"], p95["last page"]) <= WANTED


if __name__ == "__main__":
    scratch.run(measure)
