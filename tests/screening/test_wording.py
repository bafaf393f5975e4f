"""What an amendment changes, word by word."""

from dataclasses import replace
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from screening.wording import GONE, NEW, SAME, Piece, Wording, compare, judged_otherwise, pieces

ADULTS = Wording("adults", "Adults", "Are all people adults?", "Population", "must be met", "unclear")
TRIAL = Wording("trial", "Trial", "Were they randomised?", "Study design", "must be met", "unclear")


@given(st.text(max_size=60), st.text(max_size=60))
def test_without_what_is_new_it_reads_as_before_and_without_what_is_gone_as_now(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.kind != NEW) == old
    assert "".join(piece.text for piece in found if piece.kind != GONE) == new


def test_words_change_as_whole_phrases() -> None:
    assert pieces("Are all people adults?", "Are at least half adults?") == (
        Piece(SAME, "Are "),
        Piece(GONE, "all people"),
        Piece(NEW, "at least half"),
        Piece(SAME, " adults?"),
    )


def test_a_criterion_is_the_same_as_long_as_its_key_is() -> None:
    renamed = replace(ADULTS, label="Grown-ups", polarity="must not be met")
    added = replace(TRIAL, key="dose", label="Dose")
    found = compare([ADULTS, TRIAL], [added, renamed])
    assert [(change.key, change.kind) for change in found] == [
        ("dose", "added"),
        ("adults", "changed"),
        ("trial", "removed"),
    ]
    assert [turn.name for turn in found[1].turns] == ["Short name", "For inclusion"]
    assert judged_otherwise([ADULTS, TRIAL], [added, renamed]) == {"adults", "trial"}


def test_another_order_is_no_change() -> None:
    assert {change.kind for change in compare([ADULTS, TRIAL], [TRIAL, ADULTS])} == {"same"}
    assert judged_otherwise([ADULTS, TRIAL], [TRIAL, ADULTS]) == frozenset()


def test_texts_of_any_length_are_told_apart_quickly() -> None:
    old, new = "ab " * 60_000, "ba " * 60_000
    begun = perf_counter()
    assert pieces(old, new) == (Piece(GONE, old), Piece(NEW, new))
    assert perf_counter() - begun < 2
    pieces("a b " * 500, "b a " * 500)
    assert perf_counter() - begun < 6
