"""ROBINS-I for non-randomized studies of interventions, as a form: seven domains, judged by people.

Sterne JA, Hernán MA, Reeves BC, et al. ROBINS-I: a tool for assessing risk of bias in non-randomised studies of
interventions. BMJ 2016;355:i4919. The paper gives no algorithm for a domain; overall is the worst domain (its table 3).
The questions ask what theirs ask, in our own words, for the effect of assignment.
"""

from collections.abc import Callable, Mapping

from extraction.bias.answers import FIVE, FOUR, NOS, YESES, among, is_no, is_yes
from extraction.bias.instrument import Answers, Domain, Instrument, Judgement, Level, Question, always

LEVELS = (
    Level("low", "Low risk", "+", "good"),
    Level("moderate", "Moderate risk", "!", "some"),
    Level("serious", "Serious risk", "−", "bad"),
    Level("critical", "Critical risk", "×", "worst"),
    Level("no_information", "No information", "?", "unknown"),
)
CONFOUNDED = among("d1_1", codes=YESES)


def _switching(answers: Answers) -> bool:
    """Follow-up was split by the intervention received, and switches depended on prognosis."""
    return CONFOUNDED(answers) and is_yes(answers.get("d1_2", "")) and is_yes(answers.get("d1_3", ""))


def _baseline_only(answers: Answers) -> bool:
    split, related = answers.get("d1_2", ""), answers.get("d1_3", "")
    return CONFOUNDED(answers) and (split in {*NOS, "NI"} or (is_yes(split) and related in {*NOS, "NI"}))


def _selected_by_outcome(answers: Answers) -> bool:
    return all(is_yes(answers.get(key, "")) for key in ("d2_1", "d2_2", "d2_3")) or is_no(answers.get("d2_4", ""))


def _and(*conditions: Callable[[Answers], bool]) -> Callable[[Answers], bool]:
    return lambda answers: all(condition(answers) for condition in conditions)


Asked = tuple[str, str, Callable[[Answers], bool]]


def _ask(text: str, condition: str = "", asked: Callable[[Answers], bool] = always) -> Asked:
    return text, condition, asked


def _domain(number: int, title: str, short: str, *asked: Asked) -> Domain:
    first_is_four = number == 1
    questions = tuple(
        Question(
            f"d{number}_{at}",
            f"{number}.{at}",
            text,
            FOUR if first_is_four and at == 1 else FIVE,
            "",
            f"Asked if {condition}." if condition else "",
            when,
        )
        for at, (text, condition, when) in enumerate(asked, start=1)
    )
    return Domain(f"d{number}", title, short, questions, LEVELS)


