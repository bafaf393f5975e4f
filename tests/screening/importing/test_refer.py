"""EndNote's refer format."""

from screening.importing import parse

ENTRY = """%0 Journal Article
%T Naps and memory
%A Ott, Ida
%A Berg, Jan
%J Sleep Letters
%D 2021
%8 March 3, 2021
%V 7
%N 2
%P 12-19
%R 10.1000/NAPS.7
%K naps
memory
%G English
%U https://example.org/naps
%X Background: people nap.

Results: they remember.
"""


def test_all_fields_are_read() -> None:
    (citation,) = parse(ENTRY.encode()).citations

    assert (citation.title, citation.authors) == ("Naps and memory", ("Ott, Ida", "Berg, Jan"))
    assert (citation.year, citation.journal, citation.volume, citation.issue) == (2021, "Sleep Letters", "7", "2")
    assert (citation.pages, citation.doi, citation.url) == ("12-19", "10.1000/naps.7", "https://example.org/naps")
    assert (citation.keywords, citation.language, citation.type) == (("naps", "memory"), "English", "Journal Article")
    assert citation.abstract == "Background: people nap.\nResults: they remember."


def test_a_blank_line_in_an_abstract_parts_nothing_even_if_fields_follow_it() -> None:
    parsed = parse((ENTRY + "\n%Z a note\n\n" + ENTRY).encode())

    assert [citation.line for citation in parsed.citations] == [1, 22]


def test_entries_without_a_type_are_parted_by_their_blank_lines() -> None:
    text = "%A Ott, I\n%T One\n%D 2001\n\n%T Two, by nobody\n%D 2002\n\n%A Berg, J\n%T Three\n\n%T Four\n%0 Book\n"

    assert [c.title for c in parse(text.encode()).citations] == ["One", "Two, by nobody", "Three", "Four"]


def test_two_types_one_under_the_other_are_one_entry() -> None:
    (citation,) = parse(b"%0 Serial\n%0 Audio\n%T Waves\n%D 2021\n").citations

    assert (citation.title, citation.type) == ("Waves", "Audio")


def test_a_books_number_of_pages_is_no_place_in_it() -> None:
    (book,) = parse(b"%0 Book\n%T Waves\n%E Ott, Ida\n%P XX, 327\n").citations

    assert (book.pages, book.authors) == ("", ("Ott, Ida",))


def test_a_percentage_at_the_start_of_a_line_is_no_tag() -> None:
    (citation,) = parse(b"%0 Journal Article\n%T Waves\n%X It rose to 5\n% of all, and 95\n%CI was wide.\n").citations

    assert citation.abstract == "It rose to 5\n% of all, and 95\n%CI was wide."


def test_one_lonely_tag_is_enough_to_know_the_format() -> None:
    parsed = parse(b"%A Ott, Ida\n")

    assert (parsed.format, parsed.citations[0].authors) == ("refer", ("Ott, Ida",))
