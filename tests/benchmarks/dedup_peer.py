"""bib-dedupe on a set of records, for the table of `tests/benchmarks/dedup.py`.

It is no dependency of the product: `pip install bib-dedupe` into an environment of its own, and name its Python in
`BIB_DEDUPE` (`BIB_DEDUPE=/somewhere/bin/python python tests/benchmarks/dedup.py`). One process, as ours.
"""

import csv
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from screening.dedup import Item

FIELDS = ("ID", "ENTRYTYPE", "title", "author", "year", "journal", "volume", "number", "pages", "doi", "abstract")
PROGRAM = """
import json, resource, sys, time
import pandas
from bib_dedupe.bib_dedupe import prep, block, match, cluster
records = pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
start = time.perf_counter()
groups = cluster(match(block(prep(records, verbosity_level=0, cpu=1), cpu=1), cpu=1))
took = time.perf_counter() - start
print(json.dumps([groups, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


class Peer(NamedTuple):
    """What it merged, in how many seconds, with how many megabytes at the most."""

    clusters: list[list[str]]
    seconds: float
    peak: float


def installed() -> bool:
    """Whether its Python was named."""
    return bool(os.environ.get("BIB_DEDUPE"))


def run(items: Sequence[Item]) -> Peer:
    """Let it deduplicate. Raises CalledProcessError where it breaks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.csv"
        with path.open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(FIELDS)
            table.writerows(_row(item) for item in items)
        done = subprocess.run(
            [os.environ["BIB_DEDUPE"], "-c", PROGRAM, str(path)],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
    clusters, seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return Peer(clusters, seconds, peak)


def _row(item: Item) -> list[str]:
    names = " and ".join(item.authors)
    year = str(item.year or "")
    return [
        item.id, "article", item.title, names, year, item.journal, item.volume, item.issue, item.pages, item.doi,
        item.abstract,
    ]  # fmt: skip
