"""How much of a bare client's speed a whole run reaches: claim, ModelCall, outcome, suggestion, judgements, item done.

    python -m tests.benchmarks.llm_run [--records 10000] [--in-flight 64] [--errors 5] [--panel] [--budget]

A real worker (threads) works off a real run against the test model server, over a real broker and PostgreSQL, each a
process of its own; then a bare aiohttp client (`llm_bare`) asks the same server the same prompts with as many calls in
flight, and tries again where the run must. `--errors` of 100 first calls go wrong: a 429, a 500, no answer for the
card's TIMEOUT seconds, or a reply that is not JSON. `--panel` asks two members about every record; `--budget` gives the
review limits that are never reached, so that each call is reserved and settled.

Prints one line of JSON. `ratio` is that of whole times, from the first call to the last end; `ratio_middle` leaves the
first 15 % and the last 10 % out. Memory is the worker's, looked at each second (MB; PSS counts shared pages by share).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import django

from tests.benchmarks.llm_bare import Bare

PORT = 8396
TIMEOUT = 5  # seconds that one call may take
TEXT = "We randomised adults with type 2 diabetes to an SGLT2 inhibitor or to placebo for one year. " * 15


@contextmanager
def process(command: list[str], log: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process for as long as the block lasts; its output goes to `log`."""
    with log.open("wb") as file:
        started = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=env)
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(15)
        except subprocess.TimeoutExpired:
            started.kill()


def stats(*, reset: bool = False) -> dict[str, int]:
    """What the model server has counted; `reset`: it begins anew, and forgets what went wrong already."""
    what = Request(f"http://127.0.0.1:{PORT}/{'reset' if reset else 'stats'}", method="POST" if reset else "GET")
    with urlopen(what, timeout=5) as answer:
        return dict(json.load(answer))


def wait_for(ready: object, seconds: float, what: str) -> None:
    """Until `ready()` is true."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            if ready():  # type: ignore[operator]
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"{what} did not get ready within {seconds:g} seconds.")


class Watched:
    """What a process uses: processor seconds so far, and the most memory that it was seen to take."""

    def __init__(self, pid: int) -> None:
        self.pid, self.pss, self.rss = pid, 0.0, 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            try:
                lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
            except OSError:
                return
            sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:]}
            self.pss, self.rss = max(self.pss, sizes["Pss"]), max(self.rss, sizes["Rss"])
            time.sleep(1)

    def cpu(self) -> float:
        """User and system time."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def a_run(options: argparse.Namespace) -> int:
    """A review with so many records and a run over them whose items are made; its id."""
    from audit import budgets
    from screening.actions import stages
    from screening.models.record import Record
    from tests import assisting, builders
    from tests.model_server import ModelServer

    criteria = [(f"criterion-{number}", "P") for number in range(4)]
    review = assisting.review(criteria=criteria, reviewers_per_record=1)
    titles = (f"A trial of something, part {number}" for number in range(options.records))
    made = Record.objects.bulk_create([Record(review=review, title=title, abstract=TEXT) for title in titles], 1_000)
    stages.open_stage(review=review, records=made, stage="title_abstract")
    priced = {"price_in": Decimal(1), "price_out": Decimal(2)} if options.budget else {}
    members = [
        assisting.llm(review, ModelServer(PORT), model, timeout_seconds=TIMEOUT, **priced) for model in models(options)
    ]
    if options.budget:
        much: dict[str, Any] = {"daily_usd": 9_999, "total_usd": 9_999, "daily_calls": 10**6, "total_calls": 10**6}
        budgets.change(review_id=review.pk, by=builders.user(), **much)
    assistant = assisting.panel(review, *members) if options.panel else members[0]
    return assisting.start(assistant).pk


def models(options: argparse.Namespace) -> list[str]:
    """The names that say how the test server behaves: of one assistant, or of a panel's members."""
    behaves = f"delay-{options.delay}+noise-{options.errors}"
    return [f"{name}+{behaves}" for name in (("one", "another") if options.panel else ("one",))]


