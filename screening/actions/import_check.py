"""The dry run of a file: everything is read, nothing is stored but what was found (IMP-03, IMP-05)."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import actors, events
from screening.enums import ImportStatus
from screening.importing import IMPORTER_VERSION, NotACitationFile, ParsedCitation, Reading, Reject, open_citations
from screening.models.source import ImportedFile
from screening.quality import languages
from screening.quality.checks import problems

SAMPLE = 5
REJECTS_SHOWN = 200
TEXT_SHOWN = 600
MOST_WORDS = 40
EXPECTED = ("title", "abstract", "year", "doi")
BEAT_EVERY = 5_000
NOTHING: dict[str, Any] = {
    "found": 0,
    "parsed": 0,
    "rejected": 0,
    "sample": [],
    "rejects": [],
    "quality": {},
    "notes": [],
}


@dataclass(slots=True)
class Tally:
    """What was seen of a file so far."""

    parsed: int = 0
    rejected: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    foreign: int = 0
    this_year: int = field(default_factory=lambda: timezone.now().year)
    seen: set[str] = field(default_factory=set)
    repeated: int = 0
    sample: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)

    def add(self, entry: ParsedCitation | Reject) -> None:
        if isinstance(entry, Reject):
            self.rejected += 1
            self.fields[entry.field] += 1
            if len(self.rejects) < REJECTS_SHOWN:
                self.rejects.append(entry.as_dict() | {"raw": entry.raw[:TEXT_SHOWN]})
            return
        self.parsed += 1
        self.problems.update(list(problems(entry, this_year=self.this_year)))
        self._count_words(entry)
        self.repeated += entry.raw_sha256 in self.seen
        self.seen.add(entry.raw_sha256)
        if len(self.sample) < SAMPLE:
            self.sample.append(_shown(entry))

    def _count_words(self, entry: ParsedCitation) -> None:
        spoken = languages.names(entry.language.lower())
        self.languages.update(spoken or ("not said",))
        self.foreign += bool(spoken) and "English" not in spoken
        self.types.update({kind for kind in entry.type.lower().split("; ") if kind})

    def quality(self) -> dict[str, Any]:
        """The state of the data, for the lead: counts of citations; of `rejected`, of entries by the field to blame."""
        return {
            "missing": {name: self.problems[f"no_{name}"] for name in EXPECTED},
            "problems": dict(self.problems),
            "languages": dict(self.languages.most_common(MOST_WORDS)),
            "foreign": self.foreign,
            "types": dict(self.types.most_common(MOST_WORDS)),
            "repeated": self.repeated,
            "rejected": dict(self.fields),
        }


def _shown(citation: ParsedCitation) -> dict[str, Any]:
    plain = citation.as_dict()
    kept = ("title", "authors", "year", "journal", "doi", "line")
    return {name: plain[name] for name in kept} | {"abstract": citation.abstract[:TEXT_SHOWN]}


def open_file(file: ImportedFile) -> Reading:
    """The file's content as a reading, with its mapping where a person or an earlier check has set one.

    Raises NotACitationFile, OSError.
    """
    path = Path(file.content.path)
    if not file.mapping:
        return open_citations(path)
    return open_citations(path, mapping={name: file.mapping.get(name, "") for name in Reading.fields})


def check(*, file_id: int) -> None:
    """Read a file that is CHECKING and store what was found; CHECKED or REFUSED. Twice does no harm."""
    file = ImportedFile.objects.filter(pk=file_id, status=ImportStatus.CHECKING).first()
    if file is None:
        return
    mapping = file.mapping
    try:
        reading, tally = _read(file)
    except (NotACitationFile, OSError) as error:
        columns = error.columns if isinstance(error, NotACitationFile) else []
        _store(file_id, mapping, status=ImportStatus.REFUSED, error=_sentence(error), columns=columns, **NOTHING)
        return
    status, error_text = ImportStatus.CHECKED, ""
    if not tally.parsed:
        status = ImportStatus.REFUSED
        error_text = "No citation in this file could be read. The list below says why, entry by entry."
    _store(
        file_id,
        mapping,
        status=status,
        error=error_text,
        format=reading.format,
        encoding=reading.encoding,
        columns=reading.columns,
        mapping=reading.mapping,
        notes=reading.notes,
        found=tally.parsed + tally.rejected,
        parsed=tally.parsed,
        rejected=tally.rejected,
        sample=tally.sample,
        rejects=tally.rejects,
        quality=tally.quality(),
    )


def _read(file: ImportedFile) -> tuple[Reading, Tally]:
    reading, tally = open_file(file), Tally()
    for number, entry in enumerate(reading, 1):
        tally.add(entry)
        if number % BEAT_EVERY == 0:
            ImportedFile.objects.filter(pk=file.pk).update(found=number, heartbeat_at=timezone.now())
    return reading, tally


def _sentence(error: Exception) -> str:
    if isinstance(error, NotACitationFile):
        return str(error)
    return "The stored file can't be opened on the server. Drop it here again, or tell an administrator."


@transaction.atomic
def _store(file_id: int, checked_with: dict[str, str], /, **found: Any) -> None:
    """Keep the outcome, unless the file was discarded or given another mapping meanwhile."""
    rows = ImportedFile.objects.select_for_update(no_key=True)
    row = rows.filter(pk=file_id, status=ImportStatus.CHECKING, mapping=checked_with).first()
    if row is None:
        return
    for name, value in found.items():
        setattr(row, name, value)
    row.importer_version, row.heartbeat_at = IMPORTER_VERSION, timezone.now()
    row.save()
    refused = row.status == ImportStatus.REFUSED
    events.record(
        "import.refused" if refused else "import.checked",
        subject=row,
        by=actors.current(),
        review_id=row.review_id,
        reason=row.error,
        name=row.name,
        found=row.found,
        parsed=row.parsed,
        rejected=row.rejected,
    )
