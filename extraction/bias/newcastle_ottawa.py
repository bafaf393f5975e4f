"""The Newcastle–Ottawa scale for cohort and case–control studies, as a form that counts its stars.

Wells GA, Shea B, O'Connell D, et al. The Newcastle-Ottawa Scale (NOS) for assessing the quality of nonrandomised
studies in meta-analyses. Ottawa Hospital Research Institute. Up to four stars for selection, two for comparability,
three for outcome or exposure. The scale has no published threshold for a good study, so none is given. Our own
words throughout.
"""

from collections.abc import Mapping

from extraction.bias.instrument import Answers, Domain, Instrument, Judgement, Level, Option, Question

STAR = " ★"  # at the end of an answer's label: it earns a star
SOURCE = "Newcastle–Ottawa scale (Wells et al., Ottawa Hospital Research Institute)"
Item = tuple[str, tuple[str, ...]]


def _domain(key: str, title: str, items: tuple[Item, ...]) -> Domain:
    questions = tuple(
        Question(
            f"{key}_{at}",
            f"{key.removeprefix('d')}.{at}",
            text,
            tuple(Option(code, label) for code, label in zip("abcde", labels, strict=False)),
        )
        for at, (text, labels) in enumerate(items, start=1)
    )
    most = len(questions)
    levels = tuple(Level(str(count), f"{count} of {most} stars", str(count)) for count in range(most + 1))

    def rule(answers: Answers) -> Judgement:
        earned = [q.number for q in questions for o in q.options if o.code == answers[q.key] and o.label.endswith(STAR)]
        return Judgement(str(len(earned)), f"Stars for {', '.join(earned)}." if earned else "No answer earns a star.")

    return Domain(key, title, title.split(" ", maxsplit=1)[0], questions, levels, rule)


COMPARABILITY: tuple[Item, ...] = (
    (
        "Are the groups comparable in the most important factor?",
        (f"Yes, by design or analysis{STAR}", "No, or not said"),
    ),
    ("Are they comparable in a further factor?", (f"Yes, by design or analysis{STAR}", "No, or not said")),
)
COHORT_SELECTION: tuple[Item, ...] = (
    (
        "How well does the exposed cohort stand for exposed people in the community?",
        (f"Truly{STAR}", f"Somewhat{STAR}", "It is a selected group, such as volunteers", "Not described"),
    ),
    (
        "Where does the unexposed cohort come from?",
        (f"The same community as the exposed{STAR}", "Elsewhere", "Not described"),
    ),
    (
        "How was exposure ascertained?",
        (f"Secure record{STAR}", f"Structured interview{STAR}", "Written self-report", "Not described"),
    ),
    ("Was it shown that nobody had the outcome at the start?", (f"Yes{STAR}", "No")),
)
COHORT_OUTCOME: tuple[Item, ...] = (
    (
        "How was the outcome assessed?",
        (f"Independently and blind{STAR}", f"By linking records{STAR}", "Self-report", "Not described"),
    ),
    ("Was follow-up long enough for the outcome to occur?", (f"Yes{STAR}", "No")),
    (
        "How complete was follow-up?",
        (
            f"Everyone is accounted for{STAR}",
            f"Few were lost, or those lost are described, and bias is unlikely{STAR}",
            "Many were lost, and they are not described",
            "Not described",
        ),
    ),
)
CASE_SELECTION: tuple[Item, ...] = (
    (
        "Is the definition of a case adequate?",
        (f"Yes, with independent validation{STAR}", "Yes, by linked records or self-report", "Not described"),
    ),
    (
        "Do the cases stand for all cases?",
        (f"All, or a clearly representative series{STAR}", "Selection is possible, or not said"),
    ),
    ("Where do the controls come from?", (f"The same community{STAR}", "Hospital", "Not described")),
    ("How are controls defined?", (f"They never had the outcome{STAR}", "Not described")),
)
CASE_EXPOSURE: tuple[Item, ...] = (
    (
        "How was exposure ascertained?",
        (
            f"Secure record{STAR}",
            f"Structured interview, blind to who is a case{STAR}",
            "Interview, not blind",
            "Written self-report, or medical record only",
            "Not described",
        ),
    ),
    ("Was it ascertained alike in cases and controls?", (f"Yes{STAR}", "No")),
    (
        "How many did not respond?",
        (f"The same share in both groups{STAR}", "Those who did not are described", "The shares differ, or not said"),
    ),
)


def overall(judged: Mapping[str, str]) -> Judgement:
    """Add the stars of the three domains: 0 to 9."""
    total = sum(int(count) for count in judged.values())
    parts = " + ".join(judged.values())
    return Judgement(str(total), f"{parts} stars. The scale has no published border between good and poor.")


def _instrument(key: str, design: str, selection: tuple[Item, ...], last: str, items: tuple[Item, ...]) -> Instrument:
    domains = (
        _domain("d1", "Selection", selection),
        _domain("d2", "Comparability", COMPARABILITY),
        _domain("d3", last, items),
    )
    most = sum(len(domain.questions) for domain in domains)
    return Instrument(
        key,
        f"Newcastle–Ottawa scale ({design} studies)",
        SOURCE,
        "study",
        domains,
        "Stars in all",
        tuple(Level(str(count), f"{count} of {most} stars", str(count)) for count in range(most + 1)),
        overall,
        f"For a {design} study. Each answer with a star earns one.",
    )


NOS_COHORT = _instrument("nos_cohort", "cohort", COHORT_SELECTION, "Outcome", COHORT_OUTCOME)
NOS_CASE_CONTROL = _instrument("nos_case_control", "case–control", CASE_SELECTION, "Exposure", CASE_EXPOSURE)
