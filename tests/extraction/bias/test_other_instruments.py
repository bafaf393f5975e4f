"""EXT-08: QUADAS-2 (every path), ROBINS-I and Newcastle–Ottawa (totals as published)."""

from itertools import product

import pytest

from extraction.bias import INSTRUMENTS, judge, overall
from extraction.bias.judging import not_asked

QUADAS2, ROBINS_I = INSTRUMENTS["quadas2"], INSTRUMENTS["robins_i"]


@pytest.mark.parametrize("key", ["d1", "d2", "d3", "d4"])
def test_every_answer_of_quadas2_is_judged_as_published(key: str) -> None:
    """All yes (or not applicable): low; any no: potential for bias; else unclear."""
    questions = QUADAS2.domain(key).questions
    for codes in product(*[[option.code for option in question.options] for question in questions]):
        wanted = "high" if "no" in codes else "unclear" if "unclear" in codes else "low"
        judged = judge(QUADAS2, key, {q.key: code for q, code in zip(questions, codes, strict=True)})
        assert judged.code == wanted
        assert judged.why.endswith(".")


def test_quadas2_names_the_questions_behind_a_judgement() -> None:
    judged = judge(QUADAS2, "d4", {"d4_1": "yes", "d4_2": "no", "d4_3": "unclear", "d4_4": "no"})
    assert judged.why.startswith("Potential for bias: no to 4.2, 4.4.")


def test_only_the_threshold_may_not_apply() -> None:
    keys = [q.key for d in QUADAS2.domains for q in d.questions for o in q.options if o.code == "na"]
    assert keys == ["d2_2"]


def test_quadas2_is_low_only_where_every_domain_is_and_applicability_does_not_count() -> None:
    low = {"d1": "low", "d2": "low", "d3": "low", "d4": "low"}
    assert overall(QUADAS2, low).code == "low"
    assert overall(QUADAS2, {**low, "a1": "high"}).code == "low"
    for key, code in product(low, ("high", "unclear")):
        assert overall(QUADAS2, {**low, key: code}).code == "at_risk"


def test_applicability_is_judged_by_people_alone() -> None:
    assert judge(QUADAS2, "a1", {}).code == ""
    assert [domain.key for domain in QUADAS2.domains if not domain.weighs] == ["a1", "a2", "a3"]


def test_robins_i_overall_is_the_worst_domain() -> None:
    codes = ("low", "moderate", "serious", "critical", "no_information")
    order = ("critical", "serious", "no_information", "moderate", "low")
    for pair in product(codes, repeat=2):
        judged = dict.fromkeys(ROBINS_I.keys, "low") | {"d1": pair[0], "d5": pair[1]}
        assert overall(ROBINS_I, judged).code == min(pair, key=order.index)


def test_robins_i_asks_what_its_earlier_answers_call_for() -> None:
    left_out = not_asked("robins_i", {"d1_1": "N"})
    assert {f"d1_{number}" for number in range(2, 9)} <= set(left_out)
    split = {"d1_1": "Y", "d1_2": "Y", "d1_3": "Y", "d1_7": "Y"}
    assert [key for key in not_asked("robins_i", split) if key.startswith("d1")] == ["d1_4", "d1_5", "d1_6"]
    baseline = {"d1_1": "PY", "d1_2": "NI", "d1_4": "N"}
    assert [key for key in not_asked("robins_i", baseline) if key.startswith("d1")] == ["d1_3", "d1_5", "d1_7", "d1_8"]
    assert "d2_5" not in not_asked("robins_i", {"d2_1": "N", "d2_4": "N"})
    assert "d5_4" in not_asked("robins_i", {"d5_1": "Y", "d5_2": "N", "d5_3": "N"})


@pytest.mark.parametrize(("key", "last"), [("nos_cohort", "Outcome"), ("nos_case_control", "Exposure")])
def test_a_perfect_study_gets_nine_stars_of_four_two_and_three(key: str, last: str) -> None:
    tool = INSTRUMENTS[key]
    answers = {question.key: "a" for domain in tool.domains for question in domain.questions}
    judged = {domain.key: judge(tool, domain.key, answers).code for domain in tool.domains}
    assert judged == {"d1": "4", "d2": "2", "d3": "3"}
    assert overall(tool, judged).code == "9"
    assert tool.domains[2].title == last


@pytest.mark.parametrize(
    ("key", "starred"),
    [
        (
            "nos_cohort",
            {"d1_1": "ab", "d1_2": "a", "d1_3": "ab", "d1_4": "a", "d2_1": "a", "d2_2": "a"}
            | {"d3_1": "ab", "d3_2": "a", "d3_3": "ab"},
        ),
        (
            "nos_case_control",
            {"d1_1": "a", "d1_2": "a", "d1_3": "a", "d1_4": "a", "d2_1": "a", "d2_2": "a"}
            | {"d3_1": "ab", "d3_2": "a", "d3_3": "a"},
        ),
    ],
)
def test_the_published_answers_earn_a_star_and_no_others(key: str, starred: dict[str, str]) -> None:
    for domain in INSTRUMENTS[key].domains:
        for question, other in product(domain.questions, "abcde"):
            if other not in {option.code for option in question.options}:
                continue
            answers = {q.key: "a" if q != question else other for q in domain.questions}
            lost = len(domain.questions) - int(judge(INSTRUMENTS[key], domain.key, answers).code)
            assert lost == (0 if other in starred[question.key] else 1), (question.key, other)
