"""Decision stored and next record in hand: the running product under load, beside the open products' figures.

    python -m tests.benchmarks.decisions [--seconds 15] [--sizes 1000,10000,50000]
    python -m tests.benchmarks.decisions --thinking [--seconds 60] [--sizes 50000]
    python -m tests.benchmarks.decisions --chaos 20000

Starts `manage.py up` on a data directory of its own, fills a review, and lets 1, 8 and 32 reviewers (two to a record)
decide without thinking time. Prints pairs per second, latencies, server CPU per pair (web and PostgreSQL, workers
included) and memory, beside the figures of the open products (`decisions_peers`). With `--thinking`, 32 reviewers each
decide every ten seconds. With `--chaos`, so many decisions are made over connections that break (`decisions_chaos`),
and the database is compared with what the reviewers were told.
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
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.benchmarks import asreview_lab, decisions_chaos, decisions_peers

ROOT = Path(__file__).resolve().parents[2]
USERS = (1, 8, 32)
PACE = 10  # seconds for an abstract
WARM_UP = 10  # seconds


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=int, default=0)
    arguments.add_argument("--sizes", default="")
    arguments.add_argument("--thinking", action="store_true")
    arguments.add_argument("--chaos", type=int, default=0)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        port = _free_port()
        environment = os.environ | {"DATA_DIR": folder, "PORT": str(port), "LOG_LEVEL": "WARNING"}
        server = _start(environment, port)
        try:
            if options.chaos:
                _break_connections(options.chaos, environment, port, folder)
            elif options.thinking:
                _think(int(options.sizes or 50_000), options.seconds or 60, environment, port, server.pid)
            else:
                sizes = [int(size) for size in (options.sizes or "1000,10000,50000").split(",")]
                _hurry(sizes, options.seconds or 15, environment, port, server.pid)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


def _hurry(sizes: list[int], seconds: int, environment: dict[str, str], port: int, server: int) -> None:
    medians = {size: _measure(size, environment, port, seconds, server) for size in sizes}
    _growth(medians)
    print(f"\n{decisions_peers.table()}")
    if not asreview_lab.installed():
        print("ASReview LAB is not installed here (no command `asreview`), so it was not run in the same minutes.")
        return
    lab = asreview_lab.measure(seconds)
    print(
        f"ASReview LAB in the same minutes, {asreview_lab.RECORDS:,} records, 1 user: {lab.per_second:.1f}/s  "
        f"p50 {lab.p50:.0f}  p95 {lab.p95:.0f}  p99 {lab.p99:.0f} ms"
    )


def _think(size: int, seconds: int, environment: dict[str, str], port: int, server: int) -> None:
    """The load of a team that reads: its latency is that of a server which mostly waits."""
    facts = _fill(size, environment)
    _load(max(USERS), WARM_UP, facts, environment, port)  # a server that has run for a while: each thread has its plans
    print(f"\n{size:,} records, {max(USERS)} users who each decide every {PACE} s", flush=True)
    _line(max(USERS), seconds, facts, environment | {"BENCH_PACE": str(PACE)}, port, server)


def _break_connections(number: int, environment: dict[str, str], port: int, folder: str) -> None:
    facts = _fill(number // 2, environment)
    began = time.monotonic()
    accounts = decisions_chaos.run(port, facts)
    took = time.monotonic() - began
    path = Path(folder) / "accounts.json"
    told = [{"sent": one.sent, "given": sorted(one.given), "wrong": one.wrong} for one in accounts]
    path.write_text(json.dumps(told))
    proof = json.loads(_python(environment, "tests.benchmarks.decisions_proof", str(facts["review"]), str(path)))
    faults = sum((one.faults for one in accounts), Counter())
    print(f"\n{proof['decisions']:,} decisions by {len(accounts)} reviewers in {took:.0f} s; faults: {dict(faults)}")
    print("Nothing lost, doubled or misassigned." if not proof["number"] else f"WRONG ({proof['number']}):")
    print("\n".join(proof["wrong"]))
    if proof["number"] or proof["decisions"] != number // 2 * 2:
        raise SystemExit(1)


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
    facts = _fill(size, environment)
    print(f"\n{size:,} records", flush=True)
    medians = [_line(users, seconds, facts, environment, port, server) for users in USERS]
    return medians[0]


def _line(
    users: int, seconds: int, facts: dict[str, Any], environment: dict[str, str], port: int, server: int
) -> float:
    """Measure, print, and give the median latency in ms."""
    cpu, row = _cpu(server), _load(users, seconds, facts, environment, port)
    used = (_cpu(server) - cpu) * 1000 / max(1, int(row["Request Count"]))
    p50, p95, p99 = (float(row[name]) for name in ("50%", "95%", "99%"))
    print(
        f"  {users:2} users  {float(row['Requests/s']):6.1f}/s  p50 {p50:.0f}  p95 {p95:.0f}  p99 {p99:.0f} ms  "
        f"CPU {used:.1f} ms/pair  failures {row['Failure Count']}  memory {_memory(server):.0f} MB (PSS)"
        + (f"  p95: {decisions_peers.beside(users, p95)}" if "BENCH_PACE" not in environment else ""),
        flush=True,
    )
    return p50


def _fill(size: int, environment: dict[str, str]) -> dict[str, Any]:
    printed = _python(environment, "tests.benchmarks.decisions_fill", str(size), str(max(USERS)))
    facts: dict[str, Any] = json.loads(printed)
    return facts


def _python(environment: dict[str, str], *words: str) -> str:
    """The last line that a module prints."""
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.splitlines()[-1]


def _load(users: int, seconds: int, facts: dict[str, Any], environment: dict[str, str], port: int) -> dict[str, str]:
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
