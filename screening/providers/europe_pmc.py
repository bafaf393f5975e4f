"""Europe PMC through its RESTful web service (version 6): searchPOST, result type "core", XML, cursor pages.

https://europepmc.org/RestfulWebService: a page holds up to 1,000 records; the last one names no cursor, or its own.
Concurrent requests are to be avoided, and are: the door sends one at a time.
"""

from __future__ import annotations

import re
from datetime import date

from lxml import etree

from screening.importing import xml_tree

from .asking import (
    Answer,
    Ask,
    Credentials,
    NotUnderstoodError,
    Position,
    Query,
    RefusedStrategyError,
    Step,
    common_refusal,
)
from .replies import number, root_of

LONG_AGO, FAR_AHEAD = "1500-01-01", "3000-12-31"
_ENTRY = re.compile(rb"<result[\s>]")
_PUBMED_TAG = re.compile(r"\[(?:tiab|ti|ab|mh|mesh[^\]\[]*|tw|pt|au|title[^\]\[]*|all fields)\]", re.IGNORECASE)


class EuropePmc:
    """The provider."""

    key, label, extension, site = "europe_pmc", "Europe PMC", "xml", "Europe PMC RESTful web service"

    def pause(self, credentials: Credentials) -> float:
        return 0.2

    def refusal(self, query: Query) -> str:
        if _PUBMED_TAG.search(query.words):
            return "This looks like PubMed's syntax ([tiab], [mh]). Europe PMC writes TITLE:, ABSTRACT:, MESH: instead."
        if query.words.count("(") != query.words.count(")"):
            return "The strategy has brackets that are not closed; Europe PMC would guess. Count the brackets."
        return common_refusal(query, self.label)

    def count(self, query: Query) -> Ask:
        return _search(query, "*", 1, "idlist")

    def counted(self, body: bytes) -> Answer:
        return _answer(_searched(body))

    def ask(self, query: Query, position: Position, size: int) -> Ask | None:
        """The page behind the last cursor."""
        if position.get("done"):
            return None
        return _search(query, position.get("cursor", "*"), size, "core")

    def take(self, position: Position, body: bytes, size: int) -> Step:
        """A page; the first of them says how many there are."""
        root = _searched(body)
        answer = _answer(root)
        told = None if position else answer
        entries = len(_ENTRY.findall(body))
        got = position.get("got", 0) + entries
        before, after = position.get("cursor", "*"), xml_tree.one(root, "nextCursorMark")
        if not entries and got < answer.hits:
            raise NotUnderstoodError("Europe PMC answered with a page without records.")
        ended = not entries or not after or after == before or got >= answer.hits
        place: Position = {"done": True} if ended else {"cursor": after, "got": got}
        return Step(place, page=body if entries else None, entries=entries, answer=told)


def _search(query: Query, cursor: str, size: int, kind: str) -> Ask:
    fields = {"query": _words(query), "resultType": kind, "format": "xml", "pageSize": str(size)}
    return Ask("searchPOST", fields | {"cursorMark": cursor, "synonym": "false"})


def _words(query: Query) -> str:
    parts = [f"({query.words})"]
    if query.first or query.last:
        parts.append(f"(FIRST_PDATE:[{_day(query.first, LONG_AGO)} TO {_day(query.last, FAR_AHEAD)}])")
    if query.since:
        parts.append(f"(FIRST_IDATE:[{_day(query.since, LONG_AGO)} TO {FAR_AHEAD}])")  # when Europe PMC first had it
    return " AND ".join(parts)


def _day(day: date | None, otherwise: str) -> str:
    return day.isoformat() if day else otherwise


def _searched(body: bytes) -> etree._Element:
    root = root_of(body, "responseWrapper", "Europe PMC")
    if fault := xml_tree.one(root, "errMsg", ".//errMsg"):
        raise RefusedStrategyError(f"Europe PMC can't run this strategy: “{fault[:300]}”. Correct it, and count again.")
    return root


def _answer(root: etree._Element) -> Answer:
    hits = number(root, "hitCount")
    if hits is None:
        raise NotUnderstoodError("Europe PMC answered without a number of hits; its form may have changed.")
    return Answer(hits, xml_tree.one(root, "request/queryString", "request/query"))
