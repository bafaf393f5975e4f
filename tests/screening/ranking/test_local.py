"""The offline engine's opinion: conservative, verbatim, deterministic, light to import."""

import subprocess
import sys
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.ranking.local import Engine, LocalOpinion, LocalText
from tests.benchmarks.local_engine import DATA, load


@dataclass(frozen=True)
class Criterion:
    key: str
    text: str
    facet: str = "S"
    polarity: str = "include"
    label: str = ""


@dataclass(frozen=True)
class Decided:
    id: str
    title: str
    abstract: str
    verdict: str
    vector: np.ndarray | None = None


RANDOMISED = Criterion("s", "Randomised controlled trials")
ADULTS = Criterion("p", "Adults with chronic obstructive pulmonary disease (COPD)", "P")


def judgement(criterion: Criterion, title: str, abstract: str = "") -> tuple[str, tuple[str, ...]]:
    (judged,) = Engine.prepare([criterion]).judge(title, abstract).judgements
    return judged.judgement, judged.quotes


def decisions(n: int = 8) -> list[Decided]:
    wanted = [
        Decided(
            f"i{i}", f"Telerehabilitation in COPD, trial {i}", f"Video exercise at home in {i + 20} adults.", "include"
        )
        for i in range(n)
    ]
    other = [
        Decided(f"x{i}", f"Mouse emphysema model {i}", f"Smoke exposure of {i + 20} mice raised cytokines.", "exclude")
        for i in range(n)
    ]
    return wanted + other


def test_a_trial_that_says_it_was_randomised_meets_the_design_with_that_sentence() -> None:
    said = "We randomly assigned 120 participants to two groups."
    assert judgement(RANDOMISED, "Exercise in COPD", f"Breathlessness is common. {said} It helped.") == ("met", (said,))


def test_a_narrative_review_does_not_meet_randomised_trials_and_its_sentence_is_quoted() -> None:
    said = "This narrative review discusses exercise."
    assert judgement(RANDOMISED, "Exercise in COPD", f"Much is known. {said}") == ("not_met", (said,))


def test_a_meta_analysis_of_randomised_trials_is_not_one() -> None:
    title = "Exercise in COPD: a meta-analysis of randomised controlled trials"
    assert judgement(RANDOMISED, title) == ("not_met", (title,))


@pytest.mark.parametrize(
    "abstract",
    [
        "",
        "Outcomes improved.",
        "A randomised trial is warranted.",
        "Previous randomised trials were small.",
        "Patients were not randomised.",
    ],
)
def test_silence_or_talk_of_other_trials_never_meets_the_design(abstract: str) -> None:
    assert judgement(RANDOMISED, "Exercise in COPD", abstract)[0] != "met"


def test_children_by_age_range_are_contrary_to_adults() -> None:
    said = "Participants were children aged 6-12 years."
    assert judgement(ADULTS, "Asthma at school", f"Asthma is common. {said}") == ("not_met", (said,))


def test_children_beside_adults_are_no_contradiction() -> None:
    abstract = "We enrolled children aged 6-12 years and adults with asthma."
    assert judgement(ADULTS, "Asthma", abstract)[0] == "unclear"


def test_another_disease_is_unclear_because_nothing_says_that_the_asked_one_is_absent() -> None:
    assert judgement(ADULTS, "Exercise in adults with heart failure", "80 adults took part.")[0] == "unclear"


def test_animals_are_contrary_to_a_criterion_about_people() -> None:
    said = "Male Wistar rats were exposed to smoke."
    assert judgement(ADULTS, "Emphysema", said) == ("not_met", (said,))


def test_patients_without_the_disease_do_not_meet_it() -> None:
    assert judgement(ADULTS, "Healthy volunteers", "We enrolled 40 people without COPD.")[0] != "met"


def test_an_exclusion_criterion_is_met_when_what_it_describes_is_the_case() -> None:
    lab = Criterion("x", "Animal or in vitro studies", "S", "exclude")
    said = "C57BL/6 mice were exposed to smoke."
    assert judgement(lab, "Emphysema", said) == ("met", (said,))


def test_a_record_with_no_text_is_unclear_throughout_and_unsure() -> None:
    opinion = Engine.prepare([RANDOMISED, ADULTS]).judge("", "")
    assert ({j.judgement for j in opinion.judgements}, opinion.score, opinion.band) == ({"unclear"}, 0.5, "unsure")


def test_with_too_few_decisions_the_criteria_alone_order() -> None:
    assert Engine.prepare([ADULTS], decisions(4)).judge("COPD", "Adults.").basis == "criteria"


def test_decisions_move_the_score_and_name_the_records_and_words_that_did() -> None:
    engine = Engine.prepare([ADULTS], decisions(), question="telerehabilitation")
    near = engine.judge("Telerehabilitation by video for COPD", "Exercise at home in adults.")
    far = engine.judge("Mouse model of smoke exposure", "Cytokines in mice.")
    assert near.score > 0.5 > far.score
    assert {n.verdict for n in near.neighbours} == {"include"}
    assert {n.verdict for n in far.neighbours} == {"exclude"}
    assert dict(near.terms)["telerehabilitation"] > 0 > dict(far.terms)["mouse"]


