"""What was said under older versions of the protocol: by people and by assistants, in numbers and one by one (SCR-09).

A word is made "under" the version that its author read. "Older" is before the version that is asked about.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from screening.enums import Stage
from screening.models.decision import Decision
from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.review import Review
from screening.models.stage import StageState
from screening.wording import Wording, judged_otherwise

# The words that count (as queries.votes has them), each with whether it is older and judged a criterion that changed.
WORDS = """
WITH judged AS (
    SELECT decision_id, bool_or(criterion_id = ANY(%(changed)s)) AS changed
      FROM screening_criterionjudgement WHERE criterion_id = ANY(%(criteria)s) GROUP BY decision_id
), said AS (
    SELECT DISTINCT ON (s.id, whose, entry, d.origin = 'adjudication')
           COALESCE(-d.brought_in_id, d.author_id) AS whose,
           CASE WHEN d.brought_in_id IS NOT NULL THEN d.record_id END AS entry,
           s.record_id AS root, s.stage, s.status, d.id, d.verdict, d.origin, COALESCE(p.number, 0) AS number,
           GREATEST(s.counts_from, COALESCE(o.counts_from, 0)) AS since
      FROM screening_decision d
      JOIN screening_record r ON r.id = d.record_id
      JOIN screening_stagestate s ON s.record_id = COALESCE(r.merged_into_id, r.id) AND s.stage = d.stage
      LEFT JOIN screening_stagestate o ON o.record_id = r.id AND o.stage = d.stage
      LEFT JOIN screening_protocolversion p ON p.id = d.protocol_id
     WHERE d.review_id = %(review)s AND s.status <> 'inactive'
     ORDER BY s.id, whose, entry, d.origin = 'adjudication', d.id DESC
), words AS (
    SELECT said.*, said.number < %(number)s AS older, judged.decision_id IS NOT NULL AS judged,
           COALESCE(judged.changed, FALSE) AS changed,
           said.status IN ('included', 'excluded') AS closed
      FROM said LEFT JOIN judged ON judged.decision_id = said.id
     WHERE said.verdict <> 'withdrawn' AND said.number >= said.since
)
"""
BY_VERDICT = "SELECT stage, verdict, closed, older, judged, changed, count(*) FROM words GROUP BY 1,2,3,4,5,6"
PLACES = """
, places AS (
    SELECT root, stage, status, closed, bool_or(older) AS older, bool_or(older AND changed) AS changed,
           bool_or(older AND verdict = 'maybe') AS maybe, array_agg(verdict) FILTER (WHERE older) AS verdicts
      FROM words GROUP BY 1, 2, 3, 4
)
"""
BY_STATUS = "SELECT stage, status, closed, older, changed, count(*) FROM places GROUP BY 1, 2, 3, 4, 5"
LISTED = """
SELECT root FROM places
 WHERE older AND stage = %(stage)s
   AND (%(statuses)s::text[] IS NULL OR status = ANY(%(statuses)s::text[])
        OR (%(or_maybe)s AND maybe AND (closed OR NOT %(maybe_closed)s)))
   AND (NOT %(only_changed)s OR changed)
   AND (%(verdict)s = '' OR %(verdict)s = ANY(verdicts))
   AND (NOT %(only_closed)s OR closed)
   AND (%(source)s = 0 OR root IN (
        SELECT COALESCE(m.merged_into_id, m.id) FROM screening_citation c JOIN screening_record m ON m.id = c.record_id
         WHERE c.source_id = %(source)s))
 ORDER BY root
