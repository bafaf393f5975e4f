"""What a person says of single criteria along with a decision (SCR-08): checked, counted, stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reviewapp import prepared
from screening.enums import Judged, Polarity, Verdict
from screening.models.decision import Decision
from screening.models.judgement import CriterionJudgement
from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.review import Review


class DecisionRefusedError(ValueError):
    """The decision can't stand; the message says why and what to do. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class JudgedCriteria:
    """Under which version, by id and number (0: there was none yet); `failed` criteria speak against the record.

    `words` are label -> judgement, for the ledger.
    """

    protocol_id: int | None
    number: int
    judged: Mapping[int, str] = field(default_factory=dict)
    failed: int = 0
    words: Mapping[str, str] = field(default_factory=dict)


def checked(review: Review, judgements: Mapping[int, str], verdict: str, read: int | None = None) -> JudgedCriteria:
    """The judgements under the version that their author read, by its id; without one, the version in force.

    Raises DecisionRefusedError for a criterion that is not in it, and a version that is not of this review. One query,
    one more for a version that is not in force, one more where criteria were judged.
    """
    protocol_id, number = _version(review, read)
    if not judgements or verdict == Verdict.WITHDRAWN:
        return JudgedCriteria(protocol_id, number)
    known = Criterion.objects.filter(protocol_id=protocol_id).in_bulk()
    for criterion_id, judged in judgements.items():
        if criterion_id not in known:
            raise DecisionRefusedError(
                "One of the criteria that you judged is not in this version of the protocol. Nothing was stored. "
                "Reload the page to see the criteria in force, and decide again."
            )
        if judged not in Judged.values:
            raise DecisionRefusedError(f"{judged!r} is no judgement: met, not_met or unclear.")
    failed = sum(fails(known[criterion_id], judged) for criterion_id, judged in judgements.items())
    words = {known[criterion_id].label: judged for criterion_id, judged in judgements.items()}
    return JudgedCriteria(protocol_id, number, dict(judgements), failed, words)


IN_FORCE = """
SELECT id, number FROM screening_protocolversion WHERE review_id = %(review)s::bigint ORDER BY number DESC LIMIT 1
"""


def _version(review: Review, read: int | None) -> tuple[int | None, int]:
    in_force = next(iter(prepared.rows(IN_FORCE, {"review": review.pk})), None)
    if in_force is None or read is None or read == in_force[0]:
        return in_force or (None, 0)
    named = ProtocolVersion.objects.filter(review=review, pk=read).values_list("id", "number").first()
    if named is None:
        raise DecisionRefusedError("That version of the protocol is not one of this review. Nothing was stored.")
    return named


def fails(criterion: Criterion, judged: str) -> bool:
    """Whether so judged a criterion speaks against the record: not met where it must be, met where it must not."""
    return judged == (Judged.NOT_MET if criterion.polarity == Polarity.INCLUDE else Judged.MET)


def store(decision: Decision, judged: JudgedCriteria) -> None:
    """Write the judgements of a decision that was just made."""
    if judged.judged:
        CriterionJudgement.objects.bulk_create(
            CriterionJudgement(decision=decision, criterion_id=criterion_id, judged=said)
            for criterion_id, said in judged.judged.items()
        )
