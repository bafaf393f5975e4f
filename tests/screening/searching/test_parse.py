"""Any text is a search or a sentence for whoever typed it; what was asked for is what is looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.searching.fold import fold
from screening.searching.marks import pieces, snippet, words_in
from screening.searching.parse import LONGEST, MOST, SearchError, parse
from screening.searching.terms import All, Identifier, Named, Not, Some, Words, Years, leaves, wanted_words

PARTS = [
    '"',
    "(",
    ")",
    "-",
    " ",
    "OR",
    "NOT",
    "AND",
    "title:",
    "year:",
    "tag:",
    "*",
    "\0",
    "\u202e",
    "'",
    "\\",
    "10.1/x",
    "kidney",
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PARTS), max_size=30).map("".join)))
def test_any_text_is_a_search_or_a_sentence(text):
    tree, said = parsed(text)
    assert leaves(tree) <= MOST
    assert len(said) < 200
    assert said[-1:] in ("", ".")
    assert all(words.text and words.text == fold(words.text) for words in wanted_words(tree))


def parsed(text):
    """(tree, "") or (None, the sentence)."""
    try:
        return parse(text), ""
    except SearchError as error:
        return None, str(error)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("sglt2 Kidney", All((Words("sglt2"), Words("kidney")))),
        ('"Heart-Failure"', Words("heart failure")),
        ("“heart failure”", Words("heart failure")),
        ('"heart failure', Words("heart failure")),
        ("a1 OR b1 c1", Some((Words("a1"), All((Words("b1"), Words("c1")))))),
        ("(a1 OR b1) c1", All((Some((Words("a1"), Words("b1"))), Words("c1")))),
        ("a1 AND -b1", All((Words("a1"), Not(Words("b1"))))),
        ("NOT (a1 b1)", Not(All((Words("a1"), Words("b1"))))),
        ("diabet*", Words("diabet", prefix=True)),
        ("ti:Kidney AU:Will", All((Words("kidney", "title"), Words("will", "author")))),
        ("effect of metformin", All((Words("effect"), Words("metformin")))),
        ("year:2010–2015", Years(2010, 2015)),
        ("year:-2015", Years(None, 2015)),
        ("year:2010", Years(2010, 2010)),
        ('tag:"To Discuss" source:embase', All((Named("tag", "To Discuss"), Named("source", "embase")))),
        ("https://doi.org/10.1016/S0140-6736(20)30183-5.", Identifier("10.1016/s0140-6736(20)30183-5")),
        ("PMID:123 NCT01234567", All((Identifier("123"), Identifier("nct01234567")))),
        ("trial:2", Words("trial 2")),
        ("Müller Øvretveit", All((Words("muller"), Words("ovretveit")))),
        ("", None),
        ("!!! ( ) -", None),
    ],
)
def test_what_is_typed_is_what_is_looked_for(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the of and", "rarer"),
        ("title:", "After title:"),
        ("title: kidney", "After title:"),
        ("year:20", "After year:"),
        ("x" * (LONGEST + 1), "at most 1,000"),
        ("y" * 900, "at most 300"),
        (" ".join(f"w{n}" for n in range(MOST + 1)), "at most 40"),
        ("(" * 30 + "a1", "Parentheses"),
    ],
)
def test_what_can_not_be_searched_is_answered_with_what_to_do(text, said):
    with pytest.raises(SearchError, match=said):
        parse(text)


@given(st.text(max_size=80), st.lists(st.text(max_size=8), max_size=3))
def test_pieces_joined_are_the_text(text, more):
    hits = words_in(" ".join(more)) | set(list(words_in(text))[:2])
    assert "".join(piece.text for piece in pieces(text, hits)) == text
    assert len("".join(piece.text for piece in snippet(text * 20, hits, room=50))) <= 90


def test_a_snippet_stands_where_most_of_the_words_are():
    text = f"One kidney. {'Nothing here. ' * 40} The kidney of the heart failed. {'Nothing there. ' * 40}"
    shown = "".join(piece.text for piece in snippet(text, {"kidney", "heart"}, room=80))
    assert "kidney of the heart" in shown
    assert shown.startswith("… ")