"""
SUGGESTED = """
WITH judged AS (
    SELECT suggestion_id, bool_or(criterion_id = ANY(%(changed)s)) AS changed
      FROM screening_judgement WHERE criterion_id = ANY(%(criteria)s) GROUP BY suggestion_id
), last AS (
    SELECT DISTINCT ON (x.record_id, x.stage) x.id, x.record_id, x.stage, x.proposed_verdict AS verdict,
           p.number < %(number)s AS older
      FROM screening_suggestion x
      JOIN screening_stagestate s ON s.record_id = x.record_id AND s.stage = x.stage AND s.status <> 'inactive'
      JOIN screening_protocolversion p ON p.id = x.protocol_id
     WHERE x.review_id = %(review)s AND x.role = 'stands'
     ORDER BY x.record_id, x.stage, x.id DESC
), suggested AS (
    SELECT last.*, COALESCE(judged.changed, FALSE) AS changed
      FROM last LEFT JOIN judged ON judged.suggestion_id = last.id
)
"""
SUGGESTED_BY_VERDICT = "SELECT stage, verdict, older, changed, count(*) FROM suggested GROUP BY 1, 2, 3, 4"
SUGGESTED_LIST = """
SELECT record_id FROM suggested WHERE older AND stage = %(stage)s AND (NOT %(only_changed)s OR changed)
   AND (%(verdict)s = '' OR verdict = %(verdict)s)
 ORDER BY record_id
"""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A version as it bears on what was said before it: its number, and the criteria of older versions that it changed.

    `changed` are ids of criteria of older versions that read otherwise now or are gone; `criteria` are those of all.
    """

    review_id: int
    number: int
    changed: tuple[int, ...]
    criteria: tuple[int, ...]

    def asked(self, **more: Any) -> dict[str, Any]:
        """As parameters of the statements."""
        mine = {"review": self.review_id, "number": self.number}
        return {**mine, "changed": list(self.changed), "criteria": list(self.criteria), **more}


def wordings(criteria: Iterable[Criterion]) -> list[Wording]:
    """Criteria as they are compared and shown."""
    return [
        Wording(
            key=one.key,
            label=one.label,
            text=one.text,
            facet=one.get_facet_display(),
            polarity=one.get_polarity_display(),
            if_not_reported=one.get_if_not_reported_display(),
        )
        for one in criteria
    ]


def amendment(review: Review, number: int, coming: Sequence[Wording] | None = None) -> Amendment:
    """What version `number` changed; with `coming`, what that version would change that is not saved yet. One query."""
    versions: dict[int, list[Criterion]] = {}
    found = Criterion.objects.filter(protocol__review=review).select_related("protocol")
    for criterion in found.order_by("protocol", "position"):
        versions.setdefault(criterion.protocol.number, []).append(criterion)
    new = wordings(versions.get(number, [])) if coming is None else coming
    changed = [
        criterion.pk
        for older, criteria in versions.items()
        if older < number
        for keys in [judged_otherwise(wordings(criteria), new)]
        for criterion in criteria
        if criterion.key in keys
    ]
    return Amendment(review.pk, number, tuple(changed), tuple(one.pk for all_ in versions.values() for one in all_))


@dataclass(slots=True)
class Count:
    """How many, how many of them under an older text, and how many of those judged a criterion that changed."""

    total: int = 0
    older: int = 0
    changed: int = 0

    def add(self, n: int, *, older: bool, changed: bool) -> None:
        """Count in n more."""
        self.total += n
        self.older += n * older
        self.changed += n * (older and changed)


class Impact:
    """One stage. Decisions by verdict (of settled records, and of all others without a verdict where somebody may not
    know it), records by status, latest suggestions by verdict. `judged`: older decisions that judged any criterion."""

    def __init__(self, stage: str) -> None:
        self.stage, self.label = stage, Stage(stage).label
        self.decisions, self.records, self.suggestions = Count(), Count(), Count()
        self.by_verdict: dict[str, Count] = {}
        self.by_status: dict[str, Count] = {}
        self.suggested: dict[str, Count] = {}
        self.judged = 0


NOT_TOLD = ""  # the verdict of a word that somebody may not know yet


