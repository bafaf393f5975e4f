"""Whether two workers together keep to a card's requests per minute: neither more of them nor noticeably fewer.

    python -m tests.benchmarks.llm_pace [--per-minute 3000] [--minutes 3] [--delay 500] [--threads 48]

Two real workers (threads) work off a real run against the test model server, over a real broker and PostgreSQL, each a
process of its own. The server notes when each call arrives. The first calls are left out until both workers are at
work (SETTLED seconds); then `--minutes` are looked at. The reference is the limit itself.

Prints one line of JSON: the mean per minute, the most and the fewest calls in any 60 seconds, and what of the limit
each is. `most` is looked for from every call on, those left out included (`most_from_s` says after how long), `fewest`
from every call whose 60 seconds lie within what is looked at. `within_2_percent`: no 60 seconds had more than 1.02 of
the limit, and the mean is no less than 0.98. `redis`: whether the line was kept there all the time.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import django

from tests.benchmarks.llm_run import PORT, TEXT, Watched, process, stats, wait_for

SETTLED = 10.0  # seconds from the first call on
MINUTE = 60.0


def arrivals() -> list[float]:
    """When each call came, in seconds by the server's clock."""
    with urlopen(f"http://127.0.0.1:{PORT}/arrivals", timeout=20) as answer:
        return list(json.load(answer))


def a_run(options: argparse.Namespace) -> int:
    """A run over more records than can be asked about in time; its id."""
    from screening.actions import stages
    from screening.models.record import Record
    from tests import assisting
    from tests.model_server import ModelServer

    review = assisting.review(criteria=[("population", "P")], reviewers_per_record=1)
    titles = (f"A trial, part {number}" for number in range(int(options.per_minute * (options.minutes + 1))))
    made = Record.objects.bulk_create([Record(review=review, title=title, abstract=TEXT) for title in titles], 1_000)
    stages.open_stage(review=review, records=made, stage="title_abstract")
    limited = {"requests_per_minute": options.per_minute}
    return assisting.start(assisting.llm(review, ModelServer(PORT), f"met+delay-{options.delay}", **limited)).pk


def counted(came: Sequence[float], seconds: float) -> tuple[int, tuple[int, float], int]:
    """(calls in the `seconds` looked at, (the most in any minute, when that began), the fewest); `came` in order."""
    began = came[0] + SETTLED
    ended = began + seconds
    within = bisect_left(came, ended) - bisect_left(came, began)
    per_minute = [(bisect_left(came, at + MINUTE) - place, at - came[0]) for place, at in enumerate(came)]
    whole = [number for number, after in per_minute if SETTLED <= after <= SETTLED + seconds - MINUTE]
    return within, max(per_minute), min(whole)


def measure(folder: Path, options: argparse.Namespace) -> None:
    """Everything, in `folder`."""
    from django.conf import settings
    from django.db import connection

    from reviewapp.celery import app
    from reviewapp.embedded import broker, broker_url, folders
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
        }
        stub = [sys.executable, "-m", "tests.model_server", "--port", str(PORT)]
        with process(stub, folder / "stub.log", dict(os.environ)):
            wait_for(stats, 20, "The model server")
            print(json.dumps(two_workers(folder, options, env)))
        postgres.drop(server)


def two_workers(folder: Path, options: argparse.Namespace, env: dict[str, str]) -> dict[str, Any]:
    """The figures of two workers at one run."""
    from audit.models.pace import Pace
    from screening.models.run import Run
    from screening.running import lifecycle

    run = Run.objects.get(pk=a_run(options))
    celery = [sys.executable, "-m", "celery", "-A", "reviewapp", "worker", "-Q", "llm,cpu", "-P", "threads"]
    celery += ["-c", str(options.threads), "-l", "INFO", "--without-mingle", "--without-gossip"]
    with ExitStack() as both:
        workers = [
            Watched(both.enter_context(process([*celery, "-n", f"{name}@%h"], folder / f"{name}.log", env)).pid)
            for name in ("one", "two")
        ]
        wait_for(lambda: stats()["calls"] > 0, 120, "The run")
        time.sleep(SETTLED + MINUTE * options.minutes + 2)
        used = [round(worker.cpu()) for worker in workers]
        lifecycle.cancel(run=run, by=run.created_by)
    within, (most, after), fewest = counted(sorted(arrivals()), MINUTE * options.minutes)
    mean, limit = within / options.minutes, options.per_minute
    return {
        "limit_per_minute": limit,
        "minutes": options.minutes,
        "calls": within,
        "mean_per_minute": round(mean, 1),
        "most_in_60_s": most,
        "most_from_s": round(after, 1),
        "fewest_in_60_s": fewest,
        "mean_to_limit": round(mean / limit, 4),
        "most_to_limit": round(most / limit, 4),
        "fewest_to_limit": round(fewest / limit, 4),
        "within_2_percent": most <= 1.02 * limit and mean >= 0.98 * limit,
        "worker_cpu_s": used,
        "redis": not Pace.objects.exists(),
    }


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--per-minute", type=int, default=3_000, help="requests, of the card")
    parser.add_argument("--minutes", type=float, default=3.0, help="looked at; 1.5 at least")
    parser.add_argument("--delay", type=int, default=500, help="milliseconds the server waits")
    parser.add_argument("--threads", type=int, default=48, help="of each worker")
    options = parser.parse_args()
    if options.minutes < 1.5:
        parser.error("--minutes: 1.5 at least, so that there are several spans of 60 seconds to look at.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
    django.setup()
    with tempfile.TemporaryDirectory(prefix="llm-pace-") as folder:
        measure(Path(folder), options)


if __name__ == "__main__":
    main()
