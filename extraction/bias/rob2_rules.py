"""The algorithms of RoB 2: from the answers of a domain to its proposed judgement.

Higgins JPT, Savović J, Page MJ, Sterne JAC (editors). Revised Cochrane risk-of-bias tool for randomized trials (RoB 2),
22 August 2019: the flow chart of each domain. Each function takes complete answers (every asked question answered).
"""

from collections.abc import Mapping

from extraction.bias.answers import is_no, is_yes
from extraction.bias.instrument import Answers, Judgement, Level

LOW, SOME, HIGH = "low", "some", "high"
LEVELS = (
    Level(LOW, "Low risk", "+", "good"),
    Level(SOME, "Some concerns", "!", "some"),
    Level(HIGH, "High risk", "−", "bad"),
)
_RANK = (LOW, SOME, HIGH)


def randomization(answers: Answers) -> Judgement:
    """Domain 1."""
    random, hidden, odd = (answers[f"d1_{number}"] for number in (1, 2, 3))
    if is_no(hidden):
        return Judgement(HIGH, "The allocation was not concealed (1.2).")
    if not is_yes(hidden):
        if is_yes(odd):
            return Judgement(HIGH, "Nothing is said of concealment (1.2), and baseline differences look wrong (1.3).")
        return Judgement(SOME, "Nothing is said of concealment (1.2); baseline differences don't add to that (1.3).")
    if is_no(random):
        return Judgement(SOME, "The allocation was concealed (1.2), but its sequence was not random (1.1).")
    if is_yes(odd):
        return Judgement(SOME, "The allocation was concealed (1.2), but baseline differences look wrong (1.3).")
    return Judgement(LOW, "The allocation was concealed (1.2), and neither sequence nor baseline speaks against it.")


def assignment(answers: Answers) -> Judgement:
    """Domain 2 for the effect of assignment: the worse of deviations (2.1 to 2.5) and analysis (2.6, 2.7)."""
    return _worse(_deviations(answers), _intention_to_treat(answers))


def _deviations(answers: Answers) -> Judgement:
    if is_no(answers["d2_1"]) and is_no(answers["d2_2"]):
        return Judgement(LOW, "Neither participants nor those who treated them knew the group (2.1, 2.2).")
    arose = answers["d2_3"]
    if is_no(arose):
        return Judgement(LOW, "Groups were known, but no deviation arose from the trial itself (2.3).")
    if not is_yes(arose):
        return Judgement(SOME, "Groups were known, and nothing is said of deviations (2.3).")
    if is_no(answers["d2_4"]):
        return Judgement(SOME, "There were deviations (2.3), unlikely to have changed the outcome (2.4).")
    if is_yes(answers["d2_5"]):
        return Judgement(SOME, "Deviations may have changed the outcome (2.4), but alike in both groups (2.5).")
    return Judgement(HIGH, "Deviations may have changed the outcome (2.4), and not alike in both groups (2.5).")


def _intention_to_treat(answers: Answers) -> Judgement:
    if is_yes(answers["d2_6"]):
        return Judgement(LOW, "The analysis kept people in the group they were assigned to (2.6).")
    if is_no(answers["d2_7"]):
        return Judgement(SOME, "The analysis did not fit (2.6), with little room to change the result (2.7).")
    return Judgement(HIGH, "The analysis did not fit (2.6) and may have changed the result much (2.7).")


def adhering(answers: Answers) -> Judgement:
    """Domain 2 for the effect of adhering. Questions 2.3 to 2.5 may be set aside as not applicable."""
    known = not (is_no(answers["d2_1"]) and is_no(answers["d2_2"]))
    unbalanced = known and answers["d2_3"] not in ("NA", "Y", "PY")
    failed = any(answers[key] not in ("NA", "N", "PN") for key in ("d2_4", "d2_5"))
    if not unbalanced and not failed:
        who = "Other care was alike in the groups" if known else "Nobody knew the group"
        return Judgement(LOW, f"{who}, and neither delivery nor adherence failed (2.3 to 2.5).")
    trouble = (
        "Other care differed or may have (2.3)" if unbalanced else "Delivery or adherence may have failed (2.4, 2.5)"
    )
    if is_yes(answers["d2_6"]):
        return Judgement(SOME, f"{trouble}; the analysis allows for it (2.6).")
    return Judgement(HIGH, f"{trouble}, and the analysis does not allow for it (2.6).")


