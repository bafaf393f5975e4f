"""`manage.py deduplicate FILE… --out clusters.csv --possible pairs.csv`: duplicates among files. Needs no database."""

import csv
import resource
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.dedup import ENGINE_VERSION, Item, Pair, clusters, find_pairs
from screening.importing import NotACitationFile, ParsedCitation, Reject, open_citations

_MB = 1024 if sys.platform != "darwin" else 1024 * 1024  # what ru_maxrss counts in


class Command(BaseCommand):
    """Writes two CSV files and prints what was found and how fast."""

    help = (
        "Find duplicates in citation files of any format that the import reads, without storing anything. "
        "A CSV with a column ID (and title, author, year, journal or booktitle, volume, number or issue, pages, doi, "
        "abstract; authors joined by ' and ') keeps its ids. In other files a record's id is its 1-based position, "
        "rejected entries counted; with several files, 'file name without ending:position'."
    )
    requires_system_checks: list[str] = []  # they look at the database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--out", type=Path, required=True, help="CSV for the clusters of certain duplicates")
        parser.add_argument("--possible", type=Path, required=True, help="CSV for the pairs a person has to look at")

    def handle(self, *_args: Any, **options: Any) -> None:
        start = time.perf_counter()
        items = self._items(options["files"])
        read = time.perf_counter()
        pairs = find_pairs(items)
        done = time.perf_counter()
        groups = clusters(pairs)
        possible = [pair for pair in pairs if pair.tier == "possible"]
        try:
            write_clusters(options["out"], groups)
            write_pairs(options["possible"], possible)
        except OSError as error:
            raise CommandError(f"The result cannot be written to {error.filename}: {error.strerror}.") from error
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB
        removable = sum(len(group) - 1 for group in groups)
        seconds = done - read
        self.stdout.write(f"{len(items):,} records, read in {read - start:.2f} seconds ({ENGINE_VERSION})")
        self.stdout.write(f"{len(groups):,} clusters with {removable:,} duplicates; {len(possible):,} possible pairs")
        self.stdout.write(f"{seconds:.2f} seconds, {len(items) / max(seconds, 1e-9):,.0f} records per second")
        self.stdout.write(f"{peak:.0f} MB peak memory")

    def _items(self, files: list[Path]) -> list[Item]:
        prefixes = prefixes_of(files)
        items: list[Item] = []
        for path in files:
            rejected = 0
            try:
                for entry in read_items(path, prefixes[path]):
                    if isinstance(entry, Item):
                        items.append(entry)
                    else:
                        rejected += 1
            except NotACitationFile as refusal:
                raise CommandError(f"{path}: {refusal}") from refusal
            except OSError as error:
                raise CommandError(f"{path} cannot be opened: {error.strerror}.") from error
            if rejected:
                self.stderr.write(f"{path}: {rejected:,} entries could not be read and were left out.")
        _check_ids(items)
        return items


def prefixes_of(files: list[Path]) -> dict[Path, str]:
    """What stands before the position in an id: nothing for one file, its stem for several, its path if stems clash."""
    if len(files) == 1:
        return {files[0]: ""}
    stems = Counter(path.stem for path in files)
    return {path: f"{path.stem if stems[path.stem] == 1 else path}:" for path in files}


def _check_ids(items: list[Item]) -> None:
    twice = [identifier for identifier, n in Counter(item.id for item in items).items() if n > 1]
    if twice:
        raise CommandError(
            f"{len(twice):,} ids stand more than once, the first is “{twice[0]}”. Give each record its own."
        )
    if any(";" in item.id for item in items):
        raise CommandError("An id with a semicolon cannot be written to the clusters, which join ids by semicolons.")


def read_items(path: Path, prefix: str) -> Iterator[Item | Reject]:
    """The records of one file, in order.

    Raises NotACitationFile or OSError.
    """
    if has_ids(path):
        yield from table_with_ids(path)
        return
    for position, entry in enumerate(open_citations(path), 1):
        yield entry if isinstance(entry, Reject) else item_of(entry, f"{prefix}{position}")


def has_ids(path: Path) -> bool:
    """Is it a CSV whose header names a column ID?"""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        head = stream.readline(10_000)
    return "ID" in next(csv.reader([head]), [])


def table_with_ids(path: Path) -> Iterator[Item]:
    """Rows of a CSV with ids, in the columns of bib-dedupe's `records_pre_merged.csv`."""
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        yield from (_row_item(row) for row in csv.DictReader(stream))


def _row_item(row: Mapping[str, str | None]) -> Item:
    def first(*columns: str) -> str:
        return next((value for column in columns if (value := (row.get(column) or "").strip())), "")

    year = first("year")[:4]
    return Item(
        id=first("ID"),
        title=first("title"),
        authors=tuple(name.strip() for name in first("author", "authors").split(" and ") if name.strip()),
        year=int(year) if year.isdecimal() else None,
        journal=first("journal", "booktitle"),
        volume=first("volume"),
        issue=first("number", "issue"),
        pages=first("pages"),
        doi=first("doi"),
        abstract=first("abstract"),
    )


def item_of(citation: ParsedCitation, identifier: str) -> Item:
    """What the engine needs of a citation."""
    return Item(
        id=identifier,
        title=citation.title,
        authors=citation.authors,
        year=citation.year,
        journal=citation.journal,
        volume=citation.volume,
        issue=citation.issue,
        pages=citation.pages,
        doi=citation.doi,
        abstract=citation.abstract,
        accessions=citation.accessions,
    )


def write_clusters(path: Path, groups: Iterable[tuple[str, ...]]) -> None:
    """One column `merged_ids`: the ids of a cluster joined by semicolons."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["merged_ids"])
        out.writerows([";".join(group)] for group in groups)


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """Columns id1, id2, score (0..1) and reason; the likeliest first."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["id1", "id2", "score", "reason"])
        out.writerows([pair.a, pair.b, pair.score, pair.reason] for pair in pairs)
