"""Notes and tags of records, and only those that somebody may see (SCR-03; the rule stands in `visibility`)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from reviewapp import prepared
from screening.enums import CandidateStatus, Role
from screening.models.note import Note, Tag, Tagging
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.identification.relations import badge_of, words_of
from screening.visibility import UNSETTLED, sees_private_notes_were_written

ROOT = Coalesce("record__merged_into_id", "record_id")


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note as one person sees it; `text` is None where it may only be told that a private note was written."""

    id: int
    record_id: int
    author: str
    mine: bool
    text: str | None
    private: bool
    changed: bool
    at: datetime

    @property
    def new_key(self) -> UUID:
        """An idempotency key for the form that changes it."""
        return uuid4()


@dataclass(slots=True)
class Marks:
    """What stands under a record in the workbench: its tags, how many notes, and its kin.

    Other reports of the same study are {id, title, year, why}; notices about it, or what it is a notice about, have a
    `badge` besides; duplicates that were merged into it are {id, title, year, sources}.
    """

    tags: list[dict[str, Any]] = field(default_factory=list)
    notes: int = 0
    reports: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)


def blinded(record: Record, *, user_id: int, roles: Collection[str]) -> bool:
    """Whether what others remarked on this record is kept from this person until they have voted."""
    if Role.REVIEWER not in roles:
        return False
    places = StageState.objects.filter(record=record.merged_into_id or record.pk, status__in=UNSETTLED)
    return places.exclude(voters__contains=[user_id]).exists()


def _seen(rows: "QuerySet[Any]", person: str, user_id: int, roles: Collection[str]) -> "QuerySet[Any]":
    """One's own (`person` names the column), and others' on records that don't wait for one's own vote."""
    rows = rows.annotate(root=ROOT)
    if Role.REVIEWER not in roles:
        return rows
    waiting = StageState.objects.filter(record_id=OuterRef("root"), status__in=UNSETTLED)
    return rows.filter(Q(**{person: user_id}) | ~Exists(waiting.exclude(voters__contains=[user_id])))


def visible_taggings(*, review_id: int, user_id: int, roles: Collection[str]) -> "QuerySet[Any]":
    """The Taggings of a review that this person may see, with `root`, the record that each counts for."""
    return _seen(Tagging.objects.filter(review=review_id), "added_by", user_id, roles)


def visible_notes(*, review_id: int, user_id: int, roles: Collection[str]) -> "QuerySet[Any]":
    """The Notes that stand and whose text this person may read, with `root`."""
    standing = Note.objects.filter(review=review_id, replaced_by__isnull=True).exclude(text="")
    return _seen(standing.filter(Q(private=False) | Q(author=user_id)), "author", user_id, roles)


def notes_of(record: Record, *, user_id: int, roles: Collection[str]) -> list[NoteShown]:
    """The notes on a record and on all that was merged into it, oldest first."""
    root = record.merged_into_id or record.pk
    review_id = record.review_id
    shown = list(_on(visible_notes(review_id=review_id, user_id=user_id, roles=roles), root))
    private: list[Note] = []
    if sees_private_notes_were_written(roles):
        hidden = Note.objects.filter(review=review_id, private=True, replaced_by__isnull=True).exclude(text="")
        private = list(_on(hidden.exclude(author=user_id), root))
    return [
        *(_shown(note, user_id, note.text) for note in shown),
        *(_shown(note, user_id, None) for note in private),
    ]


def _on(notes: "QuerySet[Any]", root: int) -> "QuerySet[Any]":
    family = Q(record=root) | Q(record__merged_into=root)
    return notes.filter(family).select_related("author").order_by("id")


def _shown(note: Note, user_id: int, text: str | None) -> NoteShown:
    author = note.author.get_full_name() or note.author.get_username()
    return NoteShown(
        id=note.pk,
        record_id=note.record_id,
        author=author,
        mine=note.author_id == user_id,
        text=text,
        private=note.private,
        changed=note.replaces_id is not None,
        at=note.created_at,
    )


def tags_of(
    record_ids: Collection[int], *, review_id: int, user_id: int, roles: Collection[str]
) -> dict[int, list[dict[str, Any]]]:
    """Record id -> [{id, name, mine}] by name, as this person may see them. One query, whatever the number."""
    seen = visible_taggings(review_id=review_id, user_id=user_id, roles=roles)
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    near = Q(record__in=record_ids) | Q(record__merged_into__in=record_ids)
    rows = seen.filter(near).order_by(Lower("tag__name")).values_list("root", "tag_id", "tag__name", "added_by_id")
    for root, tag_id, name, added_by in rows:
        tag = found[root].setdefault(tag_id, {"id": tag_id, "name": name, "mine": False})
        tag["mine"] |= added_by == user_id
    return {root: list(tags.values()) for root, tags in found.items()}


