"""Passages keep every word and its place; those that speak of the question are picked, in the order of the document."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from screening.fulltext.passages import SIZE, Passage, marked, marked_passages, nearest, split

TOPICS = {
    "dose": "Patients received 20 mg of atorvastatin once daily for twelve weeks. ",
    "harm": "Serious adverse events were rare; two patients stopped because of myalgia. ",
    "place": "The hospital lies in the hills above the town and has a garden with trees. ",
}


def document() -> list[tuple[int, str]]:
    filler = TOPICS["place"] * 40
    return [(1, filler), (2, TOPICS["dose"] * 5 + filler), (3, filler + TOPICS["harm"] * 6), (5, filler)]


def test_passages_are_about_as_long_as_said_and_end_with_sentences() -> None:
    passages = split(document())
    assert all(len(passage.text) <= SIZE + 200 for passage in passages)
    assert all(passage.text.endswith(".") for passage in passages)
    assert {passage.page for passage in passages} == {1, 2, 3, 5}


def test_a_short_end_of_a_page_joins_the_passage_before_it() -> None:
    sentence = "Word by word, this sentence is as long as its neighbours are. "
    text = sentence * (SIZE // len(sentence)) + "This end is short, " * 5 + "too."
    for before in (text, sentence * (SIZE // len(sentence)) + text):
        passages = split([(1, before)])
        assert passages[-1].end == len(before)
        assert all(one.end <= other.start for one, other in pairwise(passages))


def test_what_is_asked_for_is_picked_in_document_order() -> None:
    picked = nearest(split(document()), ["adverse event", "dosage: dose of atorvastatin in mg"], limit=2)
    assert [passage.page for passage in picked] == [2, 3]
    assert "20 mg" in picked[0].text
    assert "myalgia" in picked[1].text


def test_every_question_picks_in_turn() -> None:
    passages = split(document())
    assert len(nearest(passages, ["garden trees hospital town", "myalgia"], limit=2)) == 2
    assert any("myalgia" in passage.text for passage in nearest(passages, ["garden trees town", "myalgia"], limit=2))


def test_endings_and_broken_words_do_not_matter() -> None:
    passages = [Passage(1, 0, 10, "They were ran-\ndomised."), Passage(1, 20, 30, "It was sunny.")]
    assert nearest(passages, ["randomization"], limit=5) == passages[:1]


def test_nothing_is_picked_for_words_that_do_not_occur() -> None:
    assert nearest(split(document()), ["zebrafish", "", "of the and"], limit=5) == []
    assert nearest([], ["dose"], limit=5) == []
    assert nearest(split(document()), ["dose"], limit=0) == []


def test_a_text_is_marked_with_its_pages() -> None:
    assert marked([(1, "One.\n"), (4, "Four.")]) == "[Page 1]\nOne.\n\n[Page 4]\nFour."


def test_passages_are_marked_with_pages_and_gaps() -> None:
    passages = [
        Passage(2, 0, 4, "One."),
        Passage(2, 5, 9, "Two."),
        Passage(2, 500, 506, "Three."),
        Passage(3, 0, 5, "Four."),
    ]
    assert marked_passages(passages) == "[Page 2]\nOne.\nTwo.\n[…]\nThree.\n[Page 3]\nFour."


@given(st.lists(st.text(alphabet=st.sampled_from("abC .!?\n,é"), max_size=3000), max_size=3))
def test_every_word_is_in_exactly_one_passage(texts: list[str]) -> None:
    pages = list(enumerate(texts, 1))
    passages = split(pages)
    for number, text in pages:
        own = [passage for passage in passages if passage.page == number]
        assert all(text[passage.start : passage.end] == passage.text for passage in own)
        assert all(before.end <= after.start for before, after in pairwise(own))
        left_out = [text[before.end : after.start] for before, after in pairwise(own)]
        assert "".join(left_out).strip() == ""
        assert "".join("".join(passage.text for passage in own).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet=st.sampled_from("abc d"), max_size=30), max_size=8), st.integers(0, 5))
def test_picking_is_a_selection_in_order_and_the_same_again(texts: list[str], limit: int) -> None:
    passages = [Passage(1, 100 * at, 100 * at + len(text), text) for at, text in enumerate(texts)]
    picked = nearest(passages, ["aaa bbb", "abc"], limit=limit)
    assert picked == nearest(passages, ["aaa bbb", "abc"], limit=limit)
    assert len(picked) <= limit
    assert picked == [passage for passage in passages if passage in picked]
