"""RoB 2 for individually randomized, parallel-group trials; for the effect of assignment, and for that of adhering.

Sterne JAC, Savović J, Page MJ, et al. RoB 2: a revised tool for assessing risk of bias in randomised trials. BMJ
2019;366:l4898, in the version of 22 August 2019. The questions ask what theirs ask, in our own words.
"""

from extraction.bias import rob2_rules as rules
from extraction.bias.answers import FIVE, FOUR, NOS, SIX, UNKNOWN, YESES, among, is_no, is_yes
from extraction.bias.instrument import Answers, Domain, Instrument, Question

SOURCE = "RoB 2, 22 August 2019 (Sterne et al., BMJ 2019;366:l4898)"


def _known(answers: Answers) -> bool:
    """Participants, or those who treated them, knew the group or may have."""
    given = [answers.get(key, "") for key in ("d2_1", "d2_2")]
    return any(answer and not is_no(answer) for answer in given)


def _adherence_in_doubt(answers: Answers) -> bool:
    unbalanced = _known(answers) and answers.get("d2_3", "") in NOS | UNKNOWN
    return unbalanced or any(answers.get(key, "") in YESES | UNKNOWN for key in ("d2_4", "d2_5"))


def _not_all_there(answers: Answers) -> bool:
    return answers.get("d3_1", "") in NOS | UNKNOWN


def _may_depend(answers: Answers) -> bool:
    return _not_all_there(answers) and is_no(answers.get("d3_2", ""))


def _fit_and_alike(answers: Answers) -> bool:
    given = [answers.get(key, "") for key in ("d4_1", "d4_2")]
    return all(answer and not is_yes(answer) for answer in given)


def _assessor_knew(answers: Answers) -> bool:
    return _fit_and_alike(answers) and answers.get("d4_3", "") in YESES | UNKNOWN


RANDOMIZATION = Domain(
    "d1",
    "Bias from the randomization process",
    "Randomization",
    (
        Question(
            "d1_1",
            "1.1",
            "Did chance decide the order in which people were allocated?",
            FIVE,
            "Yes for a computer's random numbers, a table, tossing coins, drawing lots or minimization with a random"
            " part. No for alternation, dates, record numbers or a clinician's choice.",
        ),
        Question(
            "d1_2",
            "1.2",
            "Was the next allocation hidden from everyone until a person had been enrolled and assigned?",
            FIVE,
            "Yes for a central or pharmacy-run service, or numbered, opaque, sealed envelopes or identical containers.",
        ),
        Question(
            "d1_3",
            "1.3",
            "Do the groups differ at baseline in a way that points to a fault in randomization?",
            FIVE,
            "Look for sizes that don't fit the intended ratio, more differences than chance makes, or an imbalance in a"
            " key prognostic factor. Differences that chance explains count as no.",
        ),
    ),
    rules.LEVELS,
    rules.randomization,
)

AWARE = (
    Question("d2_1", "2.1", "Did participants know, during the trial, which group they were in?", FIVE),
    Question("d2_2", "2.2", "Did those who cared for them or delivered the interventions know it?", FIVE),
)
KNOWN = "Asked if 2.1 or 2.2 is yes, probably yes or no information."

ASSIGNMENT = Domain(
    "d2",
    "Bias from deviations from the intended interventions (effect of assignment)",
    "Deviations",
    (
        *AWARE,
        Question(
            "d2_3",
            "2.3",
            "Did the trial itself cause people to depart from the planned intervention?",
            FIVE,
            "Only what would not have happened in ordinary care, such as seeking other treatment out of disappointment"
            " with the group. Changes that the protocol allows don't count.",
            KNOWN,
            _known,
        ),
        Question(
            "d2_4",
            "2.4",
            "Could these departures have changed the outcome?",
            FIVE,
            "",
            "Asked if 2.3 is yes or probably yes.",
            lambda answers: _known(answers) and is_yes(answers.get("d2_3", "")),
        ),
        Question(
            "d2_5",
            "2.5",
            "Were these departures spread evenly over the groups?",
            FIVE,
            "",
            "Asked if 2.4 is yes, probably yes or no information.",
            lambda answers: (
                _known(answers) and is_yes(answers.get("d2_3", "")) and answers.get("d2_4", "") in YESES | UNKNOWN
            ),
        ),
        Question(
            "d2_6",
            "2.6",
            "Does the analysis fit the question of what being assigned to the intervention does?",
            FIVE,
            "Intention to treat, or its modification that leaves out only people with missing outcomes, fits. Naive"
            " per-protocol and as-treated analyses don't.",
        ),
        Question(
            "d2_7",
            "2.7",
            "Could the result have changed much because people were not analysed in the group they were assigned to?",
            FIVE,
            "Think of how many were counted in the wrong group or left out, and of how rare the event is.",
            "Asked if 2.6 is no, probably no or no information.",
            among("d2_6", codes=NOS | UNKNOWN),
        ),
    ),
    rules.LEVELS,
    rules.assignment,
)

