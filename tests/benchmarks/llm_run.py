"""How much of a bare client's speed a whole run reaches: claim, ModelCall, outcome, suggestion, judgements, item done.

    python -m tests.benchmarks.llm_run [--records 1500] [--delay 500] [--in-flight 32] [--threads 48]

A real worker (threads) works off a real run against the test model server, over a real broker and PostgreSQL, each a
process of its own; then a bare aiohttp client asks the same server the same prompts with as many calls in flight. Rates
are taken from the middle of the run (the first 15 % and the last 10 % of the records are left out).
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import aiohttp
import django

PORT = 8396


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


def stats() -> dict[str, int]:
    """What the model server has counted."""
    with urlopen(f"http://127.0.0.1:{PORT}/stats", timeout=5) as answer:
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


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def a_run(records: int, delay: int) -> int:
    """A review with so many records and a run over them whose items are made; its id."""
    from tests import assisting, builders
    from tests.model_server import ModelServer

    criteria = [(f"criterion-{number}", "P") for number in range(4)]
    review = assisting.review(criteria=criteria, reviewers_per_record=1)
    text = "We randomised adults with type 2 diabetes to an SGLT2 inhibitor or to placebo for one year. " * 15
    for _ in range(records):
        builders.record(review, abstract=text)
    assistant = assisting.llm(review, ModelServer(PORT), f"stub+delay-{delay}")
    return assisting.start(assistant).pk


def middle_rate(run_id: int) -> float:
    """Items finished per second in the middle of the run."""
    from screening.models.run import RunItem

    ends = list(
        RunItem.objects.filter(run_id=run_id, status="done")
        .order_by("finished_at")
        .values_list("finished_at", flat=True)
    )
    first, last = int(len(ends) * 0.15), int(len(ends) * 0.9) - 1
    return (last - first) / (ends[last] - ends[first]).total_seconds()


def bare_rate(delay: int, in_flight: int, calls: int) -> float:
    """Calls per second of a bare aiohttp client that asks what the run asked."""
    from audit.models.model_call import ModelCall

    asked = ModelCall.objects.first()
    assert asked is not None
    body = {"model": f"stub+delay-{delay}", "messages": asked.messages, **asked.parameters}
    ends: list[float] = []

    async def worker(session: aiohttp.ClientSession) -> None:
        while len(ends) < calls:
            async with session.post(f"http://127.0.0.1:{PORT}/v1/chat/completions", json=body) as response:
                await response.json()
            ends.append(time.perf_counter())

    async def main() -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            await asyncio.gather(*(worker(session) for _ in range(in_flight)))

    asyncio.run(main())
    first, last = int(len(ends) * 0.15), int(len(ends) * 0.9) - 1
    return (last - first) / (ends[last] - ends[first])


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=1500)
    parser.add_argument("--delay", type=int, default=500, help="milliseconds the server waits")
    parser.add_argument("--in-flight", type=int, default=32)
    parser.add_argument("--threads", type=int, default=0, help="of the worker; 0: half as many again as in flight")
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
    from screening.models.run import Run
    from tests.fixtures import postgres

    folders.make(folder)
    with postgres.leased() as server, process(broker.command(folder), folder / "broker.log", dict(os.environ)):
        postgres.use(server, postgres.copy(server, postgres.template(server)))
        app.conf.broker_url = app.conf.broker_write_url = broker_url(folder)
        wait_for(lambda: broker.is_ready(folder), 20, "The broker")
        threads = options.threads or options.in_flight * 3 // 2
        env = {
            **os.environ,
            "DATABASE_URL": server.address(str(connection.settings_dict["NAME"])),
            "CELERY_BROKER_URL": broker_url(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "LLM_CALLS_IN_FLIGHT": str(options.in_flight),
        }
        stub = [sys.executable, "-m", "tests.model_server", "--port", str(PORT)]
        celery = [sys.executable, "-m", "celery", "-A", "reviewapp", "worker", "-Q", "llm,cpu", "-P", "threads"]
        celery += ["-c", str(threads), "-l", "INFO", "--without-mingle", "--without-gossip"]
        with process(stub, folder / "stub.log", dict(os.environ)):
            wait_for(stats, 20, "The model server")
            run_id = a_run(options.records, options.delay)
            with process(celery, folder / "worker.log", env) as worker:
                wait_for(lambda: Run.objects.get(pk=run_id).status == "finished", 60 + options.records / 10, "The run")
                cpu, counted = cpu_seconds(worker.pid), stats()
            rate = middle_rate(run_id)
            bare = bare_rate(options.delay, options.in_flight, max(600, options.records // 2))
        print(
            json.dumps(
                {
                    "records": options.records,
                    "max_in_flight": counted["max_in_flight"],
                    "items_per_s": round(rate, 2),
                    "bare_aiohttp_per_s": round(bare, 2),
                    "ratio": round(rate / bare, 3),
                    "worker_cpu_ms_per_item": round(1000 * cpu / options.records, 1),
                    "calls": counted["calls"],
                }
            )
        )
        postgres.drop(server)


if __name__ == "__main__":
    main()