DOMAINS = (
    _domain(
        1,
        "Bias from confounding",
        "Confounding",
        _ask("Could other causes of the outcome differ between those who got the intervention and those who did not?"),
        _ask(
            "Was follow-up time divided by the intervention that people were on?",
            "1.1 is yes or probably yes",
            CONFOUNDED,
        ),
        _ask(
            "Did people stop or switch for reasons that also bear on the outcome?",
            "1.2 is yes or probably yes",
            _and(CONFOUNDED, among("d1_2", codes=YESES)),
        ),
        _ask(
            "Did the analysis control for all important confounders?",
            "1.2 or 1.3 is no, probably no or no information",
            _baseline_only,
        ),
        _ask(
            "Were those confounders measured validly and reliably?",
            "1.4 is yes or probably yes",
            _and(_baseline_only, among("d1_4", codes=YESES)),
        ),
        _ask(
            "Did the analysis control for something that the intervention may have changed?",
            "1.2 or 1.3 is no, probably no or no information",
            _baseline_only,
        ),
        _ask(
            "Did the analysis control for all important confounders, those that change over time included?",
            "1.3 is yes or probably yes",
            _switching,
        ),
        _ask(
            "Were those confounders measured validly and reliably?",
            "1.7 is yes or probably yes",
            _and(_switching, among("d1_7", codes=YESES)),
        ),
    ),
    _domain(
        2,
        "Bias in selecting participants into the study",
        "Selection",
        _ask("Did anything seen after the intervention began decide who was in the study or the analysis?"),
        _ask(
            "Is what decided it likely related to the intervention?",
            "2.1 is yes or probably yes",
            among("d2_1", codes=YESES),
        ),
        _ask(
            "Is what decided it likely caused by the outcome, or by a cause of the outcome?",
            "2.2 is yes or probably yes",
            _and(among("d2_1", codes=YESES), among("d2_2", codes=YESES)),
        ),
        _ask("Did follow-up begin when the intervention began, for most participants?"),
        _ask(
            "Did the analysis correct for such selection?",
            "2.2 and 2.3 are yes or probably yes, or 2.4 is no or probably no",
            _selected_by_outcome,
        ),
    ),
    _domain(
        3,
        "Bias in classifying interventions",
        "Classification",
        _ask("Are the intervention groups clearly defined?"),
        _ask("Was what defines them recorded when the intervention began?"),
        _ask("Could knowing the outcome, or its risk, have changed who was counted in which group?"),
    ),
    _domain(
        4,
        "Bias from deviations from the intended interventions",
        "Deviations",
        _ask("Did care depart from the intended intervention beyond what ordinary practice brings?"),
        _ask(
            "Were these departures uneven between groups and likely to have changed the outcome?",
            "4.1 is yes or probably yes",
            among("d4_1", codes=YESES),
        ),
    ),
    _domain(
        5,
        "Bias from missing data",
        "Missing data",
        _ask("Is the outcome there for all, or nearly all, participants?"),
        _ask("Were people left out because their intervention status is missing?"),
        _ask("Were people left out because other variables that the analysis needs are missing?"),
        _ask(
            "Are the share of missing data and its reasons alike in the groups?",
            "5.1 is no or probably no, or 5.2 or 5.3 is yes or probably yes",
            lambda answers: is_no(answers.get("d5_1", "")) or among("d5_2", "d5_3", codes=YESES)(answers),
        ),
        _ask(
            "Is there evidence that the result holds despite what is missing?",
            "5.1 is no or probably no, or 5.2 or 5.3 is yes or probably yes",
            lambda answers: is_no(answers.get("d5_1", "")) or among("d5_2", "d5_3", codes=YESES)(answers),
        ),
    ),
    _domain(
        6,
        "Bias in measuring outcomes",
        "Measurement",
        _ask("Could knowing the intervention have coloured the measurement of the outcome?"),
        _ask("Did those who assessed the outcome know the intervention?"),
        _ask("Were outcomes assessed in comparable ways in the groups?"),
        _ask("Were there errors of measurement that depended on the intervention?"),
    ),
    _domain(
        7,
        "Bias in choosing the reported result",
        "Reported result",
        _ask("Was the result likely picked from several measurements of the outcome?"),
        _ask("Was the result likely picked from several analyses?"),
        _ask("Was the result likely picked from several subgroups?"),
    ),
)


def overall(judged: Mapping[str, str]) -> Judgement:
    """Return the worst domain (ROBINS-I, table 3); missing information counts where nothing is serious or critical."""
    worst = next(
        (code for code in ("critical", "serious", "no_information", "moderate") if code in judged.values()), "low"
    )
    if worst == "low":
        return Judgement("low", "Low risk of bias in all seven domains.")
    where = ", ".join(key.removeprefix("d") for key, code in judged.items() if code == worst)
    label = next(level.label for level in LEVELS if level.code == worst)
    return Judgement(worst, f"{label} in domain {where}, which is the worst of the seven.")


ROBINS_I = Instrument(
    "robins_i",
    "ROBINS-I",
    "ROBINS-I, 2016 (Sterne et al., BMJ 2016;355:i4919)",
    "measure",
    DOMAINS,
    "Overall risk of bias",
    LEVELS,
    overall,
    "For one result of a non-randomized study of an intervention. People judge each domain.",
)
