"""PubMed through the NCBI's E-utilities: esearch with the history server, efetch in pages, XML.

"The E-utilities In-Depth" (NBK25499), "A General Introduction" (NBK25497): three requests a second without a key, ten
with one; tool and email name who asks. PubMed gives no more than the first 9,999 records of a search, so a larger one
is cut by PMID (`low:high[uid]`) until each piece is smaller.
"""

from __future__ import annotations

import json
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
    said,
)
from .replies import number, root_of

MOST = 9_999
"""Records of one search that efetch gives."""
LOWEST, HIGHEST = 1, 99_999_999
"""No PMID is higher: in 2026 they have eight digits and begin with 4."""
LOST_AT_MOST = 2
"""Times in a row that a search may be gone from the history server."""
LONG_AGO, FAR_AHEAD = "1500/01/01", "3000"  # PubMed's own words for an open end
_ENTRY = re.compile(rb"<(?:PubmedArticle|PubmedBookArticle)[\s>]")
_HISTORY = re.compile(r"unable to obtain query|webenv|query_?key|history", re.IGNORECASE)
_BUSY = re.compile(r"search backend failed|temporar|try again|timed? ?out|rate limit|too many", re.IGNORECASE)
_WRONG_KEY = re.compile(r"api.?key", re.IGNORECASE)
_REMARKS = (
    ("ErrorList/PhraseNotFound", "PubMed finds nothing for “{}”; that part of the strategy counts as empty."),
    ("ErrorList/FieldNotFound", "PubMed knows no field “{}”; check the tags in square brackets."),
    ("WarningList/PhraseIgnored", "PubMed ignored “{}”."),
    ("WarningList/QuotedPhraseNotFound", "PubMed has no phrase {} and looked for its words apart."),
    ("WarningList/OutputMessage", "PubMed remarks: {}"),
)


class PubMed:
    """The provider."""

    key, label, extension, site = "pubmed", "PubMed", "xml", "NCBI E-utilities"

    def pause(self, credentials: Credentials) -> float:
        return 0.11 if credentials.key else 0.35

    def refusal(self, query: Query) -> str:
        if query.words.count("(") != query.words.count(")"):
            return "The strategy has brackets that are not closed; PubMed would guess. Count the brackets."
        return common_refusal(query, self.label)

    def count(self, query: Query) -> Ask:
        return Ask("esearch.fcgi", {"db": "pubmed", "term": _term(query), "retmax": "0"})

    def counted(self, body: bytes) -> Answer:
        return _answer(_searched(body))

    def ask(self, query: Query, position: Position, size: int) -> Ask | None:
        """Search the next piece, or fetch the next page of the one that was searched."""
        piece = position.get("piece")
        if piece and piece.get("env"):
            asked = {"query_key": piece["key"], "WebEnv": piece["env"], "retstart": str(piece["start"])}
            return Ask("efetch.fcgi", {"db": "pubmed", "retmode": "xml", "retmax": str(size), **asked})
        if piece or not position:
            bounds = (piece["low"], piece["high"]) if piece else None
            return Ask("esearch.fcgi", {"db": "pubmed", "term": _term(query, bounds), "retmax": "0", "usehistory": "y"})
        return None

    def take(self, position: Position, body: bytes, size: int) -> Step:
        piece = position.get("piece")
        if piece and piece.get("env"):
            return _fetched(position, body, size)
        return _found(position, body)


def _term(query: Query, bounds: tuple[int, int] | None = None) -> str:
    """The strategy with its limits, each in brackets of its own.

    A top-up asks for what was added *or given its MeSH terms* since: a strategy's MeSH lines find a record only then.
    """
    parts = [f"({query.words})"]
    if query.first or query.last:
        parts.append(_range("dp", query.first, query.last))
    if query.since:
        parts.append(f"({_range('crdt', query.since, None)} OR {_range('mhda', query.since, None)})")
    if bounds and bounds != (LOWEST, HIGHEST):
        parts.append(f"{bounds[0]}:{bounds[1]}[uid]")
    return " AND ".join(parts)


def _range(field: str, first: date | None, last: date | None) -> str:
    low = f"{first:%Y/%m/%d}" if first else LONG_AGO
    high = f"{last:%Y/%m/%d}" if last else FAR_AHEAD
    return f'("{low}"[{field}] : "{high}"[{field}])'


