"""100,000 citations (300 MB of RIS) through the running product, with a reader beside them.

    python -m tests.benchmarks.import_100k [COUNT]

Starts `manage.py up` on a data directory of its own, hands a pile (`pile`) in over HTTP, imports it, tops it up with a
hundredth of new citations and takes the first import back, while somebody opens pages all the time. Prints for each
step records per second of wall time, CPU seconds of the worker and of everything, the worker's peak memory and the
latencies of the pages beside those at rest; for the whole, citations per second and the ratio to a plain COPY of the
same citations into a table without index or trigger; and how many pairs were merged rightly and wrongly. On a machine
with other work compare CPU seconds, not wall time.
"""

import json
import os
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks import decisions, pile

PAGES = ("/reviews/{}/imports/", "/reviews/{}/records/", "/reviews/{}/")
TOKEN = "b" * 32
PATIENCE = 1_800  # seconds


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        port = decisions._free_port()
        environment = os.environ | {"DATA_DIR": folder, "PORT": str(port), "LOG_LEVEL": "WARNING"}
        files = [Path(folder) / "pile.ris", Path(folder) / "more.ris"]
        pile.write(files[0], count)
        pile.write(files[1], count // 100, start=count)
        server = decisions._start(environment, port)
        try:
            facts = json.loads(decisions._python(environment, "tests.benchmarks.import_100k_proof"))
            Bench(f"http://127.0.0.1:{port}", facts, server.pid).run(files, count)
            print(decisions._python(environment, "tests.benchmarks.import_100k_proof", str(facts["review"])))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


class Bench:
    """One review of the running product."""

    def __init__(self, base: str, facts: dict[str, Any], server: int) -> None:
        cookies = {"sessionid": facts["session"], "csrftoken": TOKEN}
        self.client = httpx.Client(base_url=base, cookies=cookies, headers={"X-CSRFToken": TOKEN}, timeout=300)
        self.review, self.server = facts["review"], server
        self.watched: list[float] = []

    def run(self, files: list[Path], count: int) -> None:
        print(f"{count:,} citations, {files[0].stat().st_size / 1e6:.0f} MB of RIS", flush=True)
        with self.reading():
            time.sleep(15)
        self.told("at rest")
        with self.step("upload", count):
            first = self.upload(files[0])
        with self.step("dry run", count):
            self.wait(first, "checked")
        with self.step("import and deduplication", count) as took:
            self.post(f"imports/{first}/commit/")
            self.wait(first, "done")
        print(f"  {count / took():,.0f} citations/s from commit to done; wanted 1,000")
        second = self.upload(files[1])
        self.wait(second, "checked")
        with self.step("top-up of a hundredth", count // 100):
            self.post(f"imports/{second}/commit/")
            self.wait(second, "done")
        with self.step("undo of the first import", count):
            self.post(f"imports/{first}/undo/")
            self.wait(first, "undone")

    def upload(self, path: Path) -> int:
        with path.open("rb") as stream:
            self.post("imports/", {"source": "Invented", "kind": "database"}, {"files": (path.name, stream)})
        return int(self.imports()[0]["id"])

    def post(self, place: str, data: Any = None, files: Any = None) -> None:
        answer = self.client.post(f"/reviews/{self.review}/{place}", data=data, files=files)
        if answer.status_code >= 400:
            raise SystemExit(f"{place}: {answer.status_code} {answer.text[:500]}")

    def imports(self) -> list[dict[str, Any]]:
        answer = self.client.get(f"/api/reviews/{self.review}/imports/").json()
        found: list[dict[str, Any]] = answer["results"] if isinstance(answer, dict) else answer
        return found

    def wait(self, file: int, status: str) -> None:
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            row = next(row for row in self.imports() if row["id"] == file)
            if row["status"] == status:
                return
            if row["status"] in ("failed", "refused"):
                raise SystemExit(row["error"])
            time.sleep(0.5)
        raise SystemExit(f"After {PATIENCE} seconds the import is not {status}.")

    @contextmanager
    def step(self, name: str, count: int) -> Iterator[Callable[[], float]]:
        """Measure a block: time, CPU, the worker's memory, and the pages that are opened meanwhile."""
        worker = self.worker()
        _forget_peaks(worker)
        cpu, own, began = decisions._cpu(self.server), _cpu_of(worker), time.perf_counter()
        took = [0.0]
        with self.reading():
            yield lambda: took[0]
            took[0] = time.perf_counter() - began
        print(
            f"{name:26} {took[0]:6.1f} s {count / took[0]:8,.0f}/s   CPU {decisions._cpu(self.server) - cpu:6.1f} s, "
            f"worker {_cpu_of(worker) - own:5.1f} s   worker's peak {_peak(worker):4.0f} MB",
            flush=True,
        )
        self.told("  pages meanwhile")

    def worker(self) -> int:
        """The process that imports: the only child of the worker for computing."""
        lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in decisions._family(self.server)}
        parents = [pid for pid, line in lines.items() if b"cpu@" in line]
        return max(parents)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Somebody opens one page after another."""
        over = threading.Event()
        self.watched = []

        def read() -> None:
            with httpx.Client(base_url=self.client.base_url, cookies=self.client.cookies, timeout=120) as client:
                while not over.wait(0.3):
                    page = PAGES[len(self.watched) % len(PAGES)].format(self.review)
                    began = time.perf_counter()
                    client.get(page).raise_for_status()
                    self.watched.append(1000 * (time.perf_counter() - began))

        reader = threading.Thread(target=read)
        reader.start()
        try:
            yield
        finally:
            over.set()
            reader.join()

    def told(self, name: str) -> None:
        if len(self.watched) > 1:
            p50, p95 = statistics.median(self.watched), statistics.quantiles(self.watched, n=20)[-1]
            print(f"{name:26} p50 {p50:4.0f} ms  p95 {p95:4.0f} ms  most {max(self.watched):5.0f} ms", flush=True)


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _forget_peaks(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # proc(5): resets VmHWM


if __name__ == "__main__":
    main()
