"""What a judgement is called, and its colour: green speaks for inclusion, red against, whatever the polarity."""

import pytest
from django.template.loader import render_to_string


@pytest.mark.parametrize(
    ("judgement", "polarity", "word", "tone"),
    [
        ("met", "include", "met", "include"),
        ("not_met", "include", "not met", "exclude"),
        ("met", "exclude", "applies", "exclude"),
        ("not_met", "exclude", "does not apply", "include"),
        ("unclear", "exclude", "unclear", "maybe"),
    ],
)
def test_a_judgement_says_what_it_speaks_for(judgement: str, polarity: str, word: str, tone: str) -> None:
    html = render_to_string("components/judgement.html", {"judgement": judgement, "polarity": polarity})
    assert f"is-{tone}" in html
    assert f"</svg>{word}</span>" in html
