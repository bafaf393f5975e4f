"""How far an assistant agrees with people. Only words that were said blind count (`queries.team.blind_words`).

What people say of a record is settled blind when all first blind words, as many as the stage asks for, are on one side,
or when an adjudicator who cited no suggestion ended the conflict. `maybe` counts with `include` at title and abstract,
as it does in screening. How far people agree with one another is in `queries.team.people_agreement`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from audit.agreement import Kappa, Rate, kappa, wilson
from screening.enums import ItemStatus, Origin
from screening.models.assistant import Assistant
from screening.models.decision import Decision
from screening.models.review import Review
from screening.models.run import RunItem
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.queries.team.blind_words import DROP, KEEP, Scope, spoken
from screening.visibility import CLOSED


@dataclass(frozen=True, slots=True)
class WithAssistant:
    """An assistant against what people settled blind.

    `records` were given to the assistant; of these `settled` have a blind outcome and `undecided` have none yet, and
    `failed` of the settled have no suggestion. Those stay in the denominators and are never a hit. What a fallback
    answered is another model's: `by_fallback` counts these records, which are in no other figure.
    """

    assistant: str
    records: int
    settled: int
    undecided: int
    failed: int
    by_fallback: int
    same: Rate
    kappa: Kappa
    sensitivity: Rate
    specificity: Rate
    cells: dict[tuple[str, str], int]


def with_assistant(review: Review, stage: str, assistant: Assistant, *, voted_by: int | None = None) -> WithAssistant:
    """Agreement, Cohen's kappa, sensitivity and specificity of one assistant, with 95 % intervals.

    With `voted_by` only over records that this person has voted on: of few others, figures tell what was suggested
    (AI-02).
    """
    proposed, others = _proposed(review, stage, assistant)
    if voted_by is not None:
        places = StageState.objects.filter(review=review, stage=stage, voters__contains=[voted_by])
        voted = set(places.values_list("record_id", flat=True))
        proposed = {record_id: side for record_id, side in proposed.items() if record_id in voted}
        others &= voted
    outcomes = settled_blind(review, stage)
    known = {record_id: outcomes[record_id] for record_id in proposed if record_id in outcomes}
    judged = [(truth, proposed[record_id]) for record_id, truth in known.items()]
    cells = Counter(judged)
    kept = [said for truth, said in judged if truth == KEEP]
    dropped = [said for truth, said in judged if truth == DROP]
    with_opinion = [(truth, said) for truth, said in judged if said]
    return WithAssistant(
        assistant=str(assistant),
        records=len(proposed),
        settled=len(known),
        undecided=len(proposed) - len(known),
        failed=sum(not said for _, said in judged),
        by_fallback=len(others),
        same=wilson(sum(truth == said for truth, said in judged), len(judged)),
        kappa=kappa(with_opinion),
        sensitivity=wilson(kept.count(KEEP), len(kept)),
        specificity=wilson(dropped.count(DROP), len(dropped)),
        cells=dict(cells),
    )


def settled_blind(review: Review, stage: str) -> dict[int, str]:
    """Record id -> keep or drop, where people settled it without having seen a suggestion."""
    needed = dict(StageState.objects.filter(review=review, stage=stage).values_list("record_id", "needed"))
    ended = _adjudicated_blind(review, stage)
    outcomes = {}
    for record_id, words in spoken(Scope(review, stage, CLOSED)).items():
        sides = {word.side for word in words}
        if len(sides) == 1 and len(words) >= needed.get(record_id, 1):
            outcomes[record_id] = sides.pop()
        elif len(sides) > 1 and record_id in ended:
            outcomes[record_id] = ended[record_id]
    return outcomes


def _adjudicated_blind(review: Review, stage: str) -> dict[int, str]:
    words = Decision.objects.filter(review=review, stage=stage, origin=Origin.ADJUDICATION)
    last = words.order_by("record_id", "-id").distinct("record_id")
    rows: Iterable[tuple[int, str, int | None]] = last.values_list("record_id", "verdict", "citing_id")
    return {
        record_id: _side(verdict) for record_id, verdict, citing in rows if citing is None and verdict != "withdrawn"
    }


def _proposed(review: Review, stage: str, assistant: Assistant) -> tuple[dict[int, str], set[int]]:
    """Record id -> keep or drop as the assistant's latest suggestion has it; empty where all tries failed.

    And the ids of records where a fallback has answered, which are left out of the first.
    """
    failed = RunItem.objects.filter(
        run__review=review, run__stage=stage, run__assistant=assistant, run__kind="work", status=ItemStatus.FAILED
    )
    said = Suggestion.objects.standing().filter(review=review, stage=stage, assistant=assistant)
    said = said.order_by("record_id", "-id").distinct("record_id")
    found = dict.fromkeys(failed.values_list("record_id", flat=True), "")
    spoken = list(said.values_list("record_id", "proposed_verdict", "fallback"))
    others = {record_id for record_id, _, fallback in spoken if fallback}
    found |= {record_id: _side(verdict) for record_id, verdict, _ in spoken}
    return {record_id: side for record_id, side in found.items() if record_id not in others}, others


def _side(verdict: str) -> str:
    return DROP if verdict == "exclude" else KEEP
