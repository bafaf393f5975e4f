"""RoB 2 for the primary outcome of an invented report: answers that fit what the report says, with its words."""

from __future__ import annotations

from extraction.bias import proposed
from extraction.management.demonstration.answers import Answer
from extraction.management.demonstration.model import END, ReportTruth

ROB2 = "rob2"
SOUND = {
    "d1_1": "Y", "d1_2": "Y", "d1_3": "PN",
    "d2_1": "Y", "d2_2": "Y", "d2_3": "PN", "d2_6": "Y",
    "d3_1": "Y",
    "d4_1": "N", "d4_2": "PN", "d4_3": "N",
    "d5_1": "PY", "d5_2": "PN", "d5_3": "PN",
}  # fmt: skip
SELF_REPORTED = ("sgrq", "crq", "cat")  # who answers knows the group: assessors who don't are no help
KNOWING = {"d4_3": "Y", "d4_4": "PY", "d4_5": "PN"}
SAID_IN = {
    "d1_1": "randomisation", "d1_2": "concealment", "d1_3": "age_row", "d2_1": "blinding", "d2_2": "blinding",
    "d2_6": "analysis", "d3_1": "withdrawals", "d4_3": "blinding", "d5_1": "registry",
}  # fmt: skip


def judgements(truth: ReportTruth) -> list[Answer]:
    """Signalling questions, then what the algorithm makes of them, for the primary outcome at the end of treatment."""
    measure = (truth.outcomes[0].key, END)
    given = SOUND | (KNOWING if measure[0] in SELF_REPORTED else {})
    judged = {key: judgement.code for key, judgement in proposed(ROB2, given).items() if judgement.code}
    overall = proposed(ROB2, given | judged)["overall"].code
    return [_answer(truth, key, code, measure) for key, code in (given | judged | {"overall": overall}).items()]


def _answer(truth: ReportTruth, key: str, code: str, measure: tuple[str, str]) -> Answer:
    fact = truth.facts.get(SAID_IN.get(key, ""))
    return Answer(key, code, fact.place if fact else None, measure=measure)