def test_nothing_is_ever_called_calibrated() -> None:
    assert Engine.prepare([ADULTS], decisions()).judge("Telerehabilitation", "COPD").method == "uncalibrated"


def test_the_order_of_the_decisions_does_not_matter() -> None:
    one = Engine.prepare([ADULTS], decisions()).judge("Telerehabilitation in COPD", "At home.")
    two = Engine.prepare([ADULTS], decisions()[::-1]).judge("Telerehabilitation in COPD", "At home.")
    assert one == two


def test_vectors_bring_neighbours_that_share_no_word() -> None:
    towards = {"include": np.array([1, 0], dtype=np.float32), "exclude": np.array([0, 1], dtype=np.float32)}
    decided = [replace(d, vector=towards[d.verdict]) for d in decisions()]
    engine = Engine.prepare([], decided)
    scores = [engine.judge("Something else", "entirely", towards[verdict]).score for verdict in ("include", "exclude")]
    assert scores[0] > 0.5 > scores[1]


def test_embedded_sentences_can_meet_a_criterion_that_shares_no_word_with_them() -> None:
    def embed(texts: list[str]) -> np.ndarray:
        return np.array(
            [[1.0, 0.0] if "COPD" in t or "emphysema" in t else [0.0, 1.0] for t in texts], dtype=np.float32
        )

    engine = Engine.prepare([ADULTS], embed=embed)
    (judged,) = engine.judge("Lungs", "Patients had emphysema. It rained.").judgements
    assert (judged.judgement, judged.quotes) == ("met", ("Patients had emphysema.",))


WORDS = st.lists(
    st.sampled_from(
        [
            "COPD",
            "randomised",
            "mice",
            "children aged 6-12 years",
            "patients",
            "were",
            "not",
            "review",
            "vs.",
            "This",
            ".",
            "?",
            "é ",
            "\u200b",
        ]
    ),
    max_size=40,
).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(title=WORDS, abstract=WORDS | st.text(max_size=200))
def test_every_quote_stands_in_the_text_and_every_word_is_from_the_closed_lists(title: str, abstract: str) -> None:
    opinion: LocalOpinion = Engine.prepare([RANDOMISED, ADULTS]).judge(title, abstract)
    for judged in opinion.judgements:
        assert judged.judgement in {"met", "not_met", "unclear"}
        assert all(quote and (quote in title or quote in abstract) for quote in judged.quotes)
        assert judged.quotes or judged.judgement == "unclear"
    assert 0 <= opinion.score <= 1
    assert opinion.band in {"clear", "leaning", "unsure"}


def test_one_endless_line_is_read_in_a_second() -> None:
    assert Engine.prepare([RANDOMISED, ADULTS]).judge("x", "patients were not " * 500_000).band == "unsure"


def test_importing_the_engine_loads_neither_sklearn_nor_numpy_nor_django() -> None:
    code = (
        "import sys, screening.ranking.local; "
        "print([m for m in ('sklearn', 'scipy', 'numpy', 'django', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_exclusion_criterion_that_is_met_speaks_against() -> None:
    criteria = [RANDOMISED, Criterion("x", "Animal or in vitro studies", "S", "exclude")]
    rationale = Engine.prepare(criteria).judge("Emphysema", "C57BL/6 mice were exposed to smoke.").rationale
    assert "0 speak for inclusion, 2 against; 0 unclear" in rationale


def test_many_at_once_are_judged_as_each_alone() -> None:
    near, far = np.array([1.0, 0.0], dtype=np.float32), np.array([0.6, 0.8], dtype=np.float32)
    decided = [replace(one, vector=near if one.verdict == "include" else far) for one in decisions()]
    engine = Engine.prepare([RANDOMISED, ADULTS], decided, background=["Something else."], question="COPD at home")
    texts = [
        LocalText("Telerehabilitation in COPD", "Exercise by video. We randomised 30 adults.", near),
        LocalText("Mouse emphysema", "Smoke exposure of mice.", far),
        LocalText("", ""),
        LocalText("Cytokines and smoke", "A narrative review of mice and men."),
        LocalText("A paper", "", None, "We randomly assigned adults with COPD to two groups."),
    ]
    alone = [engine.judge(one.title, one.abstract, one.vector, one.passages) for one in texts]
    assert engine.judge_many(texts) == alone
    assert engine.judge_many(texts[::-1]) == alone[::-1]
    assert engine.judge_many([]) == []


@pytest.mark.skipif(not DATA.is_dir(), reason="the published screening sets are not on this machine")
@pytest.mark.parametrize("name", ["Kwok_2020", "CDSS_RO"])
def test_on_published_records_too(name: str) -> None:
    rows = load(name)
    wanted = [row for row in rows if row.verdict == "include"][:10]
    engine = Engine.prepare([RANDOMISED, ADULTS], [*wanted, *rows[60:80]], question="Viruses", background=["A text."])
    texts = [LocalText(row.title, row.abstract) for row in rows[:60]]
    assert engine.judge_many(texts) == [engine.judge(row.title, row.abstract) for row in rows[:60]]
