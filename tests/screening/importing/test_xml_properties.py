"""Whatever the text between tags: no exception, no entry lost, and the same result however the file comes in chunks."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from screening.importing import Entry, ParsedCitation, xml_formats
from screening.importing.notes import Notes

TOKENS = st.sampled_from(
    [
        "<record>", "</record>", "<record/>", "<record a='>'", "</record >", "<records>", "<title>", "</title>",
        "<titles><title>", "</title></titles>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&lol;", "&#0;", "&", "<",
        ">", "<?x", "?>", "<!DOCTYPE a [", "]>", "é", "睡", "\r\n", "\r", "\n",
        " ", "Sleep", "\x0b", "<ref-type>", "</xml>",
    ]
)  # fmt: skip
FILES = st.lists(TOKENS, max_size=40).map(lambda tokens: "<xml><records>" + "".join(tokens))


def read(chunks: list[bytes]) -> list[Entry]:
    return list(xml_formats.read(chunks, "endnote-xml", Notes()))


@given(FILES)
def test_every_entry_is_in_the_file_in_order_and_begins_with_its_tag(text: str) -> None:
    at = 0
    for entry in read([text.encode()]):
        at = text.index(entry.raw, at)
        before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
        assert entry.raw.startswith("<record")
        assert entry.line == before.count("\n") + 1
        at += len(entry.raw)


@given(FILES, st.lists(st.integers(0, 200), max_size=8))
def test_chunks_make_no_difference(text: str, cuts: list[int]) -> None:
    content = text.encode()
    places = [0, *sorted(cuts), len(content)]
    chunks = [content[start:end] for start, end in pairwise(places)]

    assert read(chunks) == read([content])


@given(st.lists(st.text(max_size=20), max_size=8))
def test_any_titles_between_whole_entries_are_as_many_entries(titles: list[str]) -> None:
    """Control characters, "&" and "<" unescaped: only what closes the entry itself may cost one."""
    safe = [title.replace("record", "").replace("<!", "").encode(errors="replace").decode() for title in titles]
    entries = read([f"<record><titles><title>{title}</title></titles></record>".encode() for title in safe])

    assert len(entries) == len(titles)
    kept = [entry for entry in entries if isinstance(entry, ParsedCitation)]
    assert all(citation.title for citation in kept)