def impact(amended: Amendment, *, blind: bool) -> list[Impact]:
    """Both stages. Three queries. `blind`: whoever asks may yet have to vote, so neither verdicts nor what was
    judged of open records."""
    stages = {str(stage): Impact(stage) for stage in Stage}
    for stage, verdict, closed, older, judged, changed, n in _rows(amended.asked(), WORDS, BY_VERDICT):
        known = closed or not blind
        told = verdict if known else NOT_TOLD
        stages[stage].by_verdict.setdefault(told, Count()).add(n, older=older, changed=changed and known)
        stages[stage].decisions.add(n, older=older, changed=changed and known)
        stages[stage].judged += n * (older and judged and known)
    for stage, status, closed, older, changed, n in _rows(amended.asked(), WORDS, PLACES, BY_STATUS):
        known = closed or not blind
        stages[stage].by_status.setdefault(status, Count()).add(n, older=older, changed=changed and known)
        stages[stage].records.add(n, older=older, changed=changed and known)
    for stage, verdict, older, changed, n in _rows(amended.asked(), SUGGESTED, SUGGESTED_BY_VERDICT):
        stages[stage].suggested.setdefault(verdict, Count()).add(n, older=older, changed=changed)
        stages[stage].suggestions.add(n, older=older, changed=changed)
    return list(stages.values())


def decided_before(
    amended: Amendment,
    stage: str,
    *,
    statuses: Collection[str] | None = None,
    or_maybe: bool = False,
    changed: bool = False,
    verdict: str = "",
    closed: bool = False,
    maybe_closed: bool = False,
    source: int = 0,
) -> list[int]:
    """Ids of the records at a stage on which a decision counts that is older. One query.

    Narrowed to `statuses` (`or_maybe`: or with an older "maybe"; `maybe_closed`: that only where they are settled), to
    those on which a `changed` criterion was judged, to those of which an older decision has the `verdict`, to settled
    ones (`closed`), to those that a `source` brought.
    """
    asked = amended.asked(
        stage=stage,
        statuses=None if statuses is None else list(statuses),
        or_maybe=or_maybe,
        only_changed=changed,
        verdict=verdict,
        only_closed=closed,
        maybe_closed=maybe_closed,
        source=source,
    )
    return [root for (root,) in _rows(asked, WORDS, PLACES, LISTED)]


def suggested_before(amended: Amendment, stage: str, *, changed: bool = False, verdict: str = "") -> list[int]:
    """Ids of the records at a stage whose latest suggestion is older. One query."""
    asked = amended.asked(stage=stage, only_changed=changed, verdict=verdict)
    return [record for (record,) in _rows(asked, SUGGESTED, SUGGESTED_LIST)]


def with_counting(decisions: "QuerySet[Decision]") -> "QuerySet[Decision]":
    """Decisions with `version` (the number that they were made under, None before there was one), `anew_since` (the
    version since which the record is screened anew, 0 if it isn't), and `set_aside`: it doesn't count any more."""
    root = Coalesce("record__merged_into_id", "record_id")
    since = Greatest(_counting_from("root"), _counting_from("record_id"))  # also of what was merged into another
    found = decisions.annotate(root=root).annotate(version=F("protocol__number"), anew_since=since)
    counts = Q(anew_since=0) | Q(version__gte=F("anew_since"))
    return found.annotate(
        set_aside=Case(When(counts, then=Value(False)), default=Value(True), output_field=BooleanField())
    )


def _counting_from(record: str) -> Coalesce:
    place = StageState.objects.filter(record=OuterRef(record), stage=OuterRef("stage"))
    return Coalesce(Subquery(place.values("counts_from")[:1]), Value(0))


def amendments_of(review: Review) -> "QuerySet[ProtocolVersion]":
    """All versions from the first on, with who wrote them: number, reason, sha256, created_at, created_by (REP-07)."""
    return ProtocolVersion.objects.filter(review=review).select_related("created_by").order_by("number")


def _rows(asked: dict[str, Any], *parts: str) -> list[tuple[Any, ...]]:
    """Of a statement in parts: what is asked, and the tables that it is asked of before it."""
    with connection.cursor() as cursor:
        cursor.execute(" ".join(parts), asked)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
