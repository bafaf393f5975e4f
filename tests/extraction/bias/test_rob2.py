"""EXT-08: RoB 2. Every path through every domain, against tables written from the published flow charts.

A line of a table is one arrow: for each question "Y" (yes, probably yes), "N" (no, probably no), "?" (no information),
"-" (not applicable), several of them, "*" (any answer) or "." (not asked). Each path must match exactly one line.
"""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.bias import INSTRUMENTS, Domain, asked, judge, overall

CLASSES = {
    "Y": ("Y", "PY"),
    "N": ("N", "PN"),
    "?": ("NI",),
    "-": ("NA",),
    ".": ("",),
    "*": ("Y", "PY", "PN", "N", "NI"),
}

RANDOMIZATION = """
    * N *    high
    * ? Y    high
    * ? N?   some
    N Y *    some
    Y? Y Y   some
    Y? Y N?  low
"""
# Guidance, domain 2, effect of assignment: part 1 (2.1 to 2.5) and part 2 (2.6, 2.7); the domain is the worse of both.
DEVIATIONS = """
    N N . . .      low
    Y? * N . .     low
    N Y? N . .     low
    Y? * ? . .     some
    N Y? ? . .     some
    Y? * Y N .     some
    N Y? Y N .     some
    Y? * Y Y? Y    some
    N Y? Y Y? Y    some
    Y? * Y Y? N?   high
    N Y? Y Y? N?   high
"""
INTENTION = """
    Y .     low
    N? N    some
    N? Y?   high
"""
ADHERING = """
    N N . N- N- .         low
    N N . Y? N-Y? Y       some
    N N . N- Y? Y         some
    N N . Y? N-Y? N?      high
    N N . N- Y? N?        high
    Y? * Y- N- N- .       low
    N Y? Y- N- N- .       low
    Y? * Y- Y? N-Y? Y     some
    N Y? Y- Y? N-Y? Y     some
    Y? * Y- N- Y? Y       some
    N Y? Y- N- Y? Y       some
    Y? * Y- Y? N-Y? N?    high
    N Y? Y- Y? N-Y? N?    high
    Y? * Y- N- Y? N?      high
    N Y? Y- N- Y? N?      high
    Y? * N? N-Y? N-Y? Y   some
    N Y? N? N-Y? N-Y? Y   some
    Y? * N? N-Y? N-Y? N?  high
    N Y? N? N-Y? N-Y? N?  high
"""
MISSING = """
    Y . . .     low
    N? Y . .    low
    N? N N .    low
    N? N Y? N   some
    N? N Y? Y?  high
"""
MEASUREMENT = """
    Y * . . .       high
    N? Y . . .      high
    N? N N . .      low
    N? N Y? N .     low
    N? N Y? Y? N    some
    N? N Y? Y? Y?   high
    N? ? N . .      some
    N? ? Y? N .     some
    N? ? Y? Y? N    some
    N? ? Y? Y? Y?   high
"""
REPORTING = """
    * Y *    high
    * N? Y   high
    * N ?    some
    * ? N?   some
    N? N N   some
    Y N N    low
"""


def lines(table: str) -> list[tuple[tuple[str, ...], str]]:
    split = [line.split() for line in table.strip().splitlines()]
    return [(tuple(patterns), code) for *patterns, code in split]


def matches(patterns: tuple[str, ...], given: tuple[str, ...]) -> bool:
    return len(patterns) == len(given) and all(
        answer in {code for sign in pattern for code in CLASSES[sign]}
        for pattern, answer in zip(patterns, given, strict=True)
    )


def said(table: str, given: tuple[str, ...]) -> str:
    (code,) = {code for patterns, code in lines(table) if matches(patterns, given)}  # fails on no line, or on two codes
    return code


def paths(domain: Domain) -> Iterator[dict[str, str]]:
    """Walk every way to answer a domain, asking only what is asked."""

    def step(at: int, answers: dict[str, str]) -> Iterator[dict[str, str]]:
        if at == len(domain.questions):
            yield answers
            return
        question = domain.questions[at]
        if question not in asked(domain, answers):
            yield from step(at + 1, answers)
            return
        for option in question.options:
            yield from step(at + 1, {**answers, question.key: option.code})

    return step(0, {})


def given_in(domain: Domain, answers: dict[str, str]) -> tuple[str, ...]:
    return tuple(answers.get(question.key, "") for question in domain.questions)


