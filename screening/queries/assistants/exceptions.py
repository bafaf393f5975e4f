"""What of the assistants' work waits for people: computed from rows, so that nothing waits unseen.

An exception is gone when people have settled its record, when a later run did better, or when somebody marked it seen.
What tells of a suggestion (`ExceptionKind.tells`) is listed for those who may see that suggestion; the statement says
it as `visibility.sees_suggestion` does, and a test compares the two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from screening.enums import ExceptionKind, Role, SuggestionRole
from screening.models.review import Review
from screening.models.suggestion import Suggestion
from screening.prompts.suspicions import SUSPICIONS
from screening.visibility import UNSETTLED

SPLIT, UNSTABLE, UNSURE = "split", "unstable", "unsure"  # two flags of a suggestion, and a band
INJECTION = (*SUSPICIONS, "text_gives_instructions")
COUNTED = 100  # in the navigation, where more is as good as many
# No row says why an item failed but its sentence. These say that a provider, a rule or a document's permission stood
# in the way, and that trying again the same way brings the same.
REFUSED = r"^Nothing was sent|may not be sent|\(HTTP [34]\d\d\)|no credit left|longer than the model can read"

_PLACE = """
  JOIN screening_stagestate p ON p.record_id = {record} AND p.stage = {stage} AND p.status = ANY(%(open)s)
  JOIN screening_stagerule l ON l.review_id = p.review_id AND l.stage = p.stage
"""
_TOLD = """
   AND CASE WHEN %(votes)s THEN l.oversight = 'assist' OR (l.oversight = 'blind_first' AND %(user)s = ANY(p.voters))
            ELSE l.oversight <> 'off' END
"""
_FAILED = f"""
SELECT CASE WHEN i.error ~ %(refused)s THEN 'refused' ELSE 'failed' END AS kind, u.stage, i.record_id,
       i.id AS item_id, u.id AS run_id, i.error AS why
  FROM screening_run u JOIN screening_runitem i ON i.run_id = u.id AND i.status = 'failed'
{_PLACE.format(record="i.record_id", stage="u.stage")}
 WHERE u.review_id = %(review)s AND u.purpose = 'screening' AND u.kind = 'work' AND i.member_id IS NULL AND i.repeat = 0
   AND NOT EXISTS (SELECT FROM screening_runitem later JOIN screening_run o ON o.id = later.run_id
                    WHERE later.record_id = i.record_id AND later.id > i.id AND o.stage = u.stage AND o.kind = 'work'
                      AND later.status <> 'cancelled' AND later.member_id IS NULL AND later.repeat = 0)
"""  # noqa: S608  parts of this file
_LATEST = """
   AND NOT EXISTS (SELECT FROM screening_suggestion later WHERE later.record_id = g.record_id
                    AND later.stage = g.stage AND later.role = 'stands' AND later.id > g.id)
"""
_SAID = f"""
SELECT k.kind, g.stage, g.record_id, g.item_id, i.run_id, ''
  FROM screening_suggestion g JOIN screening_runitem i ON i.id = g.item_id
{_PLACE.format(record="g.record_id", stage="g.stage")}
 CROSS JOIN LATERAL (VALUES ('injection', g.flags ?| %(injection)s), ('split', g.flags ? 'split'),
                            ('unsure', g.band = 'unsure' AND NOT g.flags ?| %(plainer)s)) AS k(kind, holds)
 WHERE g.review_id = %(review)s AND g.role = 'stands' AND (g.band = 'unsure' OR g.flags <> '[]') AND k.holds
{_TOLD}{_LATEST}
"""  # noqa: S608  parts of this file
_UNSTABLE = f"""
SELECT DISTINCT 'unstable', g.stage, g.record_id, g.item_id, i.run_id, ''
  FROM screening_suggestion t
  JOIN screening_runitem again ON again.id = t.item_id
  JOIN screening_runitem i ON i.run_id = again.run_id AND i.record_id = t.record_id AND i.repeat = 0
  JOIN screening_suggestion g ON g.item_id = i.id AND g.role = 'stands'
  LEFT JOIN screening_suggestion b ON b.id = t.beside_id
{_PLACE.format(record="g.record_id", stage="g.stage")}
 WHERE t.review_id = %(review)s AND t.role = 'repeat'
   AND (t.flags ? 'unstable' OR t.proposed_verdict <> b.proposed_verdict)
{_TOLD}{_LATEST}
"""  # noqa: S608  parts of this file
_BARE = f"""
SELECT 'no_abstract', p.stage, c.id, NULL::bigint, NULL::bigint, ''
  FROM screening_record c
{_PLACE.format(record="c.id", stage="'title_abstract'")}
 WHERE c.review_id = %(review)s AND c.abstract = ''
