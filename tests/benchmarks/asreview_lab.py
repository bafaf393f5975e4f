"""ASReview LAB on the same work, in the same minutes, where it is installed (version 3; its own command, its own API).

One screener: without accounts LAB knows one person, and gives everybody the same record. A pair is a label stored and
the next record fetched, as its page asks for them (`POST /api/projects/<id>/record/<id>`, `GET …/get_record`).
"""

import csv
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import requests

RECORDS, STARTS_WITHIN = 10_000, 120


@dataclass(frozen=True, slots=True)
class Paired:
    """Pairs per second, and times of one pair in ms."""

    per_second: float
    p50: float
    p95: float
    p99: float


def installed() -> bool:
    """Whether the command is on the path."""
    return shutil.which("asreview") is not None


def measure(seconds: float, *, records: int = RECORDS) -> Paired:
    """Label for so long in a fresh project with a random ranking; nothing is trained meanwhile."""
    with tempfile.TemporaryDirectory(prefix="asreview") as folder, _lab(folder) as address:
        project = _project(address, Path(folder), records)
        return _label(f"{address}/projects/{project}", seconds)


@contextmanager
def _lab(folder: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["asreview", "lab", "--no-browser", "--skip-update-check", "--host", "127.0.0.1", "--port", str(port)]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=folder, env=os.environ | {"ASREVIEW_PATH": folder}, **quiet)
    try:
        _wait(f"http://127.0.0.1:{port}/api/projects")
        yield f"http://127.0.0.1:{port}/api"
    finally:
        server.terminate()
        server.wait(30)


def _wait(address: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            if requests.get(address, timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.5)
    raise SystemExit(f"ASReview LAB did not start within {STARTS_WITHIN} s.")


def _project(address: str, folder: Path, records: int) -> str:
    path = folder / "records.csv"
    words = ["trial", "of", "treatment", "in", "adults", "with", "outcome", "measured", "at", "follow", "up"]
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["title", "abstract"])
        table.writerows([f"Trial {n}", " ".join(words * 18) + f" {n}"] for n in range(records))
    with path.open("rb") as file:
        made = requests.post(
            f"{address}/projects/create", data={"mode": "oracle"}, files={"file": ("records.csv", file)}, timeout=300
        )
    made.raise_for_status()
    project = str(made.json()["id"])
    begun = requests.put(f"{address}/projects/{project}/review", data={"status": "review"}, timeout=60)
    begun.raise_for_status()
    return project


def _label(project: str, seconds: float) -> Paired:
    times, until = [], time.perf_counter() + seconds
    with requests.Session() as screener:
        record = _next(screener, project)
        while (began := time.perf_counter()) < until:
            said = {"record_id": record, "label": record % 2}
            screener.post(f"{project}/record/{record}", data=said, timeout=60).raise_for_status()
            record = _next(screener, project)
            times.append((time.perf_counter() - began) * 1000)
    cuts = quantiles(times, n=100)
    return Paired(len(times) / seconds, cuts[49], cuts[94], cuts[98])


def _next(screener: requests.Session, project: str) -> int:
    answer = screener.get(f"{project}/get_record", timeout=60)
    answer.raise_for_status()
    return int(answer.json()["result"]["record_id"])
