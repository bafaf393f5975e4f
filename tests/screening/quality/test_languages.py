"""Languages by one name, however they are written."""

import pytest

from screening.quality.languages import WRITTEN, name, names


@pytest.mark.parametrize("written", ["eng", "en", "english", "en-gb", " eng "])
def test_english_is_english(written):
    assert name(written) == "English"
    assert names(written) == ("English",)


def test_both_codes_of_a_language_are_it():
    assert {name(code) for code in ("ger", "deu", "de", "Deutsch", "GERMAN")} == {"German"}
    assert {name(code) for code in ("chi", "zho", "zh-cn")} == {"Chinese"}


@pytest.mark.parametrize("written", ["eng; fre", "english, french", "en/fr", "english and french", "eng;eng;fr"])
def test_several_languages_are_each_once(written):
    assert names(written) == ("English", "French")


def test_what_is_unknown_stands_as_it_is_and_nothing_is_none():
    assert (names("klingon"), name("klingon")) == (("klingon",), "")
    assert names("") == names(" ; ") == ()


def test_no_spelling_is_of_two_languages():
    spellings = [written for all_ in WRITTEN.values() for written in all_]
    assert len(spellings) == len(set(spellings))
    assert all(written == written.lower() for written in spellings)
