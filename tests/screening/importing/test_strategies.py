"""Words of search strategies as people paste them."""

import pytest

from screening.importing.strategies import words_of

OVID = """1. exp Diabetes Mellitus, Type 2/
2. (diabet* adj3 "non insulin dependent").ti,ab.
3. 1 or 2
4. telerehab$.mp.
5. (wom?n or m#n).tw.
6. limit 5 to english language
7. 5 not (case report or letter.pt.)"""
PUBMED = (
    '("Pulmonary Disease, Chronic Obstructive"[Mesh] OR COPD[tiab] OR "chronic bronchitis"[Title/Abstract]) '
    "AND (telerehabilitation OR tele-coaching[tiab]) NOT (animals[mh] NOT humans[mh])"
)


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        (OVID, ["Diabetes Mellitus", "Type 2", "diabet*", "non insulin dependent", "telerehab*", "wom*n", "m*n"]),
        (
            PUBMED,
            [
                "Pulmonary Disease, Chronic Obstructive",
                "COPD",
                "chronic bronchitis",
                "telerehabilitation",
                "tele-coaching",
            ],
        ),
        (
            "'asthma'/exp OR asthma*:ti,ab,kw OR (bronchial NEAR/3 hyperreact*):ti,ab",
            ["asthma", "asthma*", "bronchial", "hyperreact*"],
        ),
        ('TITLE-ABS-KEY(telerehab* OR "home based") AND TS=(copd)', ["telerehab*", "home based", "copd"]),
        ("#1 MeSH descriptor: [Asthma] explode all trees\n#2 wheeze:ti,ab\n#3 #1 OR #2", ["Asthma", "wheeze"]),
        ("", []),
        ("1 or 2\n((((\n* OR ?", []),
    ],
)
def test_words_are_taken_and_the_rest_left(strategy, words):
    assert words_of(strategy) == words


def test_what_stands_after_not_is_not_looked_for():
    assert words_of("asthma NOT (rats OR mice) AND adults") == ["asthma", "adults"]


@pytest.mark.parametrize("strategy", ["(" * 50_000, "NOT (" * 20_000, '"' * 99_999, "a" * 100_000, "exp " * 25_000])
def test_a_strange_strategy_comes_back(strategy):
    assert len(words_of(strategy)) <= 200