def seconds_of(run_id: int) -> list[float]:
    """When each question of a run was done, in seconds after its first call."""
    from audit.models.model_call import ModelCall
    from screening.models.run import RunItem
    from screening.models.suggestion import Suggestion

    began = ModelCall.objects.earliest("id").at
    asked = Suggestion.objects.filter(item__run=run_id, call_id__isnull=False).values("item")
    ends = RunItem.objects.filter(pk__in=asked, status="done").order_by("finished_at")
    return [(end - began).total_seconds() for end in ends.values_list("finished_at", flat=True)]


def asked() -> list[dict[str, Any]]:
    """The bodies of the first calls for each item, as they were sent."""
    from audit.models.model_call import ModelCall

    calls = ModelCall.objects.filter(attempt=1).order_by("subject_id", "id").distinct("subject_id")
    said = calls.values_list("model", "messages", "parameters")
    return [
        {
            "model": model.partition("/")[2],
            "messages": messages,
            "temperature": parameters["temperature"],
            "max_tokens": parameters["max_tokens"],
        }
        for model, messages, parameters in said.iterator()
    ]


def middle(ends: Sequence[float]) -> float:
    """Ends per second, without the first 15 and the last 10 of 100."""
    first, last = int(len(ends) * 0.15), int(len(ends) * 0.9) - 1
    return (last - first) / (ends[last] - ends[first])


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--delay", type=int, default=500, help="milliseconds the server waits")
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--errors", type=int, default=5, help="of 100 first calls")
    parser.add_argument("--threads", type=int, default=0, help="of the worker; 0: half as many again as in flight")
    parser.add_argument("--panel", action="store_true", help="two members are asked about every record")
    parser.add_argument("--budget", action="store_true", help="with limits that are never reached")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
    django.setup()
    with tempfile.TemporaryDirectory(prefix="llm-run-") as folder:
        measure(Path(folder), options)


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
            "LLM_CALLS_IN_FLIGHT": str(options.in_flight),
        }
        stub = [sys.executable, "-m", "tests.model_server", "--port", str(PORT)]
        with process(stub, folder / "stub.log", dict(os.environ)):
            wait_for(stats, 20, "The model server")
            measured = run_and_bare(folder, options, env)
        print(json.dumps(measured))
        postgres.drop(server)


def run_and_bare(folder: Path, options: argparse.Namespace, env: dict[str, str]) -> dict[str, Any]:
    """The figures of a run, and of the bare client after it."""
    from screening.models.run import Run

    threads = options.threads or options.in_flight * 3 // 2
    celery = [sys.executable, "-m", "celery", "-A", "reviewapp", "worker", "-Q", "llm,cpu", "-P", "threads"]
    celery += ["-c", str(threads), "-l", "INFO", "--without-mingle", "--without-gossip"]
    run_id = a_run(options)
    with process(celery, folder / "worker.log", env) as worker:
        watched = Watched(worker.pid)
        wait_for(lambda: Run.objects.get(pk=run_id).status == "finished", 120 + options.records / 5, "The run")
        cpu, counted = watched.cpu(), stats()
    ends, bodies = seconds_of(run_id), asked()
    stats(reset=True)
    bare = Bare(f"http://127.0.0.1:{PORT}/v1/chat/completions", options.in_flight, TIMEOUT)
    rate, bare_rate = len(ends) / ends[-1], len(bodies) / bare.ask_all(bodies)
    return {
        "records": options.records,
        "panel": options.panel,
        "budget": options.budget,
        "questions": len(ends),
        "calls": counted["calls"],
        "max_in_flight": counted["max_in_flight"],
        "per_s": round(rate, 2),
        "bare_per_s": round(bare_rate, 2),
        "bare_calls": bare.calls,
        "ratio": round(rate / bare_rate, 3),
        "ratio_middle": round(middle(ends) / middle(bare.ends), 3),
        "worker_cpu_ms_per_question": round(1000 * cpu / len(ends), 1),
        "worker_mb_pss": round(watched.pss),
        "worker_mb_rss": round(watched.rss),
    }


if __name__ == "__main__":
    main()
