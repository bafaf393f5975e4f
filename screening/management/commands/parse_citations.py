"""`manage.py parse_citations FILE… [--json] [--map FIELD=COLUMN]`: what the importer makes of files; no database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from screening.importing import NotACitationFile, ParsedCitation, Reading, Reject, open_citations

_SHOWN = 10
_KEYS = [
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "abstract",
    "keywords",
    "accession_ids",
    "url",
    "language",
    "type",
    "line",
    "raw_sha256",
]


class Command(BaseCommand):
    """One JSON document, or a summary to read; exit code 1 if a file cannot be read."""

    help = "Parse citation files of any format that the import reads and say what was found, without storing anything."
    requires_system_checks: list[str] = []  # they look at the database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="one JSON document with every record")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help="for tables: the column that holds a field",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        mapping = dict(pair.partition("=")[::2] for pair in options["map"])
        show = self._json if options["json"] else self._summaries
        if show(options["files"], mapping):
            sys.exit(1)

    def _json(self, files: list[Path], mapping: dict[str, str]) -> bool:
        """Written file by file, so that memory holds one file's records at most."""
        failed = False
        separator = "["
        for path in files:
            document = report(path, mapping)
            failed = failed or "error" in document
            self.stdout.write(separator + json.dumps(document, ensure_ascii=False), ending="")
            separator = ",\n"
        self.stdout.write("]")
        return failed

    def _summaries(self, files: list[Path], mapping: dict[str, str]) -> bool:
        failed = False
        for path in files:
            document = report(path, mapping)
            failed = failed or "error" in document
            self.stdout.write("\n".join(summary(document)))
        return failed


def report(path: Path, mapping: dict[str, str]) -> dict[str, Any]:
    """A file as JSON-able dict, always with the same keys, and `error` if it cannot be read."""
    document: dict[str, Any] = {"file": str(path), "format": "", "encoding": "", "sha256": ""}
    document |= {"found": 0, "parsed": 0, "rejects": [], "records": [], "notes": [], "columns": [], "mapping": {}}
    try:
        reading = open_citations(path, mapping=mapping)
        _fill(document, reading)
    except NotACitationFile as refusal:
        document["error"] = str(refusal)
    except OSError as error:
        document["error"] = f"The file cannot be opened: {error.strerror or error}."
    return document


def _fill(document: dict[str, Any], reading: Reading) -> None:
    rejects, records = document["rejects"], document["records"]
    for entry in reading:
        if isinstance(entry, Reject):
            rejects.append({"line": entry.line, "field": entry.field, "reason": entry.reason})
        else:
            records.append(record(entry))
    document |= {"format": reading.format, "encoding": reading.encoding, "sha256": reading.sha256}
    document |= {"found": len(records) + len(rejects), "parsed": len(records)}
    document |= {"notes": reading.notes, "columns": reading.columns, "mapping": reading.mapping}


def record(citation: ParsedCitation) -> dict[str, Any]:
    """A citation for scripts: `accession_ids` is scheme -> id (a list where a scheme has several)."""
    plain = citation.as_dict()
    plain["accession_ids"] = accession_ids(citation)
    return {key: plain[key] for key in _KEYS}


def accession_ids(citation: ParsedCitation) -> dict[str, str | list[str]]:
    """Scheme -> id, or -> list of ids where there are several of one scheme."""
    grouped: dict[str, list[str]] = {}
    for scheme, identifier in citation.accessions:
        grouped.setdefault(scheme, []).append(identifier)
    return {scheme: ids[0] if len(ids) == 1 else ids for scheme, ids in grouped.items()}


def summary(document: dict[str, Any]) -> Iterator[str]:
    """The lines a person reads."""
    yield f"{document['file']}"
    if "error" in document:
        yield f"  {document['error']}"
        return
    yield f"  {document['format']}, {document['encoding']}: {document['found']:,} found, {document['parsed']:,} parsed"
    yield from (f"  {note}" for note in document["notes"])
    rejects = document["rejects"]
    yield from (f"  line {reject['line']:,}: {reject['reason']}" for reject in rejects[:_SHOWN])
    if len(rejects) > _SHOWN:
        yield f"  … and {len(rejects) - _SHOWN:,} more rejects"
    for key, column in document["mapping"].items():
        yield f"  {key} is read from column “{column}”"
