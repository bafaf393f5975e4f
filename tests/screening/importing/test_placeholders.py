"""What a database writes where it has no abstract is no abstract."""

import pytest

from screening.importing import parse


@pytest.mark.parametrize("written", ["[No abstract available]", "No abstract available.", "N/A"])
def test_a_placeholder_is_not_kept_as_an_abstract(written):
    (citation,) = parse(f"TY  - JOUR\nTI  - A title\nAB  - {written}\nER  - \n".encode()).citations
    assert citation.abstract == ""
    assert written in citation.raw
