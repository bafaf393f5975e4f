"""How long the offline engine takes for a review of 10,000 real records, from the start of the run to its end.

    python -m tests.benchmarks.local_run [--records 10000] [--decided 200] [--workers 2]

A real worker (prefork, two processes) over a real broker and PostgreSQL on this machine, all on the same cores. Texts
are published ones (`local_engine.DATA`), the criteria those of one of these reviews, `decided` records are settled by
people. Vectors are made before: by a stand-in of the same length, since what they say changes nothing about the time.
Prints one line of JSON: wall seconds, processor seconds of the worker, records and suggestions.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import django
import numpy as np

from tests.benchmarks.llm_run import process, wait_for
from tests.benchmarks.local_engine import DATA, PUBLISHED, Row, load

ASKED = "Appenzeller-Herzog_2020"
LENGTH = 384  # of a vector, as all-MiniLM-L6-v2 makes them


def rows(count: int) -> list[Row]:
    """So many published records, those of the review whose criteria are asked first."""
    names = sorted(path.name.removesuffix(".csv.gz") for path in DATA.glob("*.csv.gz"))
    return [row for name in sorted(names, key=lambda name: name != ASKED) for row in load(name)][:count]


def a_review(texts: list[Row], decided: int) -> int:
    """A review with these records, some of them settled by people, all with vectors; its id."""
    from django.contrib.auth.models import User

    from screening.actions import stages
    from screening.models.protocol import Criterion, ProtocolVersion
    from screening.models.record import Record
    from tests import assisting, builders

    review = assisting.review(reviewers_per_record=1, criteria=(), may_be_sent_to_ai=False)
    protocol = ProtocolVersion.objects.get(review=review)
    for position, criterion in enumerate(PUBLISHED[ASKED], 1):
        Criterion.objects.create(protocol=protocol, position=position, if_not_reported="unclear", **asdict(criterion))
    made = Record.objects.bulk_create(
        [Record(review=review, title=row.title, abstract=row.abstract) for row in texts], batch_size=1_000
    )
    stages.open_stage(review=review, records=made, stage="title_abstract")
    embed(made)
    person: User = builders.user()
    includes = [(record, row) for record, row in zip(made, texts, strict=True) if row.verdict == "include"]
    others = [(record, row) for record, row in zip(made, texts, strict=True) if row.verdict != "include"]
    step = max(1, len(others) // decided)
    for record, row in [*includes[: decided // 4], *others[::step][: decided - decided // 4]]:
        builders.decide(record, person, row.verdict)
    return review.pk


def embed(records: list) -> None:
    """A vector for each record, by COPY."""
    from django.utils import timezone

    from reviewapp import copying
    from reviewapp.ai import embedding
    from screening.models.embedding import RecordEmbedding

    drawn = np.random.default_rng(6).normal(size=(len(records), LENGTH)).astype(np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    fields, now = ("record_id", "model_sha256", "text_sha256", "vector", "created_at"), timezone.now()
    hashed = embedding.model_hash()
    lines = ((record.pk, hashed, "0" * 64, str(row.tolist()), now) for record, row in zip(records, drawn, strict=True))
    copying.insert(RecordEmbedding, fields, lines)


def cpu_of_all(pid: int) -> float:
    """Processor seconds of a process and of its living children."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if pid in (int(stat.parent.name), int(fields[1])):
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--decided", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"The published sets are not here ({DATA}): nothing was measured.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
    django.setup()
    with tempfile.TemporaryDirectory(prefix="local-run-") as folder:
        measure(Path(folder), options)


def measure(folder: Path, options: argparse.Namespace) -> None:
    """Everything, in `folder`."""
    from django.conf import settings
    from django.db import connection

    from reviewapp.ai import embedding
    from reviewapp.celery import app
    from reviewapp.embedded import broker, broker_url, folders
    from screening.actions import assistants, runs
    from screening.models.review import Review
    from screening.models.run import Run
    from screening.models.suggestion import Judgement, Suggestion
    from tests.fixtures import postgres

    folders.make(folder)
    with postgres.leased() as server, process(broker.command(folder), folder / "broker.log", dict(os.environ)):
        postgres.use(server, postgres.copy(server, postgres.template(server)))
        app.conf.broker_url = app.conf.broker_write_url = broker_url(folder)
        wait_for(lambda: broker.is_ready(folder), 20, "The broker")
        env = {
            **os.environ,
            "DATABASE_URL": server.address(str(connection.settings_dict["NAME"])),
            "CELERY_BROKER_URL": broker_url(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "LOG_LEVEL": "WARNING",
        }
        celery = [sys.executable, "-m", "celery", "-A", "reviewapp", "worker", "-Q", "cpu", "-P", "prefork"]
        celery += ["-c", str(options.workers), "-l", "WARNING", "--without-mingle", "--without-gossip"]
        texts = rows(options.records)
        review = Review.objects.get(pk=a_review(texts, options.decided))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        named = {"name": "Offline", "engine": "local", "parameters": {"embedding": embedding.model_hash()}}
        assistant = assistants.create(review=review, by=review.created_by, **named)
        with process(celery, folder / "worker.log", env) as worker:
            time.sleep(6)  # it loads what it is made of
            before, began = cpu_of_all(worker.pid), time.perf_counter()
            run = runs.start(review=review, stage="title_abstract", assistant=assistant, by=review.created_by)
            wait_for(lambda: Run.objects.get(pk=run.pk).status == "finished", 600, "The run")
            seconds, cpu = time.perf_counter() - began, cpu_of_all(worker.pid) - before
        said = {
            "records": len(texts),
            "decided": options.decided,
            "workers": options.workers,
            "seconds": round(seconds, 1),
            "per_second": round(len(texts) / seconds, 1),
            "worker_cpu_ms_per_record": round(1000 * cpu / len(texts), 2),
            "suggestions": Suggestion.objects.count(),
            "judgements": Judgement.objects.count(),
            "with_meanings": Suggestion.objects.exclude(explanation__embedding="").count(),
        }
        print(json.dumps(said))
        postgres.drop(server)


if __name__ == "__main__":
    main()
