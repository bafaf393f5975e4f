"""What an assistant read of a document is said in a sentence."""

import pytest

from screening.queries.assistants.suggestions import read_of

READ = {"document": 1, "sha256": "", "name": "trial.pdf", "pages": 12, "passages": []}


def test_nothing_is_said_where_there_was_no_document():
    assert read_of({"neighbours": []}) == ""


def test_a_whole_text_is_said_to_be_whole():
    assert read_of({**READ, "seen": "whole"}) == "Read as a whole: “trial.pdf” (12 pages)."


@pytest.mark.parametrize(("pages", "listed"), [([1], "1"), ([1, 2, 2, 3], "1–3"), ([1, 3, 4, 5, 9], "1, 3–5, 9")])
def test_of_a_part_the_passages_are_counted_and_their_pages_named(pages, listed):
    said = read_of({**READ, "seen": "passages", "passages": [[page, 0, 9] for page in pages]})
    counted = "1 passage" if len(pages) == 1 else f"{len(pages)} passages"
    assert said == f"Read only in part: {counted} of “trial.pdf” (12 pages), on pages {listed}."