"""  # noqa: S608  parts of this file
_TEXTS = f"""
SELECT CASE WHEN d.readable THEN 'not_permitted' ELSE 'no_text' END, p.stage, d.root, NULL, NULL, d.name
  FROM (SELECT DISTINCT ON (root) COALESCE(c.merged_into_id, c.id) AS root, f.status, f.name, f.may_be_sent_to_ai,
               f.status = 'ready' AND f.characters > 0 AND f.layer IN ('text', 'poor', 'mixed') AS readable
          FROM screening_document f JOIN screening_record c ON c.id = f.record_id
         WHERE f.review_id = %(review)s AND NOT f.removed
         ORDER BY root, f.status = 'ready' DESC, f.id DESC) d
{_PLACE.format(record="d.root", stage="'full_text'")}
 WHERE d.status IN ('ready', 'failed') AND (NOT d.readable OR NOT d.may_be_sent_to_ai AND EXISTS (
       SELECT FROM screening_assistant a WHERE a.review_id = %(review)s AND a.engine <> 'local'))
"""  # noqa: S608  parts of this file
FOUND = f"""
SELECT f.* FROM ({" UNION ALL ".join((_FAILED, _SAID, _UNSTABLE, _BARE, _TEXTS))}) f
 WHERE NOT EXISTS (SELECT FROM screening_exceptionseen e WHERE e.record_id = f.record_id AND e.stage = f.stage
                    AND e.kind = f.kind AND e.item_id IS NOT DISTINCT FROM f.item_id)
   AND f.kind = ANY(%(kinds)s)
"""  # noqa: S608  parts of this file
ROWS = f"""
SELECT f.kind, f.stage, f.record_id, r.title, f.item_id, f.run_id, f.why
  FROM ({FOUND}) f JOIN screening_record r ON r.id = f.record_id
 ORDER BY array_position(%(kinds)s, f.kind), f.stage DESC, f.record_id LIMIT %(most)s OFFSET %(start)s
"""  # noqa: S608  parts of this file
COUNTS = f"SELECT f.kind, count(*) FROM ({FOUND}) f GROUP BY f.kind"  # noqa: S608  parts of this file
WAITS = f"""
SELECT count(*) FROM ({FOUND}) f
 WHERE f.stage = %(stage)s AND f.record_id = %(record)s AND f.item_id IS NOT DISTINCT FROM %(item)s::bigint
"""  # noqa: S608  parts of this file
CAPPED = f"SELECT count(*) FROM ({FOUND} LIMIT %(most)s) f"  # noqa: S608  parts of this file


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks: their id and roles in the review."""

    user_id: int
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One exception. `item_id` and `run_id` are None where it is about the record itself; `why` may be empty."""

    kind: str
    stage: str
    record_id: int
    title: str
    item_id: int | None
    run_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The exceptions of some kinds, for a paginator: `total` of them, and any slice by one query."""

    review: Review
    eyes: Eyes
    kinds: Sequence[str]
    total: int

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, part: slice) -> list[Exceptional]:
        start = part.start or 0
        stop = self.total if part.stop is None else part.stop
        bounds = {"start": start, "most": max(0, stop - start)}
        return [Exceptional(*row) for row in _rows(ROWS, self.review, self.eyes, self.kinds, **bounds)]


def doubtful() -> "ExpressionWrapper[Q]":
    """For a query over suggestions that stand: whether it wants a look itself, and is no second opinion (AI-01).

    So is the answer of a fallback: it is not by the model whose agreement with people was measured.
    """
    again = Suggestion.objects.filter(
        item__run=OuterRef("item__run"), record=OuterRef("record"), role=SuggestionRole.REPEAT, flags__contains=UNSTABLE
    )
    said = Q(band=UNSURE) | Q(flags__has_any_keys=[*INJECTION, SPLIT]) | Q(fallback=True)
    return ExpressionWrapper(said | Q(Exists(again)), output_field=BooleanField())


def counts(review: Review, eyes: Eyes) -> dict[str, int]:
    """Kind -> how many wait, for every kind, in the order of the inbox. One query; none where AI is off."""
    found: dict[str, int] = dict(_rows(COUNTS, review, eyes, ExceptionKind.values))
    return {kind: found.get(kind, 0) for kind in ExceptionKind.values}


def how_many(review: Review, eyes: Eyes) -> int:
    """How many wait, up to COUNTED: more are not counted. One query; none where AI is off."""
    return next((n for (n,) in _rows(CAPPED, review, eyes, ExceptionKind.values, most=COUNTED)), 0)


def waits(review: Review, eyes: Eyes, *, kind: str, stage: str, record_id: int, item_id: int | None) -> bool:
    """Whether this exception waits, for this person. One query."""
    named = {"stage": stage, "record": record_id, "item": item_id}
    return any(n for (n,) in _rows(WAITS, review, eyes, [kind], **named))


def listed(review: Review, eyes: Eyes, kind: str, counted: dict[str, int]) -> Listing:
    """The exceptions of a kind, or of all for "", as `counts` counted them."""
    kinds = [kind] if kind else list(ExceptionKind.values)
    return Listing(review, eyes, kinds, sum(counted[one] for one in kinds))


def _rows(statement: str, review: Review, eyes: Eyes, kinds: Sequence[str], **more: Any) -> Iterator[tuple[Any, ...]]:
    if not review.ai_enabled:
        return
    asked = {
        "review": review.pk,
        "user": eyes.user_id,
        "votes": Role.REVIEWER in eyes.roles,
        "open": [str(status) for status in UNSETTLED],
        "kinds": list(kinds),
        "refused": REFUSED,
        "injection": list(INJECTION),
        "plainer": [*INJECTION, SPLIT],
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        yield from cursor.fetchall()
