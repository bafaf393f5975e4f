"""Lists as JSON, for programs. The shape is described in docs/exports.md, and a test holds the two together."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from screening.export.data import Exported, Telling, imported_from, set_aside_since, utc
from screening.export.tables import Sheet, criteria_of
from screening.models.decision import Decision
from screening.models.protocol import ProtocolVersion
from screening.queries.amendments.amendments import amendments_of
from screening.queries.assistants import origins

FORMAT = "screening-export/1"


def records(telling: Telling, ids: Sequence[int]) -> Iterator[str]:
    """The review, the versions of its protocol, and the records with what was decided on them."""
    head = {
        **_head(telling),
        "protocol_versions": list(_versions(telling)),
    }
    return _document(head, "records", (_record(telling, one) for one in telling.records(ids)))


def amendments(telling: Telling) -> Iterator[str]:
    """The versions of the protocol with their criteria, from which the hash of each can be computed again."""
    versions = ({"version": one.pop("number"), **one} for one in _versions(telling))
    return _document(_head(telling), "amendments", versions)


def table(telling: Telling, name: str, sheet: Sheet) -> Iterator[str]:
    """A table as a list of objects, its columns as their keys."""
    return _document(_head(telling), name, (dict(zip(sheet.header, row, strict=True)) for row in sheet.rows))


def _head(telling: Telling) -> dict[str, Any]:
    review = {"id": telling.review.pk, "title": telling.review.title, "invented": telling.review.invented}
    return {"format": FORMAT, "exported_at_utc": utc(datetime.now(UTC)), "review": review}


def _document(head: dict[str, Any], name: str, rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One object, its last member a list that is written row by row."""
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + f',\n "{name}": ['
    comma = "\n"
    for row in rows:
        yield comma + json.dumps(row, ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


def _versions(telling: Telling) -> Iterator[dict[str, Any]]:
    return map(_version, amendments_of(telling.review).prefetch_related("criteria"))


def _version(version: ProtocolVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "question": version.question,
        "reason": version.reason,
        "written_by": version.created_by.get_username(),
        "written_at_utc": utc(version.created_at),
        "sha256": version.sha256,
        "criteria": criteria_of(version),
    }


def _record(telling: Telling, one: Exported) -> dict[str, Any]:
    record = one.record
    return {
        "record_id": record.pk,
        "title": record.title,
        "authors": record.authors,
        "year": record.year,
        "journal": record.journal,
        "volume": record.volume,
        "issue": record.issue,
        "pages": record.pages,
        "doi": record.doi,
        "abstract": record.abstract,
        "keywords": record.keywords,
        "accessions": record.accessions,
        "url": record.url,
        "language": record.language,
        "type": record.type,
        "sources": one.sources,
        "tags": one.tags,
        "status": one.statuses,
        "exclusion_reason": one.reason or None,
        "decisions": [_decision(telling, one, said) for said in one.decisions],
        "related_records": one.related,
    }


def _decision(telling: Telling, one: Exported, said: Decision) -> dict[str, Any]:
    return {
        "decision_id": said.pk,
        "stage": said.stage,
        "verdict": said.verdict,
        "reason": said.reason.text if said.reason else None,
        "judgements": [
            {"key": on.criterion.key, "label": on.criterion.label, "judged": on.judged} for on in said.judgements.all()
        ],
        "reviewer": one.authors[said.pk],
        "decided_at_utc": utc(said.created_at),
        "origin": said.origin,
        "decision_import": said.brought_in_id,
        "imported_from": imported_from(said) or None,
        "oversight": said.oversight,
        "suggestion_seen": said.citing_id,
        "suggestion_seen_by": origins.shown(telling.seen(said)),
        "override": telling.override(said) or None,
        "supersedes": said.supersedes_id,
        "stands": said.pk in one.standing,
        "protocol_version": said.protocol.number if said.protocol else None,
        "screened_anew_since": set_aside_since(said),
        "seconds": telling.seconds(said),
        "note": telling.note(said),
    }
