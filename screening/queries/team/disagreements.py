"""Records on which people differ, with what each of them first said."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from screening.models.decision import Decision
from screening.models.judgement import CriterionJudgement
from screening.models.stage import StageState
from screening.queries.team.blind_words import Word


@dataclass(frozen=True, slots=True)
class OnCriterion:
    """What somebody said of one criterion; `looked_at` is the one that the list is about."""

    label: str
    judged: str
    polarity: str
    looked_at: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One person's first word on a record. `fine`: they kept it, and so said nothing against it on the criterion."""

    name: str
    verdict: str
    reason: str
    note: str
    criteria: list[OnCriterion] = field(default_factory=list)
    fine: bool = False


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A record where it stands, and everybody's words, by name."""

    state: StageState
    said: list[Said]


def described(
    record_ids: Collection[int], stage: str, words: Mapping[int, list[Word]], criterion: str = ""
) -> list[Disagreement]:
    """These records, in the order given, with these words as people read them. Three queries."""
    states = StageState.objects.filter(record__in=record_ids, stage=stage).select_related("record")
    placed = {state.record_id: state for state in states}
    decisions = {word.decision for record_id in record_ids for word in words[record_id]}
    said = _said(decisions, criterion)
    return [
        Disagreement(placed[record_id], sorted((said[word.decision] for word in words[record_id]), key=_name))
        for record_id in record_ids
    ]


def _said(decision_ids: Collection[int], criterion: str) -> dict[int, Said]:
    judgements: dict[int, list[OnCriterion]] = {}
    listed = CriterionJudgement.objects.filter(decision__in=decision_ids).select_related("criterion")
    for row in listed.order_by("criterion__position"):
        judged = OnCriterion(row.criterion.label, row.judged, row.criterion.polarity, row.criterion.key == criterion)
        judgements.setdefault(row.decision_id, []).append(judged)
    found = {}
    for decision in Decision.objects.filter(pk__in=decision_ids).select_related("author", "reason"):
        on = judgements.get(decision.pk, [])
        found[decision.pk] = Said(
            name=decision.author.get_full_name() or decision.author.get_username(),
            verdict=decision.verdict,
            reason=decision.reason.text if decision.reason else "",
            note=decision.note,
            criteria=on,
            fine=bool(criterion) and not any(one.looked_at for one in on),
        )
    return found


def _name(said: Said) -> str:
    return said.name
