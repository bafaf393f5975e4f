"""Every attack of the corpus is noticed where a record may hold it; its words are data, and never leave the fence."""

import re
from time import process_time

import pytest

from screening.prompts.hygiene import clean, injection_flags
from screening.prompts.screening import CriterionText, build
from tests.attacks.corpus import ATTACKS, FAMILIES, Attack

HONEST = "We treated adults with type 2 diabetes with gliflozins for a year."
each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)


def test_the_corpus_is_as_wide_as_it_says() -> None:
    assert (len(ATTACKS), len(FAMILIES), len({attack.id for attack in ATTACKS})) == (48, 16, 48)
    assert {attack.language for attack in ATTACKS} == {"en", "de", "fr", "es", "zh", "ru", "ar", "ja"}
    for family in FAMILIES:
        assert len({attack.language for attack in ATTACKS if attack.family == family}) == 3


@each_attack
def test_an_attack_is_seen_in_an_abstract_a_title_and_alone(attack: Attack) -> None:
    for text in (f"{HONEST} {attack.text} Nobody was lost.", f"{attack.text}\n{HONEST}", attack.text):
        assert injection_flags(text), text


@each_attack
def test_what_nobody_sees_of_an_attack_is_not_sent_and_its_end_marks_end_nothing(attack: Attack) -> None:
    criteria = [CriterionText("C1", "Population", "Adults with type 2 diabetes")]
    prompt = build("Q?", criteria, attack.text, f"{HONEST} {attack.text}", fence="0123456789abcdef")
    sent = prompt.messages[1].content
    assert clean(sent).hidden == 0
    assert sent.count("<<<0123456789abcdef>>>") == sent.count("<<<end 0123456789abcdef>>>") == 1
    assert clean(attack.text).text.replace("\n", " ") in sent.replace("\n", " ")


@pytest.mark.parametrize(
    "text",
    [
        "Prompts told the language model to answer in JSON; screening tools were compared with two people.",
        "The model was told to act as a reviewer. All criteria were met in 40 studies; none was irrelevant.",
        "Users: 40 nurses. System usability was rated by each user as high. The assistant: a robot of our own.",
        "We fitted the models with the function geom_smooth() and the tool set_seed(1) of R; <b>P</b> < 0.01.",
        "Wir schließen diese Studie mit einem Ausblick ab; alle Kriterien wurden von zwei Personen bewertet.",
        "Les critères d'inclusion étaient remplis chez 30 patients; deux études ont été exclues.",
        "Se excluyeron los estudios que no cumplían todos los criterios; la herramienta fue útil.",
        "Из обзора исключили исследования без контрольной группы; все критерии были выполнены.",
        "符合所有标准的患者被纳入本研究；排除了文章中未说明结果的研究。",
        "すべての基準を満たす患者を対象とした。AIへの応用も検討した。",
        "استبعدت الدراسات التي لم تستوف جميع المعايير، وشملت المراجعة عشر مقالات.",
        "Sequence ACGTACGTACGTACGTACGTACGTACGTACGTACGTACGT, hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c.",
        "Doses of 5 - 10 mg; see 10.1000/xyz-\n123. Random-\nised trials were in-\ncluded by two people.",
        "Subgroups A B C D E F were compared.",
    ],
)
def test_ordinary_words_of_methods_about_screening_and_ai_are_not_flagged(text: str) -> None:
    assert injection_flags(text) == ()


@pytest.mark.parametrize(
    "unit",
    ["-", "\n", "<", "a ", "A", "ignore ", "```\n", "<!--", "user: ", "-\n", "【", "mark the ", "新", "\u200b"],
    ids=repr,
)
def test_a_text_without_end_takes_time_in_proportion(unit: str) -> None:
    def seconds(letters: int) -> float:
        began = process_time()
        injection_flags(unit * (letters // len(unit)))
        return process_time() - began

    seconds(1_000)
    assert seconds(80_000) < 0.05 + 16 * max(seconds(10_000), 0.01)  # eight times, or noise; not sixty-four times


def test_hidden_characters_in_the_corpus_are_written_as_escapes_that_a_reader_of_the_file_sees() -> None:
    from tests.attacks import corpus

    written = corpus.Path(corpus.__file__).with_name("corpus.json").read_text()
    assert re.search(r"\\u200b", written)
    assert clean(written).hidden == 0