# The workbench's hot path, so written out: building the same by the ORM costs ten times as much as running it.
# What people judged while looking for duplicates is no vote, and is always told. That two records report one study, or
# may do so, is known of included reports only: it tells a status, so neither of the two may wait for one's own vote.
MARKS = """
WITH family AS (
    SELECT id, COALESCE(merged_into_id, id) AS root FROM screening_record
     WHERE id = ANY(%(records)s::bigint[]) OR merged_into_id = ANY(%(records)s::bigint[])
), waiting AS (
    SELECT record_id FROM screening_stagestate
     WHERE %(screens)s::boolean AND record_id = ANY(%(records)s::bigint[]) AND status = ANY(%(unsettled)s::text[])
       AND NOT %(user)s::int = ANY(voters)
), pair AS (
    SELECT f.root, c.second_id AS other, 'pair/' || c.status || '/' || c.sort || '/' || c.of_first AS why, true AS open
      FROM family f JOIN screening_duplicatecandidate c ON c.first_id = f.id
     WHERE c.status IN ('same_study', 'correction')
    UNION ALL
    SELECT f.root, c.first_id, 'pair/' || c.status || '/' || c.sort || '/' || NOT c.of_first, true
      FROM family f JOIN screening_duplicatecandidate c ON c.second_id = f.id
     WHERE c.status IN ('same_study', 'correction')
    UNION ALL
    SELECT f.root, theirs.record_id, 'linked as one study', false
      FROM family f JOIN screening_studyreport mine ON mine.record_id = f.id
      JOIN screening_studyreport theirs ON theirs.study_id = mine.study_id AND theirs.record_id <> mine.record_id
    UNION ALL
    SELECT f.root, h.second_id, h.reason, false
      FROM family f JOIN screening_studyhint h ON h.first_id = f.id WHERE h.status = 'open'
    UNION ALL
    SELECT f.root, h.first_id, h.reason, false
      FROM family f JOIN screening_studyhint h ON h.second_id = f.id WHERE h.status = 'open'
), report AS (
    SELECT DISTINCT ON (p.root, o.id) p.root, o.id, o.title, o.year, p.why
      FROM pair p JOIN screening_record one ON one.id = p.other
      JOIN screening_record o ON o.id = COALESCE(one.merged_into_id, one.id)
     WHERE o.active AND o.id <> p.root AND (p.open OR p.root NOT IN (SELECT record_id FROM waiting) AND NOT EXISTS (
        SELECT 1 FROM screening_stagestate s
         WHERE %(screens)s::boolean AND s.record_id = o.id AND s.status = ANY(%(unsettled)s::text[])
           AND NOT %(user)s::int = ANY(s.voters)))
     ORDER BY p.root, o.id, p.why LIKE 'pair/correction/%%' DESC, p.open, p.why
)
SELECT 'tag', f.root, t.id, t.name, NULL::smallint, '', x.added_by_id = %(user)s::int
  FROM family f JOIN screening_tagging x ON x.record_id = f.id JOIN screening_tag t ON t.id = x.tag_id
 WHERE x.added_by_id = %(user)s::int OR f.root NOT IN (SELECT record_id FROM waiting)
UNION ALL
SELECT 'note', f.root, NULL, '', NULL, '', n.author_id = %(user)s::int
  FROM family f JOIN screening_note n ON n.record_id = f.id
 WHERE n.text <> '' AND NOT EXISTS (SELECT 1 FROM screening_note later WHERE later.replaces_id = n.id)
   AND (n.author_id = %(user)s::int OR (NOT n.private AND f.root NOT IN (SELECT record_id FROM waiting)))
UNION ALL
SELECT 'report', root, id, title, year, why, false FROM report
UNION ALL
SELECT 'duplicate', f.root, f.id, r.title, r.year, COALESCE(string_agg(DISTINCT s.name, chr(10)), ''), false
  FROM family f JOIN screening_record r ON r.id = f.id
  LEFT JOIN screening_citation c ON c.record_id = f.id LEFT JOIN screening_source s ON s.id = c.source_id
 WHERE f.id <> f.root GROUP BY f.root, f.id, r.title, r.year
"""


def marks_of(record_ids: Collection[int], *, user_id: int, roles: Collection[str]) -> dict[int, Marks]:
    """Record id -> its tags and its number of notes, as this person may see them. The ids are of kept records."""
    asked: dict[str, Any] = {
        "records": list(record_ids),
        "user": user_id,
        "screens": Role.REVIEWER in roles,
        "unsettled": [str(status) for status in UNSETTLED],
    }
    with prepared.cursor() as cursor:
        cursor.execute(MARKS, asked)
        return _gathered(cursor.fetchall())


def _gathered(rows: list[tuple[Any, ...]]) -> dict[int, Marks]:
    """The rows of MARKS: what, for which record, id, name or title, year, text, whether it is one's own."""
    found: dict[int, Marks] = defaultdict(Marks)
    tags: dict[tuple[int, int], dict[str, Any]] = {}
    for what, root, pk, name, year, text, mine in rows:
        if what == "note":
            found[root].notes += 1
        elif what == "report":
            why, badge = _relation(text)
            row = {"id": pk, "title": name, "year": year, "why": why}
            if badge:
                found[root].notices.append(row | {"badge": badge})
            else:
                found[root].reports.append(row)
        elif what == "duplicate":
            found[root].duplicates.append({"id": pk, "title": name, "year": year, "sources": text.splitlines()})
        elif (root, pk) in tags:
            tags[root, pk]["mine"] |= mine
        else:
            tags[root, pk] = {"id": pk, "name": name, "mine": mine}
            found[root].tags.append(tags[root, pk])
    for marks in found.values():
        marks.tags.sort(key=lambda tag: str(tag["name"]).casefold())
    return found


def _relation(text: str) -> tuple[str, str]:
    """Why two records belong together, and the badge of a notice: MARKS gives what people judged as one word."""
    if not text.startswith("pair/"):
        return text, ""
    _, status, sort, it_is = text.split("/")
    if not sort:
        return "judged so while looking for duplicates", ""
    badge = badge_of(sort, it_is=it_is == "true") if status == CandidateStatus.CORRECTION else ""
    return words_of(status, sort, it_is=it_is == "true"), badge


def vocabulary(review_id: int) -> list[dict[str, Any]]:
    """[{id, name}] of every tag of a review, by name. Names are of the review, and say nothing of a record."""
    return [{"id": pk, "name": name} for pk, name in Tag.objects.filter(review=review_id).values_list("id", "name")]
