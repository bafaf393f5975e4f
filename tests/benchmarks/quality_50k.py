"""How long do the report of the data's quality and its lists take over 50,000 records?

Run it as a test, on its own: `pytest tests/benchmarks/quality_50k.py -s`. Records as in `search_50k`, with retractions,
notices, short abstracts, several languages and merges among them. Prints the median of whole requests in milliseconds
and of the CPU of web and database behind them, and beside them the same checks by Python over the same rows. Wanted: of
CPU in all, less than a second for a page of the report, less than half a second for a list.
"""

from statistics import median
from time import perf_counter

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.models.record import Record
from screening.models.review import Review
from screening.quality.checks import problems
from tests.benchmarks.progress_page import _cpu
from tests.benchmarks.search_50k import fill

COUNT = 50_000
ROUNDS = 7
ODD = """
UPDATE screening_record r SET
  title = CASE id %% 400 WHEN 1 THEN 'RETRACTED: ' WHEN 2 THEN 'Erratum: ' ELSE '' END || title,
  abstract = CASE id %% 300 WHEN 1 THEN 'Abstract not available.' WHEN 2 THEN left(abstract, 100) ELSE abstract END,
  language = (ARRAY['eng', 'English', 'en', 'ger', 'eng; fre', ''])[1 + id %% 6],
  type = (ARRAY['Journal Article; Randomized Controlled Trial', 'Journal article', 'Review'])[1 + id %% 3],
  doi = CASE WHEN id %% 3 = 0 THEN '' ELSE doi END
WHERE review_id = %s
"""
MERGED = """
UPDATE screening_record r SET merged_into_id = r.id - 1, active = false
 WHERE review_id = %s AND id %% 20 = 0 AND EXISTS (SELECT 1 FROM screening_record k WHERE k.id = r.id - 1)
"""
LISTS = ("no_abstract", "no_doi", "retracted", "notice", "short_abstract", "garbled")


@pytest.mark.django_db(transaction=True)
def test_quality() -> None:
    review = fill(COUNT)
    assert isinstance(review, Review)
    with connection.cursor() as cursor:
        cursor.execute(ODD, [review.pk])
        cursor.execute(MERGED, [review.pk])
        cursor.execute("VACUUM FULL ANALYZE screening_record")
        cursor.execute("VACUUM ANALYZE")
    file = review.imported_files.get()
    file.stored = COUNT
    file.save()
    client = Client()
    client.force_login(review.created_by)
    records = reverse("screening:records", args=[review.pk])
    asked = {
        "report of the review": (reverse("screening:quality", args=[review.pk]), 1_000),
        "report of the import": (reverse("screening:import-quality", args=[review.pk, file.pk]), 1_000),
        **{key: (f"{records}?problem={key}", 500) for key in LISTS},
        "repeated": (f"{records}?file={file.pk}&problem=repeated", 500),
        "English": (f"{records}?language=English", 500),
    }
    slow = [what for what, (address, wanted) in asked.items() if _cpu_of(what, client, address) > wanted]
    _by_python(review.pk)
    assert not slow, slow


def _cpu_of(what: str, client: Client, address: str) -> float:
    whole, cpu = [], []
    for _ in range(ROUNDS):
        began, before = perf_counter(), sum(_cpu())
        assert client.get(address).status_code == 200
        whole.append((perf_counter() - began) * 1_000)
        cpu.append((sum(_cpu()) - before) * 1_000)
    print(f"{what:<22} {median(whole):6.0f} ms, CPU {median(cpu):6.0f} ms")
    return median(cpu)


def _by_python(review_id: int) -> None:
    began, this_year = perf_counter(), timezone.now().year
    rows = Record.objects.filter(review=review_id, active=True).iterator(2_000)
    found = sum(bool(problems(row, this_year=this_year)) for row in rows)
    print(f"the same checks by Python over every row: {(perf_counter() - began) * 1_000:.0f} ms ({found:,} affected)")
