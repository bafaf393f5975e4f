"""Decision stored and next record in hand: the running product under load, beside the open products' figures.

    python -m tests.benchmarks.decisions [--seconds 15] [--sizes 1000,10000,50000]

Starts `manage.py up` on a data directory of its own, fills a review, and lets 1, 8 and 32 reviewers (two to a record)
decide without thinking time. Prints pairs per second, latencies, server CPU per pair (web and PostgreSQL, workers
included) and memory, and the ratios to the references measured on the same kind of machine (two cores; ASReview LAB
3.0.8 and Parsifal, 10,000 and 1,000 records).
"""

import argparse
import csv
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASREVIEW_P95_8, PARSIFAL_P95_8 = 977, 157  # ms, 8 users
USERS = (1, 8, 32)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=15)
    arguments.add_argument("--sizes", default="1000,10000,50000")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        port = _free_port()
        environment = os.environ | {"DATA_DIR": folder, "PORT": str(port), "LOG_LEVEL": "WARNING"}
        server = _start(environment, port)
        try:
            medians = {}
            for size in map(int, options.sizes.split(",")):
                medians[size] = _measure(size, environment, port, options.seconds, server.pid)
            _growth(medians)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


def _start(environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    for _ in range(600):
        time.sleep(0.2)
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health/ready/")
            if connection.getresponse().status == 200:
                return server
        except OSError:
            continue
    raise SystemExit("The server did not start within two minutes.")


def _measure(size: int, environment: dict[str, str], port: int, seconds: int, server: int) -> float:
    """One review of `size` records, under each number of users; the median latency of one user, in ms."""
    filled = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.decisions_fill", str(size), str(max(USERS))],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    facts = json.loads(filled.stdout.splitlines()[-1])
    print(f"\n{size:,} records", flush=True)
    single = 0.0
    for users in USERS:
        cpu, row = _cpu(server), _load(users, seconds, facts, environment, port)
        used = (_cpu(server) - cpu) * 1000 / max(1, int(row["Request Count"]))
        p50, p95, p99 = (float(row[name]) for name in ("50%", "95%", "99%"))
        print(
            f"  {users:2} users  {float(row['Requests/s']):6.1f}/s  p50 {p50:.0f}  p95 {p95:.0f}  p99 {p99:.0f} ms  "
            f"CPU {used:.1f} ms/pair  failures {row['Failure Count']}  memory {_memory(server):.0f} MB (PSS)"
            + (_beside_others(p95) if users == 8 else ""),
            flush=True,
        )
        single = p50 if users == 1 else single
    return single


def _beside_others(p95: float) -> str:
    return f"  p95: {p95 / ASREVIEW_P95_8:.2f} of ASReview, {p95 / PARSIFAL_P95_8:.2f} of Parsifal"


def _load(users: int, seconds: int, facts: dict[str, object], environment: dict[str, str], port: int) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                sys.executable, "-m", "locust", "-f", str(ROOT / "tests/benchmarks/decisions_load.py"), "--headless",
                "-u", str(users), "-r", str(users), "-t", f"{seconds}s", "-H", f"http://127.0.0.1:{port}",
                "--csv", f"{folder}/out", "--only-summary", "--exit-code-on-error", "0",
            ],
            cwd=ROOT, env=environment | {"BENCH_FACTS": json.dumps(facts)}, check=True, capture_output=True,
        )  # fmt: skip
        with open(f"{folder}/out_stats.csv", newline="") as file:
            return next(row for row in csv.DictReader(file) if row["Name"] == "decide")


def _growth(medians: dict[int, float]) -> None:
    small, large = min(medians), max(medians)
    print(f"\np50 of one user at {large:,} records: {medians[large] / medians[small]:.2f} times that at {small:,}")


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def _cpu(pid: int) -> float:
    """CPU seconds that the family has used, children that ended included."""
    ticks = 0
    for member in _family(pid):
        try:
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(fields[place]) for place in (11, 12, 13, 14))
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Megabytes of the family, shared pages counted once."""
    total = 0
    for member in _family(pid):
        try:
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