ADHERING = Domain(
    "d2",
    "Bias from deviations from the intended interventions (effect of adhering)",
    "Deviations",
    (
        *AWARE,
        Question(
            "d2_3",
            "2.3",
            "Were important other treatments, outside the protocol, spread evenly over the groups?",
            SIX,
            "Not applicable where the review does not look at other treatments.",
            KNOWN,
            _known,
        ),
        Question(
            "d2_4",
            "2.4",
            "Was the intervention delivered so badly that it could have changed the outcome?",
            SIX,
            "Not applicable where the review does not look at delivery.",
        ),
        Question(
            "d2_5",
            "2.5",
            "Did people keep to their assigned intervention so little that it could have changed the outcome?",
            SIX,
            "Not applicable where the review does not look at adherence.",
        ),
        Question(
            "d2_6",
            "2.6",
            "Does the analysis fit the question of what keeping to the intervention does?",
            FIVE,
            "Instrumental variables, or inverse probability weights for those who stopped, fit. Intention to treat and"
            " naive per-protocol analyses don't.",
            "Asked if 2.3 is no, probably no or no information, or 2.4 or 2.5 is yes, probably yes or no information.",
            _adherence_in_doubt,
        ),
    ),
    rules.LEVELS,
    rules.adhering,
)

MISSING = Domain(
    "d3",
    "Bias from missing outcome data",
    "Missing data",
    (
        Question(
            "d3_1",
            "3.1",
            "Is this outcome there for all, or nearly all, randomized participants?",
            FIVE,
            "Imputed values count as missing. For a continuous outcome 95% is often enough; for events compare the"
            " number missing with the number of events.",
        ),
        Question(
            "d3_2",
            "3.2",
            "Is there evidence that what is missing did not bias the result?",
            FOUR,
            "An analysis that corrects for it, or sensitivity analyses that hardly move. Imputation alone is none.",
            "Asked if 3.1 is no, probably no or no information.",
            _not_all_there,
        ),
        Question(
            "d3_3",
            "3.3",
            "Could an outcome be missing because of what it was?",
            FIVE,
            "For example if people left because they felt worse. No where all reasons have nothing to do with it.",
            "Asked if 3.2 is no or probably no.",
            _may_depend,
        ),
        Question(
            "d3_4",
            "3.4",
            "Is it likely that outcomes are missing because of what they were?",
            FIVE,
            "Different numbers or reasons in the groups make it likely.",
            "Asked if 3.3 is yes, probably yes or no information.",
            lambda answers: _may_depend(answers) and answers.get("d3_3", "") in YESES | UNKNOWN,
        ),
    ),
    rules.LEVELS,
    rules.missing_data,
)

MEASUREMENT = Domain(
    "d4",
    "Bias in measuring the outcome",
    "Measurement",
    (
        Question(
            "d4_1",
            "4.1",
            "Was the way of measuring unfit for this outcome?",
            FIVE,
            "It is about the method, such as an instrument that is not valid, not about the choice of outcome.",
        ),
        Question(
            "d4_2",
            "4.2",
            "Could the groups have been measured, or events found, in different ways?",
            FIVE,
            "For example if one group had more visits, at which more events come to light.",
        ),
        Question(
            "d4_3",
            "4.3",
            "Did those who assessed the outcome know the participant's group?",
            FIVE,
            "For what participants report themselves, they are the assessors.",
            "Asked if neither 4.1 nor 4.2 is yes or probably yes.",
            _fit_and_alike,
        ),
        Question(
            "d4_4",
            "4.4",
            "Could knowing the group have coloured the assessment?",
            FIVE,
            "Death can't be coloured; pain can.",
            "Asked if 4.3 is yes, probably yes or no information.",
            _assessor_knew,
        ),
        Question(
            "d4_5",
            "4.5",
            "Is it likely that knowing the group coloured the assessment?",
            FIVE,
            "Strong beliefs about the intervention make it likely.",
            "Asked if 4.4 is yes, probably yes or no information.",
            lambda answers: _assessor_knew(answers) and answers.get("d4_4", "") in YESES | UNKNOWN,
        ),
    ),
    rules.LEVELS,
    rules.measurement,
)

REPORTING = Domain(
    "d5",
    "Bias in choosing the reported result",
    "Reported result",
    (
        Question(
            "d5_1",
            "5.1",
            "Was the analysis planned in detail before anyone saw unblinded outcomes, and then followed?",
            FIVE,
        ),
        Question(
            "d5_2",
            "5.2",
            "Was this number probably picked, for what it shows, from several scales, definitions or time points?",
            FIVE,
            "No where every planned measurement of the outcome is reported, or only one was possible.",
        ),
        Question(
            "d5_3",
            "5.3",
            "Was this number probably picked, for what it shows, from several analyses of the data?",
            FIVE,
            "Adjusted and unadjusted models, cut-offs, ways of handling missing data, final and change scores.",
        ),
    ),
    rules.LEVELS,
    rules.reporting,
)


def _instrument(key: str, effect: str, second: Domain) -> Instrument:
    return Instrument(
        key,
        f"RoB 2 (effect of {effect})",
        SOURCE,
        "measure",
        (RANDOMIZATION, second, MISSING, MEASUREMENT, REPORTING),
        "Overall risk of bias",
        rules.LEVELS,
        rules.overall,
        "For one result of an individually randomized, parallel-group trial.",
    )


ROB2 = _instrument("rob2", "assignment to the intervention", ASSIGNMENT)
ROB2_ADHERING = _instrument("rob2_adhering", "adhering to the intervention", ADHERING)
