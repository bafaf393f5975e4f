"""A quote is found on its page, over a page's end in parts, and nowhere that it does not stand."""

from hypothesis import given
from hypothesis import strategies as st

from screening.fulltext.locate import Found, PagedText, locate
from screening.prompts import quotes

PAGES = [
    (1, "Journal of Invented Trials 2026\n\nMethods. Patients were ran-\ndomised to drug or\n\n1"),
    (2, "Journal of Invented Trials 2026\n\nplacebo in a ratio of 2 : 1.\nNothing else was done.\n\n2"),
    (4, "Journal of Invented Trials 2026\n\nThe mean change was −3·2 (SD 1·1).\n\n4"),
]


def parts(found: Found, pages: list[tuple[int, str]] = PAGES) -> list[str]:
    texts = dict(pages)
    return [texts[page][start:end] for page, start, end in found.parts]


def test_a_quote_is_found_on_its_page() -> None:
    found = locate("Nothing else was done.", PagedText(PAGES))
    assert (found.page, found.verified, parts(found)) == (2, True, ["Nothing else was done."])
    assert found.parts == ((found.page, found.start, found.end),)


def test_page_numbers_are_those_of_the_document() -> None:
    assert locate("mean change was -3·2", PagedText(PAGES)).page == 4


def test_a_hyphenated_line_end_is_joined() -> None:
    assert parts(locate("Patients were randomised to drug", PagedText(PAGES))) == [
        "Patients were ran-\ndomised to drug"
    ]


def test_a_quote_over_a_page_end_is_found_in_parts() -> None:
    found = locate("randomised to drug or placebo in a ratio of 2 : 1", PagedText(PAGES))
    assert found.verified
    assert (found.page, found.start, found.end) == found.parts[0]
    assert parts(found) == ["ran-\ndomised to drug or", "placebo in a ratio of 2 : 1"]


def test_a_word_broken_at_a_page_end_is_joined() -> None:
    pages = [(1, "Head 3\nthey were ran-\n3"), (2, "Head 4\ndomised then\n4"), (3, "Head 5\nand so on\n5")]
    assert parts(locate("were randomised then", PagedText(pages)), pages) == ["were ran-", "domised then"]


def test_a_quote_over_three_pages_has_three_parts() -> None:
    pages = [(1, "one two"), (2, "three four"), (3, "five six")]
    assert parts(locate("two three four five", PagedText(pages)), pages) == ["two", "three four", "five"]


def test_a_running_head_can_be_quoted_too() -> None:
    assert locate("Journal of Invented Trials 2026", PagedText(PAGES)).page == 1


def test_two_places_are_not_joined_over_what_stands_between_them() -> None:
    assert locate("Methods. Patients were randomised to placebo", PagedText(PAGES)) == Found(
        "Methods. Patients were randomised to placebo", 0, 0, 0, verified=False
    )


def test_a_sentence_between_pages_is_not_passed_over() -> None:
    pages = [(1, "all patients\nFunding: none was received by us."), (2, "were given statins.")]
    assert not locate("all patients were given statins", PagedText(pages)).verified


def test_letter_case_ellipsis_and_other_numbers_are_not_the_same() -> None:
    paged = PagedText(PAGES)
    for quote in ("nothing else was done", "Patients … placebo", "The mean change was −3·3", "", "  "):
        assert not locate(quote, paged).verified


def test_no_pages_hold_no_quote() -> None:
    assert not locate("anything", PagedText([])).verified


LETTERS = st.text(alphabet=st.sampled_from("abcde ABC.,-–‐ﬁé10²½\n\u00ad\u200b“”"), min_size=1, max_size=80)


@given(texts=st.lists(LETTERS, min_size=1, max_size=4), data=st.data())
def test_any_part_of_a_page_is_found_at_an_equal_text(texts: list[str], data: st.DataObject) -> None:
    pages = list(enumerate(texts, 1))
    at = data.draw(st.integers(0, len(texts) - 1))
    start = data.draw(st.integers(0, len(texts[at]) - 1))
    quote = texts[at][start : data.draw(st.integers(start + 1, len(texts[at])))]
    found = locate(quote, PagedText(pages))
    assert found.verified == bool(quote.strip())
    assert "".join("".join(parts(found, pages)).split()) == "".join(quote.split())


WORDS = st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=6), min_size=2, max_size=30)


@given(words=WORDS, data=st.data())
def test_any_words_over_a_page_end_are_found_in_parts(words: list[str], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(words) - 1))
    first, last = data.draw(st.integers(0, cut - 1)), data.draw(st.integers(cut, len(words) - 1))
    pages = [(7, " ".join(words[:cut])), (8, " ".join(words[cut:]))]
    found = locate(" ".join(words[first : last + 1]), PagedText(pages))
    assert found.verified
    assert " ".join(parts(found, pages)) == " ".join(words[first : last + 1])


BROKEN = st.lists(st.sampled_from(["ab", "c", "-\n", "- \n\n", "-", " ", "\n", "– ", "3"]), min_size=1, max_size=25)


@given(pieces=BROKEN, data=st.data())
def test_broken_words_are_found_where_a_record_would_find_them(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    quote = data.draw(
        st.sampled_from([part, part.replace("-\n", ""), part.replace("\n", " "), part.replace("-\n", "-")])
    )
    found, single = locate(quote, PagedText([(1, text)])), quotes.locate(quote, text)
    assert (found.verified, found.start, found.end) == (single.verified, single.start, single.end)


@given(quote=LETTERS, text=LETTERS)
def test_one_page_is_searched_as_a_record_is(quote: str, text: str) -> None:
    found, single = locate(quote, PagedText([(1, text)])), quotes.locate(quote, text)
    if single.verified:
        assert (found.start, found.end, found.verified) == (single.start, single.end, True)
    else:
        assert not found.verified
