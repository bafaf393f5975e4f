"""Names that people give to tags and filters: what looks alike is the same, and there is something to see in each."""

import pytest

from screening.names import tidy


@pytest.mark.parametrize(
    "empty", ["", "  \n", "\u200b", "\u202e\u202c", "\u2066\ufeff\u2069", "\u0301", "\u3164", "\u2800", "\0"]
)
def test_a_name_without_anything_to_see_is_none(empty):
    assert tidy(empty) == ""


def test_letters_that_look_the_same_are_one_spelling():
    assert tidy("cafe\u0301  au\tlait") == tidy("caf\u00e9 au lait") == "caf\u00e9 au lait"


def test_what_turns_the_direction_of_a_page_is_taken_out_and_what_joins_letters_stays():
    assert tidy("\u202eabc\u202c\u200f \u05e9\u05dc\u05d5\u05dd") == "abc \u05e9\u05dc\u05d5\u05dd"
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert tidy(persian) == persian
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert tidy(family) == family