def _searched(body: bytes) -> etree._Element:
    _check_gateway(body)
    root = root_of(body, "eSearchResult", "PubMed")
    if fault := xml_tree.one(root, "ERROR"):
        if _BUSY.search(fault):
            raise NotUnderstoodError(f"PubMed could not run the search just now: “{fault[:200]}”.")
        raise RefusedStrategyError(f"PubMed can't run this strategy: “{fault[:300]}”. Correct it, and count again.")
    return root


def _check_gateway(body: bytes) -> None:
    """How NCBI's gateway refuses: {"error": "API rate limit exceeded", "api-key": our key or address, …}.

    Only its sentence is told. Raises NotUnderstoodError; no pause mends a wrong key.
    """
    if body.lstrip()[:1] != b"{":
        return
    try:
        error = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        raise NotUnderstoodError("PubMed answered with neither records nor a reason.") from None
    if _WRONG_KEY.search(str(error)):
        raise NotUnderstoodError(
            "PubMed does not know the API key of this server. Ask an administrator to correct NCBI_API_KEY.",
            passing=False,
        )
    raise NotUnderstoodError(f"PubMed answered: “{str(error)[:120]}”.")


def _answer(root: etree._Element) -> Answer:
    hits = number(root, "Count")
    if hits is None:
        raise NotUnderstoodError("PubMed answered without a number of hits; its form may have changed.")
    notes = [form.format(found[:200]) for path, form in _REMARKS for found in xml_tree.every(root, path)]
    return Answer(hits, xml_tree.one(root, "QueryTranslation"), tuple(dict.fromkeys(notes)))


def _found(position: Position, body: bytes) -> Step:
    """A piece was searched: fetch it, cut it in two, or pass on."""
    root = _searched(body)
    answer = _answer(root)
    piece = position.get("piece") or {"low": LOWEST, "high": HIGHEST}
    rest = position.get("rest", [])
    told = None if position else answer  # the first reply is about all of it
    void = piece.get("pages", 0)
    if answer.hits > MOST:
        middle = (piece["low"] + piece["high"]) // 2
        return Step(_after([[piece["low"], middle], [middle + 1, piece["high"]], *rest]), answer=told, void=void)
    if answer.hits == 0:
        return Step(_after(rest), answer=told, void=void)
    env, key = xml_tree.one(root, "WebEnv"), xml_tree.one(root, "QueryKey")
    if not env or not key:
        raise NotUnderstoodError("PubMed did not keep the search on its history server; its form may have changed.")
    again = piece.get("hits") == answer.hits  # the history had expired; nothing changed meanwhile
    kept = {"start": piece["start"], "pages": piece["pages"]} if again else {"start": 0, "pages": 0}
    bounds = {"low": piece["low"], "high": piece["high"], "lost": piece.get("lost", 0)}
    now = bounds | {"hits": answer.hits, "env": env, "key": key, **kept}
    return Step({"piece": now, "rest": rest}, answer=told, void=0 if again else void)


def _fetched(position: Position, body: bytes, size: int) -> Step:
    piece, rest = position["piece"], position.get("rest", [])
    entries = len(_ENTRY.findall(body))
    if not entries:
        return _nothing(position, body)
    done = piece["start"] + size  # withdrawn records leave gaps: a page may hold fewer than were asked for
    if not body.rstrip().endswith(b"Set>"):
        raise NotUnderstoodError("A page of PubMed broke off before its end.")
    if done >= piece["hits"]:
        return Step(_after(rest), page=body, entries=entries)
    return Step({"piece": piece | {"start": done, "pages": piece["pages"] + 1, "lost": 0}, "rest": rest}, body, entries)


def _nothing(position: Position, body: bytes) -> Step:
    """No entries: the search is no longer on the history server, or PubMed is busy, or it changed."""
    _check_gateway(body)
    text = body[:4_000].decode(errors="replace")
    lost = position["piece"].get("lost", 0) + 1
    if _HISTORY.search(text) and "rate limit" not in text.lower() and lost <= LOST_AT_MOST:
        gone = {name: value for name, value in position["piece"].items() if name not in ("env", "key")} | {"lost": lost}
        return Step({"piece": gone, "rest": position.get("rest", [])})
    raise NotUnderstoodError(f"PubMed answered with a page without records: “{said(body)}”.")


def _after(rest: list[list[int]]) -> Position:
    """On to the next piece, or the end."""
    if not rest:
        return {"done": True}
    (low, high), *more = rest
    return {"piece": {"low": low, "high": high}, "rest": more}
