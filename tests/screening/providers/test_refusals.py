"""What is refused before anything is sent, in time, whatever was pasted."""

import time

import pytest

from screening.providers import Query
from screening.providers.europe_pmc import EuropePmc
from screening.providers.pubmed import PubMed

BOTH = (EuropePmc(), PubMed())


@pytest.mark.parametrize(
    "strategy",
    [
        "asthma" + "\n" * 1_000_000 + "wheeze",
        "1" + " " * 1_000_000 + "wheeze",
        "1\n" + " \n" * 300_000 + "wheeze",
        "1 and 2" + " " * 1_000_000 + "wheeze",
        "[mesh" * 3_999,
        "[title" * 3_300,
    ],
)
def test_blanks_and_open_brackets_are_read_in_time(strategy: str) -> None:
    """SEC-04: some of them took hours, in a request."""
    begun = time.process_time()
    assert [provider.refusal(Query(strategy)) for provider in BOTH] == ["", ""]
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "strategy", ["#1 and #2", "asthma\n1 and 2", "asthma\n\n  1.  or  2 \nwheeze", "1\nNOT\n2", "3 ) and 4", "1) or 2"]
)
def test_references_to_lines_are_refused_whatever_the_blanks(strategy: str) -> None:
    for provider in BOTH:
        if strategy.count("(") == strategy.count(")"):
            assert "refers to lines" in provider.refusal(Query(strategy))


@pytest.mark.parametrize("strategy", ["asthma[tiab]", "asthma[MeSH Terms]", "asthma[Title/Abstract]", "a[mesh:noexp]"])
def test_pubmeds_tags_are_no_query_of_europe_pmc(strategy: str) -> None:
    assert "PubMed's syntax" in EuropePmc().refusal(Query(strategy))