@pytest.mark.parametrize(
    ("instrument", "key", "table", "many"),
    [
        ("rob2", "d1", RANDOMIZATION, 125),
        ("rob2_adhering", "d2", ADHERING, 1000),
        ("rob2", "d3", MISSING, 2 + 3 * 2 + 3 * 2 * (2 + 3 * 5)),
        ("rob2", "d4", MEASUREMENT, 10 + 6 + 9 * (2 + 3 * (2 + 3 * 5))),
        ("rob2", "d5", REPORTING, 125),
    ],
)
def test_every_path_of_a_domain_ends_where_the_flow_chart_says(
    instrument: str, key: str, table: str, many: int
) -> None:
    tool = INSTRUMENTS[instrument]
    domain = tool.domain(key)
    walked = list(paths(domain))
    assert len(walked) >= many
    for answers in walked:
        judged = judge(tool, key, answers)
        assert judged.code == said(table, given_in(domain, answers)), answers
        assert judged.why.endswith(".")
    for patterns, _ in lines(table):
        assert any(matches(patterns, given_in(domain, answers)) for answers in walked), f"no path takes {patterns}"


def test_every_path_of_assignment_is_the_worse_of_deviations_and_analysis() -> None:
    tool = INSTRUMENTS["rob2"]
    domain = tool.domain("d2")
    rank = ("low", "some", "high")
    seen = set()
    for answers in paths(domain):
        given = given_in(domain, answers)
        parts = said(DEVIATIONS, given[:5]), said(INTENTION, given[5:])
        assert judge(tool, "d2", answers).code == max(parts, key=rank.index), answers
        seen.add(parts)
    assert len(seen) == 9


ARROWS = [
    # (what the chart says, instrument, domain, answers, judgement)
    ("1.2 no", "rob2", "d1", "Y N N", "high"),
    ("1.2 no information, 1.3 yes", "rob2", "d1", "Y NI Y", "high"),
    ("1.2 no information, 1.3 no", "rob2", "d1", "Y NI N", "some"),
    ("1.2 yes, 1.1 no", "rob2", "d1", "PN PY N", "some"),
    ("1.2 yes, 1.1 no information, 1.3 no information", "rob2", "d1", "NI Y NI", "low"),
    ("1.2 yes, 1.1 yes, 1.3 yes", "rob2", "d1", "Y Y PY", "some"),
    ("2.1 and 2.2 no, 2.6 yes", "rob2", "d2", "N PN . . . Y .", "low"),
    ("2.1 no information, 2.3 no", "rob2", "d2", "NI N N . . Y .", "low"),
    ("2.3 no information", "rob2", "d2", "Y N NI . . Y .", "some"),
    ("2.4 no", "rob2", "d2", "Y N Y N . Y .", "some"),
    ("2.5 yes", "rob2", "d2", "Y N Y Y Y Y .", "some"),
    ("2.5 no information", "rob2", "d2", "Y N Y NI NI Y .", "high"),
    ("2.6 no, 2.7 no", "rob2", "d2", "N N . . . N PN", "some"),
    ("2.6 no information, 2.7 no information", "rob2", "d2", "N N . . . NI NI", "high"),
    ("adhering: nobody knew, nothing failed", "rob2_adhering", "d2", "N N . N NA .", "low"),
    ("adhering: nobody knew, adherence failed, fit analysis", "rob2_adhering", "d2", "N N . N Y Y", "some"),
    ("adhering: other care uneven, unfit analysis", "rob2_adhering", "d2", "Y N N N N N", "high"),
    ("adhering: other care set aside", "rob2_adhering", "d2", "Y Y NA NA N .", "low"),
    ("3.1 yes", "rob2", "d3", "PY . . .", "low"),
    ("3.2 yes", "rob2", "d3", "NI PY . .", "low"),
    ("3.3 no", "rob2", "d3", "N N N .", "low"),
    ("3.4 no", "rob2", "d3", "N N NI N", "some"),
    ("3.4 no information", "rob2", "d3", "N PN Y NI", "high"),
    ("4.1 yes", "rob2", "d4", "Y N . . .", "high"),
    ("4.2 yes", "rob2", "d4", "NI PY . . .", "high"),
    ("4.3 no", "rob2", "d4", "N N N . .", "low"),
    ("4.4 no", "rob2", "d4", "N N NI N .", "low"),
    ("4.5 no", "rob2", "d4", "N N Y NI PN", "some"),
    ("4.5 no information", "rob2", "d4", "N N Y Y NI", "high"),
    ("4.2 no information, 4.3 no", "rob2", "d4", "N NI N . .", "some"),
    ("4.2 no information, 4.4 no", "rob2", "d4", "NI NI Y N .", "some"),
    ("5.2 yes", "rob2", "d5", "Y PY N", "high"),
    ("5.3 no information", "rob2", "d5", "Y N NI", "some"),
    ("5.2 and 5.3 no, 5.1 no information", "rob2", "d5", "NI N N", "some"),
    ("5.2 and 5.3 no, 5.1 yes", "rob2", "d5", "PY PN N", "low"),
]


