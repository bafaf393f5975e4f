"""How fast are 10,000 citations in the database, compared and merged? `python -m tests.benchmarks.import_10k [count]`.

Writes a RIS file of invented citations, about 8 % of them altered copies, and imports it into a PostgreSQL of its own
(the test server, or the one of DATABASE_URL): dry run, records, history, citations, duplicates and stages. Prints
records per second of import and deduplication together, peak memory, and the ratio to the 500/s that issue 2 asks for.
"""

import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

WANTED = 500.0
DUPLICATES = 0.08
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "bu",
    "da",
    "de",
    "di",
    "do",
    "du",
    "fa",
    "fe",
    "ka",
    "ke",
    "ki",
    "ko",
    "ku",
    "la",
    "le",
    "li",
    "lo",
    "lu",
    "ma",
    "me",
    "mi",
    "mo",
    "mu",
    "na",
    "ne",
    "ni",
    "no",
    "pa",
    "pe",
    "ra",
    "re",
    "ro",
]
NAMES = [
    "Okafor",
    "Lindqvist",
    "Moreau",
    "Tanaka",
    "Haddad",
    "Novak",
    "Silva",
    "Brandt",
    "Kowalska",
    "Yilmaz",
    "Petrov",
    "Nguyen",
    "Osei",
    "Rossi",
    "Ibsen",
]


def word(rank: int) -> str:
    """The `rank`-th word of an invented language: the lower, the shorter and the more frequent, as in any language."""
    text = ""
    while rank or not text:
        rank, place = divmod(rank, len(SYLLABLES))
        text += SYLLABLES[place]
    return text


def words(pick: random.Random, count: int) -> str:
    """Zipf-like: a few words everywhere, most of them seldom."""
    return " ".join(word(int(pick.paretovariate(0.6))) for _ in range(count))


def citation(number: int) -> dict[str, str]:
    """The `number`-th invented citation: the same each time."""
    pick = random.Random(number)
    return {
        "TI": words(pick, pick.randrange(7, 16)).capitalize(),
        "AU": f"{pick.choice(NAMES)}, {pick.choice('ABCDEFGHIJKLM')}. {pick.choice('NOPQRSTUV')}.",
        "PY": str(pick.randrange(1985, 2026)),
        "JO": f"Invented Journal of {word(pick.randrange(300))}",
        "VL": str(pick.randrange(1, 90)),
        "SP": str(pick.randrange(1, 2000)),
        "DO": f"10.1234/bench.{number}" if pick.random() < 0.8 else "",
        "AB": words(pick, pick.randrange(120, 260)) if pick.random() < 0.9 else "",
    }


def altered(entry: dict[str, str], pick: random.Random) -> dict[str, str]:
    """The same publication as another database has it."""
    copy = dict(entry) | {"TI": entry["TI"].upper() if pick.random() < 0.3 else f"{entry['TI']}."}
    copy[pick.choice(["DO", "AB", "VL"])] = ""
    return copy


def entries(count: int) -> Iterator[dict[str, str]]:
    """`count` citations, DUPLICATES of them copies of earlier ones."""
    pick = random.Random(2020)
    for number in range(count):
        if number > 100 and pick.random() < DUPLICATES:
            yield altered(citation(pick.randrange(number)), pick)
        else:
            yield citation(number)


def write(path: Path, count: int) -> None:
    """The citations as RIS."""
    with path.open("w") as file:
        for entry in entries(count):
            lines = [f"{tag}  - {value}" for tag, value in entry.items() if value]
            file.write("\n".join(["TY  - JOUR", *lines, "ER  - ", "", ""]))


def timed(what: str, act: Callable[[], object]) -> float:
    """Run and print the seconds it took."""
    start = time.perf_counter()
    act()
    seconds = time.perf_counter() - start
    print(f"  {what:<28}{seconds:8.2f} s")
    return seconds


def measure(path: Path, count: int) -> None:
    """Import into the database that Django is connected to."""
    from django.core.files.base import File

    from screening.actions import deduplication, import_run, imports, sources
    from screening.models.record import Record
    from tests import builders

    review = builders.review()
    lead = review.created_by
    source = sources.describe(review=review, name="Invented Database", by=lead)
    with path.open("rb") as stream:
        content: File[bytes] = File(stream, name=path.name)
        check = timed(
            "dry run", lambda: imports.upload(review=review, source=source, file=content, by=lead, at_once=True)
        )
    file = review.imported_files.get()
    assert file.parsed == count, (file.status, file.error, file.parsed)
    imports.commit(file=file, by=lead, ring=False)
    seconds = timed("import and deduplication", lambda: import_run.run_import(file_id=file.pk))
    timed("  of it: comparing", lambda: deduplication.compare(review=review, new_records=None))
    active = Record.objects.filter(review=review, active=True).count()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate = count / seconds
    print(f"  {count:,} citations, {count - active:,} merged, {review.duplicate_candidates.count():,} possible pairs")
    print(f"  {rate:,.0f} records/s ({count / (seconds + check):,.0f} with the dry run); peak memory {peak:,.0f} MB")
    print(f"  ratio to the wanted {WANTED:.0f}/s: {rate / WANTED:.2f}")


def main() -> None:
    """Make a scratch database, measure, drop it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
    import django

    django.setup()
    from django.conf import settings

    from tests.fixtures import postgres

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder, postgres.leased() as server:
        settings.MEDIA_ROOT = Path(folder) / "files"
        settings.CELERY_BROKER_URL = "memory://"
        path = Path(folder) / "bench.ris"
        write(path, count)
        try:
            postgres.use(server, postgres.copy(server, postgres.template(server)))
            measure(path, count)
        finally:
            postgres.drop(server)


if __name__ == "__main__":
    main()