def missing_data(answers: Answers) -> Judgement:
    """Domain 3."""
    if is_yes(answers["d3_1"]):
        return Judgement(LOW, "Nearly everyone's outcome is there (3.1).")
    if is_yes(answers["d3_2"]):
        return Judgement(LOW, "Outcomes are missing (3.1), but there is evidence that the result holds (3.2).")
    if is_no(answers["d3_3"]):
        return Judgement(LOW, "Outcomes are missing (3.1), but that can't depend on their values (3.3).")
    if is_no(answers["d3_4"]):
        return Judgement(SOME, "Outcomes may be missing because of their values (3.3); that is not likely (3.4).")
    return Judgement(HIGH, "Outcomes are likely to be missing because of their values (3.4), or nothing is said of it.")


def measurement(answers: Answers) -> Judgement:
    """Domain 4. A method that may have differed for want of information keeps the result from low risk."""
    if is_yes(answers["d4_1"]):
        return Judgement(HIGH, "The method of measuring was not fit for the outcome (4.1).")
    if is_yes(answers["d4_2"]):
        return Judgement(HIGH, "The groups were, or may have been, measured in different ways (4.2).")
    best = LOW if is_no(answers["d4_2"]) else SOME
    unsaid = "" if best == LOW else "; nothing is said of whether groups were measured alike (4.2)"
    if is_no(answers["d4_3"]):
        return Judgement(best, f"Those who assessed the outcome did not know the group (4.3){unsaid}.")
    if is_no(answers["d4_4"]):
        return Judgement(best, f"Knowing the group could not change the assessment (4.4){unsaid}.")
    if is_no(answers["d4_5"]):
        return Judgement(SOME, "Knowing the group could change the assessment (4.4), but hardly did (4.5).")
    return Judgement(
        HIGH, "Knowing the group is likely to have changed the assessment (4.5), or nothing is said of it."
    )


def reporting(answers: Answers) -> Judgement:
    """Domain 5."""
    chosen = (answers["d5_2"], answers["d5_3"])
    if any(is_yes(answer) for answer in chosen):
        return Judgement(HIGH, "The result was likely picked from several measurements (5.2) or analyses (5.3).")
    if not all(is_no(answer) for answer in chosen):
        return Judgement(SOME, "Whether the result was picked can't be told (5.2, 5.3).")
    if is_yes(answers["d5_1"]):
        return Judgement(LOW, "The analysis follows a plan made before (5.1), and nothing was picked (5.2, 5.3).")
    return Judgement(SOME, "Nothing was picked (5.2, 5.3), but no plan made before is followed or known (5.1).")


def overall(judged: Mapping[str, str]) -> Judgement:
    """Combine the five domains. Several concerns may add up to high risk; only a person can say that they do."""
    codes = list(judged.values())
    if HIGH in codes:
        return Judgement(HIGH, f"High risk in {_domains(judged, HIGH)}.")
    if SOME in codes:
        more = " Raise it to high risk if together they make the result hard to trust." if codes.count(SOME) > 1 else ""
        return Judgement(SOME, f"Some concerns in {_domains(judged, SOME)}, high risk in none.{more}")
    return Judgement(LOW, "Low risk in every domain.")


def _domains(judged: Mapping[str, str], code: str) -> str:
    numbers = [key.removeprefix("d") for key, found in judged.items() if found == code]
    return f"domain {numbers[0]}" if len(numbers) == 1 else f"domains {', '.join(numbers)}"


def _worse(first: Judgement, second: Judgement) -> Judgement:
    """Return the worse with its reason; both reasons where they are equally bad."""
    if first.code == second.code:
        return Judgement(first.code, f"{first.why} {second.why}")
    return max(first, second, key=lambda judgement: _RANK.index(judgement.code))
