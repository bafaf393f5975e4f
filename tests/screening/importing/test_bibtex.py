"""BibTeX, well-formed and not."""

import pytest

from screening.importing import ParsedFile, parse
from screening.importing.latex import decode

ENTRY = (
    "@article{ott2019,\n  author = {Ott, Ida and Roe, Jo},\n  title = {Sleep},\n  year = 2019,\n  pages = {11--19}\n}\n"
)


def bib(text: str) -> ParsedFile:
    return parse(text.encode())


def test_fields_are_read() -> None:
    (citation,) = bib(ENTRY).citations

    assert (citation.title, citation.authors, citation.year) == ("Sleep", ("Ott, Ida", "Roe, Jo"), 2019)
    assert (citation.pages, citation.type, citation.line) == ("11–19", "Journal article", 1)


def test_strings_are_put_in_and_comments_passed_over() -> None:
    text = (
        '@string{js = "Journal of Sleep"}\n@comment{jabref-meta: x}\nfree text\n'
        '@article(a, title = "One {\\"A}" # " and two", journal = js # {, B}, month = jan)\n'
    )
    parsed = bib(text)

    assert [(c.title, c.journal, c.line) for c in parsed.citations] == [("One Ä and two", "Journal of Sleep, B", 4)]
    assert len(parsed.notes) == 1


def test_raw_text_is_kept_exactly_with_its_blank_lines() -> None:
    raw = "@article{a,\r\n\n  title = {Sleep\r\r\nand more}\n\n}"
    (citation,) = bib("\n" + raw + "\n\n").citations

    assert (citation.raw, citation.line) == (raw, 2)


def test_a_repeated_key_is_two_citations_and_a_repeated_field_no_loss() -> None:
    parsed = bib(ENTRY + ENTRY + "@misc{a, title={b}, title={a longer title}}\n")

    assert [citation.title for citation in parsed.citations] == ["Sleep", "Sleep", "a longer title"]


def test_an_entry_that_is_not_closed_does_not_take_the_next_with_it() -> None:
    parsed = bib(ENTRY.rstrip("}\n") + "},\n  note = {cut\n\n" + ENTRY)

    assert [(citation.title, citation.line) for citation in parsed.citations] == [("Sleep", 1), ("Sleep", 8)]
    assert "closing brace" in parsed.notes[0]


def test_what_bibtexparser_cannot_read_is_a_reject_with_its_line() -> None:
    parsed = bib(ENTRY + "@article{b,\n title {no equals sign}\n}\n" + ENTRY)

    assert (len(parsed.citations), [reject.line for reject in parsed.rejects]) == (2, [7])
    assert "not well-formed" in parsed.rejects[0].reason


def test_several_entries_on_one_line_are_all_read() -> None:
    assert len(bib("@misc{a,title={x}} @misc{b,title={y}}@misc{c,title={z}}").citations) == 3


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            r"G{\"o}del, Erd{\H o}s, {\'E}cole, na{\"\i}ve, \c{c}a, \v{S}koda, stra{\ss}e",
            "Gödel, Erdős, École, naïve, ça, Škoda, straße",
        ),
        (r"50% of patients, 10\% \& more", "50% of patients, 10% & more"),
        (r"{The {DNA} of \emph{E. coli}}", "The DNA of E. coli"),
        (r"$\alpha$-synuclein and TNF-$\beta$", "α-synuclein and TNF-β"),
        (r"costs \$5 and {\O}re", "costs $5 and Øre"),
        (r"Garc{\'\i}a", "García"),
        ("pages 1--2 --- and~on", "pages 1–2 — and on"),
    ],
)
def test_latex_becomes_text_and_no_word_is_lost(source: str, text: str) -> None:
    assert decode(source) == text


def test_a_hundred_thousand_spaces_between_authors_take_no_time() -> None:
    (citation,) = parse(b"@article{x, title = {Naps}, author = {Ott, I" + b" " * 100_000 + b"and Berg, J}}").citations

    assert citation.authors == ("Ott, I", "Berg, J")
    assert parse(b"@article{x, title = {Naps}, author = {Ott" + b" " * 100_000 + b"x}}").found == 1