@pytest.mark.parametrize(("arrow", "instrument", "key", "codes", "wanted"), ARROWS, ids=[row[0] for row in ARROWS])
def test_an_arrow_of_the_flow_chart(arrow: str, instrument: str, key: str, codes: str, wanted: str) -> None:
    tool = INSTRUMENTS[instrument]
    keys = [question.key for question in tool.domain(key).questions]
    answers = {k: code for k, code in zip(keys, codes.split(), strict=True) if code != "."}
    assert judge(tool, key, answers).code == wanted


domains = st.sampled_from([(tool, key) for tool in ("rob2", "rob2_adhering") for key in ("d1", "d2", "d3", "d4", "d5")])


@given(domains, st.data())
def test_an_answer_to_a_question_that_is_not_asked_changes_nothing(place: tuple[str, str], data: st.DataObject) -> None:
    tool = INSTRUMENTS[place[0]]
    domain = tool.domain(place[1])
    answers = {q.key: data.draw(st.sampled_from([o.code for o in q.options])) for q in domain.questions}
    live: dict[str, str] = {}
    for question in domain.questions:
        if question in asked(domain, live):
            live[question.key] = answers[question.key]
    assert judge(tool, domain.key, answers) == judge(tool, domain.key, live)


@given(domains, st.data())
def test_no_judgement_before_every_asked_question_is_answered(place: tuple[str, str], data: st.DataObject) -> None:
    tool = INSTRUMENTS[place[0]]
    answers = data.draw(st.sampled_from(list(paths(tool.domain(place[1])))))
    dropped = data.draw(st.sampled_from(sorted(answers)))
    judged = judge(tool, place[1], {key: code for key, code in answers.items() if key != dropped})
    assert judged.code == ""
    assert dropped in judged.waiting
    assert judged.why.startswith("Waits for")


def test_the_overall_judgement_is_the_worst_domain_and_leaves_the_sum_of_concerns_to_people() -> None:
    tool = INSTRUMENTS["rob2"]
    low = dict.fromkeys(tool.keys, "low")
    assert overall(tool, low).code == "low"
    one = overall(tool, {**low, "d3": "some"})
    assert (one.code, one.why) == ("some", "Some concerns in domain 3, high risk in none.")
    several = overall(tool, {**low, "d3": "some", "d4": "some"})
    assert several.code == "some"
    assert "Raise it to high risk if" in several.why
    assert overall(tool, {**low, "d3": "some", "d5": "high"}).code == "high"
    assert overall(tool, {**low, "d3": ""}).waiting == ("d3",)
    with pytest.raises(ValueError, match="no judgement 'fine'"):
        overall(tool, {**low, "d3": "fine"})


def test_an_answer_that_is_not_offered_is_refused() -> None:
    with pytest.raises(ValueError, match=r"3\.2 has no answer 'NI'"):
        judge(INSTRUMENTS["rob2"], "d3", {"d3_1": "N", "d3_2": "NI"})


def test_the_published_numbers_of_questions_are_there() -> None:
    counts = {key: [len(d.questions) for d in tool.domains] for key, tool in INSTRUMENTS.items()}
    assert counts["rob2"] == [3, 7, 4, 5, 3]
    assert counts["rob2_adhering"] == [3, 6, 4, 5, 3]
    assert counts["quadas2"] == [3, 0, 2, 0, 2, 0, 4]
    assert counts["robins_i"] == [8, 5, 3, 2, 5, 4, 3]
    assert counts["nos_cohort"] == [4, 2, 3]
    assert counts["nos_case_control"] == [4, 2, 3]
