"""How long the figures of agreement take on 50,000 records with two decisions each, by twenty people.

Run it as a test, on its own: `pytest tests/benchmarks/agreement.py -s`. Prints milliseconds, the median of five. One in
twenty records is kept by one of the two and excluded by the other, who names one of six criteria; one in ten is kept by
both; the others are excluded by both, each naming one criterion.
"""

from collections.abc import Callable
from time import perf_counter

import pytest
from django.db import connection

from screening.enums import Facet, Stage
from screening.models.record import Record
from screening.queries.team.blind_words import Scope, disputed
from screening.queries.team.people_agreement import at_stage
from screening.views import agreement_shown
from tests import builders

RECORDS, PEOPLE = 50_000, 20
STATES = """
INSERT INTO screening_stagestate (review_id, record_id, stage, status, needed, voters, rank, changed_at, senior_missing,
                                  waived, assigned, counts_from)
SELECT review_id, id, 'title_abstract', 'excluded', 2, '{}', 0, now(), false, false, '{}', 0
  FROM screening_record WHERE review_id = %(review)s
"""
DECISIONS = """
INSERT INTO screening_decision (review_id, record_id, stage, verdict, author_id, origin, oversight, idempotency_key,
                                note, created_at, criteria_failed, protocol_id)
SELECT r.review_id, r.id, 'title_abstract',
       CASE WHEN r.id %% 20 = 0 AND place = 1 OR r.id %% 10 = 1 THEN 'include' ELSE 'exclude' END,
       (%(people)s::int[])[1 + (r.id / 7 + place * (1 + r.id %% 19)) %% %(n)s], 'screening', 'blind_first',
       gen_random_uuid(), '', now(), 1, %(protocol)s
  FROM screening_record r CROSS JOIN generate_series(0, 1) AS place WHERE r.review_id = %(review)s
"""
JUDGEMENTS = """
INSERT INTO screening_criterionjudgement (decision_id, criterion_id, judged)
SELECT d.id, (%(criteria)s::int[])[1 + d.id %% 6], 'not_met'
  FROM screening_decision d WHERE d.review_id = %(review)s AND d.verdict = 'exclude'
"""


@pytest.mark.django_db
def test_agreement() -> None:
    people = [builders.user() for _ in range(PEOPLE)]
    review = builders.review(reviewers=people, criteria=[(f"c{n}", Facet.OTHER) for n in range(6)])
    version = review.protocol_versions.get()
    Record.objects.bulk_create([Record(review=review, title=f"Title {n}") for n in range(RECORDS)])
    given = {"review": review.pk, "people": [one.pk for one in people], "n": PEOPLE, "protocol": version.pk}
    given["criteria"] = [one.pk for one in version.criteria.all()]
    with connection.cursor() as cursor:
        for statement in (STATES, DECISIONS, JUDGEMENTS):
            cursor.execute(statement, given)
        cursor.execute("ANALYZE")
    scope = Scope(review, Stage.TITLE_ABSTRACT)
    found = at_stage(scope)
    print(f"\n{len(found.records.pairs)} pairs, {len(found.criteria)} criteria, {found.records.together}")
    _time("everything that was said, counted", lambda: at_stage(scope))
    _time("the tables of the page", lambda: [agreement_shown.pair(one, _nowhere) for one in found.records.pairs])
    _time("the matrix", lambda: agreement_shown.matrix(found, _nowhere))
    _time("records on which any two differ", lambda: disputed(scope))
    _time("records on which any two differ about a criterion", lambda: disputed(scope, "c1"))


def _nowhere(*, criterion: str = "", one: int = 0, other: int = 0) -> str:
    return ""


def _time(what: str, work: Callable[[], object]) -> None:
    taken = []
    for _ in range(5):
        began = perf_counter()
        work()
        taken.append((perf_counter() - began) * 1_000)
    print(f"{what}: {sorted(taken)[2]:.0f} ms")
