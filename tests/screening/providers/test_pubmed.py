"""PubMed's requests and replies: terms, cutting a search that is too large, what its errors mean."""

import re
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.providers import PROVIDERS, NotUnderstoodError, Query, RefusedStrategyError, Step
from screening.providers.pubmed import HIGHEST, MOST, PubMed

ASKED = PubMed()


def found(hits: int, *, more: str = "", env: str = "MCID_1") -> bytes:
    return (
        f"<?xml version='1.0'?><!DOCTYPE eSearchResult SYSTEM 'x'><eSearchResult><Count>{hits}</Count>"
        f"<QueryKey>1</QueryKey><WebEnv>{env}</WebEnv>{more}</eSearchResult>"
    ).encode()


def page(entries: int) -> bytes:
    return b"<PubmedArticleSet>" + b"<PubmedArticle>x</PubmedArticle>" * entries + b"</PubmedArticleSet>"


def fetched_from(pmids: list[int], *, size: int = 500) -> tuple[list[int], int]:
    """Drive a fetch against a PubMed that has these numbers: what came, in how many requests."""
    position: dict[str, Any] = {}
    got: list[int] = []
    for requests in range(1, 2_000):
        ask = ASKED.ask(Query("asthma"), position, size)
        if ask is None:
            return got, requests - 1
        if ask.path == "esearch.fcgi":
            bounds = re.search(r"(\d+):(\d+)\[uid\]", ask.fields["term"])
            low, high = (int(bounds[1]), int(bounds[2])) if bounds else (0, 10**9)
            here = [pmid for pmid in pmids if low <= pmid <= high]
            step = ASKED.take(position, found(len(here)), size)
        else:
            start = int(ask.fields["retstart"])
            assert start < MOST, "PubMed gives no record behind that"
            now = here[start : start + size]
            got += now
            step = ASKED.take(position, page(len(now)), size)
        position = step.position
    raise AssertionError("the fetch does not end")


def test_a_small_search_is_one_request_and_its_pages() -> None:
    assert fetched_from(list(range(1, 1_201))) == (list(range(1, 1_201)), 4)


@pytest.mark.parametrize("step", [1, 37, 900])
def test_a_search_over_the_limit_is_cut_by_number_until_all_of_it_can_be_had(step: int) -> None:
    pmids = [30_000_000 + step * i for i in range(25_000)]
    got, requests = fetched_from(pmids)
    assert sorted(got) == pmids
    assert requests < 130


@given(st.lists(st.integers(1, 45_000_000), max_size=60, unique=True), st.integers(1, 9))
def test_whatever_the_numbers_each_record_comes_once(pmids: list[int], size: int) -> None:
    got, _ = fetched_from(sorted(pmids), size=size)
    assert sorted(got) == sorted(pmids)


def test_the_pieces_of_a_cut_search_join_without_gap_or_overlap() -> None:
    position: dict[str, Any] = {}
    for _ in range(12):
        position = ASKED.take(position, found(50_000), 10).position
    pieces = sorted([(position["piece"]["low"], position["piece"]["high"]), *map(tuple, position["rest"])])
    assert (pieces[0][0], pieces[-1][1]) == (1, HIGHEST)
    assert all(before[1] + 1 == after[0] for before, after in pairwise(pieces))


def test_limits_and_a_top_up_stand_in_brackets_of_their_own() -> None:
    query = Query("asthma OR\n wheeze ", first=date(2010, 1, 1), last=date(2020, 12, 31), since=date(2026, 11, 7))
    assert ASKED.count(query).fields["term"] == (
        '(asthma OR wheeze) AND ("2010/01/01"[dp] : "2020/12/31"[dp]) AND '
        '(("2026/11/07"[crdt] : "3000"[crdt]) OR ("2026/11/07"[mhda] : "3000"[mhda]))'
    )


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b'{"error":"API rate limit exceeded","count":"4"}', "rate limit"),
        (b'{"error":["API rate limit exceeded"],"api-key":"192.0.2.1"}', "rate limit"),
        (b'{"api-key":"192.0.2.1"}', "nor a reason"),
        (b"<html><body>Maintenance</body></html>", "Maintenance"),
        (b"", "something else"),
        (b"<eSearchResult><Coun", "something else"),
        (b"<eSearchResult><Hits>5</Hits></eSearchResult>", "form may have changed"),
        (b"<eSearchResult><ERROR>Search Backend failed: timeout</ERROR></eSearchResult>", "just now"),
        (b"<eSearchResult><Count>&xxe;</Count></eSearchResult>", "number of hits"),
    ],
)
def test_what_is_no_answer_is_said_and_may_pass(body: bytes, what: str) -> None:
    with pytest.raises(NotUnderstoodError, match=what) as caught:
        ASKED.counted(body)
    assert caught.value.passing


def test_an_entity_of_a_reply_is_never_resolved() -> None:
    bomb = b'<!DOCTYPE eSearchResult [<!ENTITY a "99"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(NotUnderstoodError) as caught:
        ASKED.counted(
            bomb + b"<eSearchResult><Count>&a;</Count><QueryTranslation>&f;</QueryTranslation></eSearchResult>"
        )
    assert "root:" not in str(caught.value)


def test_an_error_of_the_strategy_is_no_passing_fault() -> None:
    with pytest.raises(RefusedStrategyError, match="unbalanced"):
        ASKED.counted(b"<eSearchResult><ERROR>unbalanced brackets</ERROR></eSearchResult>")


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    for position in ({}, {"piece": {"low": 1, "high": 9, "start": 0, "pages": 0, "hits": 9, "env": "x", "key": "1"}}):
        for provider in PROVIDERS.values():
            for wrapped in (body, b"<eSearchResult>" + body, b"<responseWrapper><hitCount>3</hitCount>" + body):
                with suppress(NotUnderstoodError, RefusedStrategyError):
                    assert isinstance(provider.take(position, wrapped, 5), Step)


@pytest.mark.parametrize(
    ("provider", "strategy", "said"),
    [
        ("pubmed", "  \n", "empty"),
        ("pubmed", "(asthma AND (child", "brackets"),
        ("pubmed", "#1 AND #2", "refers to lines"),
        ("pubmed", "asthma\n1 and 2\n", "refers to lines"),
        ("pubmed", "asthma adj3 child*", "syntax"),
        ("pubmed", "asthma.ti,ab.", "syntax"),
        ("pubmed", "x" * 30_000, "characters"),
        ("europe_pmc", "asthma[tiab]", "PubMed's syntax"),
        ("pubmed", '"asthma"[mh] AND (child*[tiab] OR "C#"[tiab])', ""),
        ("europe_pmc", 'TITLE:"asthma" AND (SRC:PPR)', ""),
    ],
)
def test_what_a_provider_would_misread_is_refused_before_it_is_sent(provider: str, strategy: str, said: str) -> None:
    refusal = PROVIDERS[provider].refusal(Query(strategy))
    assert said in refusal
    assert bool(said) == bool(refusal)
