"""Is every export read, whole, and how fast? `python tests/benchmarks/readers.py [--runs N] [FILE…]` prints two tables.

First, a line per format of the files in `../shared/data/citations/exports` (or of the files named): how many, the
records that the maintainers counted (`SOURCES.md`, with the corrections of tests/screening/importing/test_exports.py),
the entries found, the citations made of them, exceptions, and records a second, the best of `--runs`.

Then the libraries that read the same formats, on the same files in the same run: rispy (RIS), nbib (MEDLINE) and
bibtexparser (BibTeX), each as its documentation says and given text that was decoded for it; those not installed are
left out. "exact" are the files of which a reader found as many records as there are.
"""

import argparse
import contextlib
import importlib
import importlib.util
import io
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from screening.importing import NotACitationFile, parse  # noqa: E402  (a script, run from anywhere)
from screening.importing.encodings import byte_lines, text_lines, to_narrow, wide_encoding  # noqa: E402
from screening.importing.notes import Notes  # noqa: E402

DATA = ROOT.parent / "shared/data/citations"
CORRECTIONS = ROOT / "tests/screening/importing/test_exports.py"


@dataclass(frozen=True)
class Export:
    """A file, its format as the maintainers call it, and how many records it has (None: nobody says)."""

    content: bytes
    kind: str
    records: int | None
    name: str


@dataclass
class Tally:
    """What a reader made of the files of one format."""

    files: int = 0
    told: int = 0
    found: int = 0
    parsed: int = 0
    exact: int = 0
    exceptions: int = 0
    seconds: float = 0.0
    odd: list[str] = field(default_factory=list)


Reader = Callable[[Export], tuple[int, int]]
"""(entries found, citations made of them). May raise anything."""


def exports() -> list[Export]:
    """The files of the shared folder; [] where it is absent."""
    table = DATA / "SOURCES.md"
    if not table.exists():
        return []
    counts = corrections()
    cells = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in table.read_text().splitlines()]
    return [_export(row, counts) for row in cells if row[0].startswith("exports/") and (DATA / row[0]).exists()]


def _export(row: list[str], counts: dict[str, int]) -> Export:
    told = counts.get(row[0], int(row[3]) if row[3].isdecimal() else None)
    return Export((DATA / row[0]).read_bytes(), row[2] or "(not said)", told, row[0])


def corrections() -> dict[str, int]:
    """Where the table counts otherwise than the files have records; the reasons stand in the test."""
    spec = importlib.util.spec_from_file_location("counted", CORRECTIONS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {**module.UNCOUNTED, **module.KNOWN}


def ours(export: Export) -> tuple[int, int]:
    """This project's reader. Raises NotACitationFile."""
    parsed = parse(export.content)
    return parsed.found, len(parsed.citations)


def by_rispy(export: Export) -> tuple[int, int]:
    records = importlib.import_module("rispy").loads(decoded(export.content))
    return len(records), len(records)


def by_nbib(export: Export) -> tuple[int, int]:
    records = importlib.import_module("nbib").read(decoded(export.content))
    return len(records), len(records)


def by_bibtexparser(export: Export) -> tuple[int, int]:
    library = importlib.import_module("bibtexparser").parse_string(decoded(export.content))
    return len(library.entries) + len(library.failed_blocks), len(library.entries)


OTHERS: dict[str, tuple[str, Reader]] = {
    "RIS": ("rispy", by_rispy),
    "MEDLINE/nbib": ("nbib", by_nbib),
    "BibTeX": ("bibtexparser", by_bibtexparser),
}


def decoded(content: bytes) -> str:
    """The text of a file, decoded as ours is, so that no library is judged by its encoding."""
    return "".join(text_lines(byte_lines(to_narrow([content], wide_encoding(content[:65_536]))), Notes()))


def tally(files: Iterable[Export], reader: Reader, runs: int) -> Tally:
    """Read each file, `runs` times, and add up; the fastest run of each counts."""
    sums = Tally()
    for export in files:
        sums.files += 1
        sums.told += export.records or 0
        try:
            (found, parsed), seconds = timed(reader, export, runs)
        except NotACitationFile as refusal:
            _refused(sums, export, str(refusal))
            continue
        except Exception as error:  # noqa: BLE001 (whatever a library raises is what is counted)
            sums.exceptions += 1
            sums.odd.append(f"{export.name}: {type(error).__name__} {str(error)[:80]}")
            continue
        sums.found, sums.parsed, sums.seconds = sums.found + found, sums.parsed + parsed, sums.seconds + seconds
        sums.exact += found == export.records
        if export.records is not None and found != export.records:
            sums.odd.append(f"{export.name}: {found} of {export.records}")
    return sums


def _refused(sums: Tally, export: Export, sentence: str) -> None:
    """A refusal is right where nobody counts records in the file, and an exception where somebody does."""
    sums.exact += not export.records
    sums.exceptions += bool(export.records)
    if export.records:
        sums.odd.append(f"{export.name}: refused. {sentence[:80]}")


def timed(reader: Reader, export: Export, runs: int) -> tuple[tuple[int, int], float]:
    """What the reader says, and the seconds of its fastest run."""
    best, said = float("inf"), (0, 0)
    for _ in range(runs):
        began = time.perf_counter()
        with contextlib.redirect_stderr(io.StringIO()):
            said = reader(export)
        best = min(best, time.perf_counter() - began)
    return said, best


def line(name: str, sums: Tally) -> str:
    speed = f"{sums.found / sums.seconds:,.0f}" if sums.seconds else "-"
    numbers = f"{sums.files:6d} {sums.exact:6d} {sums.told:8,d} {sums.found:8,d} {sums.parsed:8,d}"
    return f"{name:28s} {numbers} {sums.exceptions:11d} {speed:>11s}"


HEAD = (
    f"{'files':>6s} {'exact':>6s} {'records':>8s} {'found':>8s} {'parsed':>8s} {'exceptions':>11s} {'per second':>11s}"
)


def report(files: Sequence[Export], runs: int) -> bool:
    """Print the tables; is every file read exactly, by us?"""
    kinds: dict[str, list[Export]] = defaultdict(list)
    for export in files:
        kinds[export.kind].append(export)
    read = {kind: tally(some, ours, runs) for kind, some in sorted(kinds.items())}
    print(f"{'this project, by format':28s} {HEAD}")
    for kind, sums in read.items():
        print(line(kind, sums))
    everything = [export for kind in read for export in kinds[kind]]
    total = tally(everything, ours, 1)
    print(line("all", total), *(f"  {odd}" for odd in total.odd), sep="\n")
    print(f"\n{'the same files by others':28s} {HEAD}")
    for kind, (name, reader) in OTHERS.items():
        if kind in kinds and importlib.util.find_spec(name):
            importlib.import_module(name)  # before the clock runs
            theirs = tally(kinds[kind], reader, runs)
            print(line(f"{kind}: ours", read[kind]), line(f"{kind}: {name}", theirs), sep="\n")
            print(*(f"  {odd}" for odd in theirs.odd), sep="\n")
    return total.exact == total.files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="instead of the shared exports")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    logging.disable()  # bibtexparser warns of every block
    named = [Export(path.read_bytes(), path.suffix or "(none)", None, str(path)) for path in asked.files]
    files = named or exports()
    if not files:
        print("There are no exports in ../shared/data/citations beside the project; name files of your own.")
        return 0
    return 0 if report(files, asked.runs) or named else 1


if __name__ == "__main__":
    raise SystemExit(main())
