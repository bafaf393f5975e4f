"""Which settled records of a review are shown to a model as examples (AI-08): the nearest in meaning, by pgvector.

Only what people settled counts: two of them, or an adjudicator. Never the record itself, one that is held out for a
test, one whose text looks as if it spoke to a model, or one without an abstract. The search is exact (cosine distance
over all that qualify), so the same records give the same examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reviewapp import prepared
from reviewapp.ai import embedding
from screening.enums import Stage
from screening.models.assistant import Assistant
from screening.models.held_out import HeldOut
from screening.models.record import Record
from screening.prompts.hygiene import clean, injection_flags
from screening.prompts.screening import Example

MOST = 10  # examples in a prompt
LONGEST = 3_000  # characters of an example's abstract
SPARE = 6  # candidates more than asked for, of each verdict: some may be flagged

NEAREST = """
SELECT id, verdict FROM (
    SELECT r.id, s.verdict, e.vector <=> mine.vector AS far,
           row_number() OVER (PARTITION BY s.verdict ORDER BY e.vector <=> mine.vector, r.id) AS place
      FROM screening_recordembedding mine
      JOIN screening_record me ON me.id = mine.record_id
      JOIN (SELECT record_id, review_id, stage, voters,
                   CASE status WHEN 'included' THEN 'include' ELSE 'exclude' END AS verdict
              FROM screening_stagestate WHERE status IN ('included', 'excluded')) s
        ON s.review_id = me.review_id AND s.stage = %(stage)s::text
      JOIN screening_record r ON r.id = s.record_id AND r.active AND r.id <> me.id AND r.abstract <> ''
      JOIN screening_recordembedding e ON e.record_id = r.id AND e.model_sha256 = mine.model_sha256
     WHERE mine.record_id = %(record)s::bigint AND mine.model_sha256 = %(model)s::text
       AND ((SELECT count(*) FROM unnest(s.voters) AS v WHERE v > 0) >= 2
            OR EXISTS (SELECT FROM screening_decision d
                        WHERE d.record_id = r.id AND d.stage = s.stage AND d.origin = 'adjudication'))
       AND NOT EXISTS (SELECT FROM screening_heldout h WHERE h.record_id = r.id AND h.stage = s.stage
                          AND NOT EXISTS (SELECT FROM screening_heldoutrelease o WHERE o.held_out_id = h.id))
       AND NOT EXISTS (SELECT FROM screening_suggestion x WHERE x.record_id = r.id AND x.flags <> '[]'::jsonb)
) near WHERE place <= %(most)s::bigint ORDER BY far, id
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A settled record that is shown as an example, and what people made of it (include or exclude)."""

    record: Record
    verdict: str

    @property
    def example(self) -> Example:
        """As the prompt has it."""
        return Example(self.record.title, self.record.abstract[:LONGEST], self.verdict)


def told(examples: Sequence[Shown]) -> dict[str, list[dict[str, Any]]]:
    """The examples as they stand with the suggestion, for people."""
    return {"examples": [{"record": e.record.pk, "title": e.record.title, "verdict": e.verdict} for e in examples]}


def wanted_of(assistant: Assistant) -> int:
    """How many examples this assistant is shown; 0 unless it was made so."""
    return max(0, min(MOST, int(assistant.parameters.get("examples") or 0)))


def nearest(record_id: int, stage: str, k: int) -> list[tuple[int, str]]:
    """(record's id, verdict) of the k nearest, the nearest first; of both verdicts where there are both.

    At title and abstract alone: what people saw in a full text can't be seen in an abstract. Empty, too, while the
    record or all settled ones have no vector yet. Two queries.
    """
    if k < 1 or stage != Stage.TITLE_ABSTRACT:
        return []
    values = {"record": record_id, "stage": stage, "model": embedding.model_hash(), "most": k + SPARE}
    found = _unsuspicious([(pk, verdict) for pk, verdict in prepared.rows(NEAREST, values)])
    chosen, rest = found[:k], found[k:]
    other = next((one for one in rest if all(one[1] != verdict for _, verdict in chosen)), None)
    return [*chosen[:-1], other] if other and k > 1 else chosen


def shown(pinned: Sequence[tuple[int, str]], stage: str) -> list[Shown]:
    """The records of these examples, in their order, without what was held out meanwhile. One query."""
    if not pinned:
        return []
    held = HeldOut.objects.standing().filter(stage=stage, record__in=[pk for pk, _ in pinned])
    records = Record.objects.exclude(pk__in=held.values("record")).in_bulk([pk for pk, _ in pinned])
    return [Shown(records[pk], verdict) for pk, verdict in pinned if pk in records]


def _unsuspicious(found: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    texts = Record.objects.filter(pk__in=[pk for pk, _ in found]).values_list("pk", "title", "abstract")
    kept = {pk for pk, title, abstract in texts if not _suspicious(f"{title}\n{abstract}")}
    return [one for one in found if one[0] in kept]


def _suspicious(text: str) -> bool:
    return bool(injection_flags(text)) or clean(text).hidden > 0
