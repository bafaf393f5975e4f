"""How many works of which kind the invented searches found, and what is the case with each kind."""

from __future__ import annotations

# fmt: off
# Tables of text: one alternative after the other reads better than one per line.
from collections.abc import Sequence
from dataclasses import dataclass

from screening.management.demonstration import names, observed, secondary, topics
from screening.management.demonstration.model import MET, NOT_MET, UNCLEAR, Truth
from screening.management.demonstration.observed import Form
from screening.management.demonstration.protocol import PROTOCOL, REASON_OF
from screening.management.demonstration.topics import Outcome, Topic

COPD = (topics.COPD,)
KEYS = tuple(criterion.key for criterion in PROTOCOL.criteria)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: `form` None is a randomised trial. `truth` has one letter per criterion, in the protocol's order:
    y met, n not met, u unclear. `hard` is how easily a careful person errs on it."""

    name: str
    count: int
    form: Form | None
    truth: str
    hard: float
    populations: Sequence[Topic] = COPD
    interventions: Sequence[Topic] = topics.TELE
    comparators: Sequence[Topic] = topics.ELIGIBLE_COMPARATORS
    outcomes: Sequence[Outcome] = topics.OUTCOMES
    journals: Sequence[tuple[str, str]] = names.JOURNALS


OTHER = topics.OTHER_FOR_COPD
PLAN: tuple[Kind, ...] = (
    Kind("eligible trial", 46, None, "yyyyynn", 0.05),
    Kind("eligible trial, comparator not described", 7, None, "yyuyynn", 0.25, comparators=(Topic(("a control group", "controls")),)),
    Kind("trial of two forms of telerehabilitation", 8, None, "yynyynn", 0.20, comparators=topics.TELE),
    Kind("trial with process outcomes", 8, None, "yyynynn", 0.20, outcomes=topics.PROCESS_OUTCOMES),
    Kind("trial of another treatment", 44, None, "ynuuynn", 0.04, interventions=OTHER, comparators=topics.OTHER_COMPARATORS, outcomes=topics.GENERAL_OUTCOMES),
    Kind("trial in another population", 32, None, "nyyyynn", 0.05, populations=topics.OTHER_ADULTS, outcomes=topics.GENERAL_OUTCOMES),
    Kind("trial in children", 10, None, "nyyuynn", 0.01, populations=topics.CHILDREN, outcomes=topics.GENERAL_OUTCOMES, journals=names.CHILDREN),
    Kind("uncontrolled telerehabilitation", 18, observed.TELE_COHORT, "yynynnn", 0.12),
    Kind("cohort", 32, observed.COHORT, "ynnunnn", 0.01),
    Kind("case-control", 9, observed.CASE_CONTROL, "ynnnnnn", 0.01),
    Kind("survey", 13, observed.SURVEY, "yunnnnn", 0.02),
    Kind("qualitative", 12, observed.QUALITATIVE, "yynnnnn", 0.03),
    Kind("accuracy", 11, observed.ACCURACY, "ynnunnn", 0.02),
    Kind("case report", 13, observed.CASE_REPORT, "yunnnnn", 0.01),
    Kind("systematic review", 20, secondary.SYSTEMATIC, "yyyynyn", 0.08),
    Kind("narrative review", 9, secondary.NARRATIVE, "yyunnyn", 0.03),
    Kind("protocol", 12, secondary.PROTOCOL_PAPER, "yyyyyyn", 0.18),
    Kind("economic", 10, secondary.ECONOMIC, "yyynunn", 0.10, journals=names.ECONOMIC),
    Kind("opinion", 8, secondary.OPINION, "yyunnyn", 0.02),
    Kind("guideline", 3, secondary.GUIDELINE, "yyunnyn", 0.02),
    Kind("animal", 14, observed.ANIMAL, "nnnnnny", 0.0, journals=names.LABORATORY),
    Kind("in vitro", 8, observed.IN_VITRO, "nnnnnny", 0.0, journals=names.LABORATORY),
    Kind("off topic", 13, secondary.OFF_TOPIC, "unnnnnn", 0.0),
)  # fmt: skip


def truth(work: str, letters: str, hard: float) -> Truth:
    """The verdict follows from the criteria: a failed one excludes, all met include, the rest is for "maybe"."""
    judged = dict(zip(KEYS, ({"y": MET, "n": NOT_MET, "u": UNCLEAR}[letter] for letter in letters), strict=True))
    excluding = {c.key for c in PROTOCOL.criteria if judged[c.key] == (MET if c.polarity == "exclude" else NOT_MET)}
    if excluding:
        return Truth(work, judged, "exclude", min((REASON_OF[key] for key in excluding), key=PROTOCOL.reasons.index), hard)
    return Truth(work, judged, "maybe" if UNCLEAR in judged.values() else "include", "", hard)
