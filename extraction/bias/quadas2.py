"""QUADAS-2 for studies of diagnostic accuracy: risk of bias in four domains, applicability in three.

Whiting PF, Rutjes AWS, Westwood ME, et al. QUADAS-2: a revised tool for the quality assessment of diagnostic accuracy
studies. Ann Intern Med 2011;155:529–536. All yes: low risk; a no flags potential bias, which people then judge (it is
proposed as high); unclear only where too little is reported. The paper wants no score: overall is "low" only where
every domain is. The questions ask what theirs ask, in our own words.
"""

from collections.abc import Callable, Mapping

from extraction.bias.instrument import Answers, Domain, Instrument, Judgement, Level, Option, Question

YES, NO, UNCLEAR = Option("yes", "Yes"), Option("no", "No"), Option("unclear", "Unclear")
THREE = (YES, NO, UNCLEAR)
FOUR = (*THREE, Option("na", "Not applicable"))
RISK = (
    Level("low", "Low risk", "+", "good"),
    Level("unclear", "Unclear risk", "?", "unknown"),
    Level("high", "High risk", "−", "bad"),
)
CONCERN = (
    Level("low", "Low concern", "+", "good"),
    Level("unclear", "Unclear concern", "?", "unknown"),
    Level("high", "High concern", "−", "bad"),
)
OVERALL = (Level("low", "Low risk of bias", "+", "good"), Level("at_risk", "At risk of bias", "−", "bad"))


def _rule(numbers: Mapping[str, str]) -> Callable[[Answers], Judgement]:
    """Return the rule of a domain whose questions are {key: number}."""

    def judged(answers: Answers) -> Judgement:
        noes = [number for key, number in numbers.items() if answers[key] == "no"]
        if noes:
            why = f"Potential for bias: no to {', '.join(noes)}. Judge it lower only with a reason."
            return Judgement("high", why)
        unclear = [number for key, number in numbers.items() if answers[key] == "unclear"]
        if unclear:
            return Judgement("unclear", f"Too little is reported to answer {', '.join(unclear)}.")
        return Judgement("low", "Every question that applies is answered with yes.")

    return judged


def _domain(key: str, title: str, short: str, *asked: tuple[str, str, tuple[Option, ...]]) -> Domain:
    number = key.removeprefix("d")
    questions = tuple(
        Question(f"{key}_{at}", f"{number}.{at}", text, options, help_text)
        for at, (text, help_text, options) in enumerate(asked, start=1)
    )
    rule = _rule({question.key: question.number for question in questions})
    return Domain(key, f"{title}: risk of bias", short, questions, RISK, rule)


def _concern(key: str, title: str, short: str, text: str) -> Domain:
    """A concern about applicability has no signalling questions; a person judges it."""
    return Domain(
        key, f"{title}: concern about applicability", f"{short} (applies?)", (), CONCERN, None, text, weighs=False
    )


PATIENTS = _domain(
    "d1",
    "Patient selection",
    "Patients",
    ("Were patients enrolled one after another, or as a random sample?", "", THREE),
    ("Was a design that starts from known cases and known healthy people avoided?", "", THREE),
    ("Were exclusions that would make the test look better or worse avoided?", "For example of hard cases.", THREE),
)
INDEX = _domain(
    "d2",
    "Index test",
    "Index test",
    ("Was the index test read without knowing the result of the reference standard?", "", THREE),
    (
        "Was the threshold, if there is one, fixed before the study?",
        "Not applicable where the test has no threshold.",
        FOUR,
    ),
)
REFERENCE = _domain(
    "d3",
    "Reference standard",
    "Reference",
    ("Is the reference standard good enough to tell who has the target condition?", "", THREE),
    ("Was the reference standard read without knowing the result of the index test?", "", THREE),
)
FLOW = _domain(
    "d4",
    "Flow and timing",
    "Flow",
    ("Was the time between index test and reference standard short enough?", "", THREE),
    ("Did every patient get a reference standard?", "", THREE),
    ("Did every patient get the same reference standard?", "", THREE),
    ("Was every patient counted in the analysis?", "", THREE),
)


def overall(judged: Mapping[str, str]) -> Judgement:
    """Say "low" where every domain is; anything else is "at risk of bias" (QUADAS-2, phase 4)."""
    other = [key for key, code in judged.items() if code != "low"]
    if not other:
        return Judgement("low", "Low risk of bias in all four domains.")
    return Judgement("at_risk", f"High or unclear risk in domain {', '.join(key.removeprefix('d') for key in other)}.")


QUADAS2 = Instrument(
    "quadas2",
    "QUADAS-2",
    "QUADAS-2 (Whiting et al., Ann Intern Med 2011;155:529–536)",
    "study",
    (
        PATIENTS,
        _concern("a1", "Patient selection", "Patients", "Do patients and setting differ from the review's question?"),
        INDEX,
        _concern(
            "a2", "Index test", "Index test", "Does the test, or how it was done, differ from the review's question?"
        ),
        REFERENCE,
        _concern(
            "a3", "Reference standard", "Reference", "Does its target condition differ from the review's question?"
        ),
        FLOW,
    ),
    "Overall risk of bias",
    OVERALL,
    overall,
    "For a study of the accuracy of a diagnostic test.",
)
