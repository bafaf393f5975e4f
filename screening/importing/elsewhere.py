"""Where in an entry a decision stands that was made in another tool: its columns or tags, and what tools write into
notes (IMP-06).

Looked for in the raw text that is kept of each entry, so that a file imported long ago can be asked as well.

Rayyan puts all it knows into the notes, in parts set off by bars (help.rayyan.ai, "Understanding your Rayyan export
files"): RAYYAN-INCLUSION: {"Anna"=>"Included"} | RAYYAN-LABELS: … | RAYYAN-EXCLUSION-REASONS: … | USER-NOTES: ….
ASReview writes ASReview_relevant, ASReview_irrelevant or ASReview_not_seen into notes of RIS (its documentation, "Data
format"); Covidence "Exclusion reason: …; ".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from . import xml_tree
from .headers import is_wos, plain
from .refer import ReferGrammar
from .ris import RisGrammar
from .tagged import Grammar, blocks

WHOLE_FILE = "*"
"""The place of what every entry of a file has in common: that it is in this file."""

IN_FILE = "in this file"
RAYYAN, RAYYAN_REASONS, RAYYAN_LABELS = "Rayyan: decision", "Rayyan: exclusion reasons", "Rayyan: labels"
ASREVIEW, COVIDENCE_REASONS = "ASReview: label", "Covidence: exclusion reason"
DERIVED = (RAYYAN, ASREVIEW)
REASONS = (RAYYAN_REASONS, COVIDENCE_REASONS)

LONGEST = 120  # characters of a value; what is longer is prose
# no two unbounded runs of the same characters may follow each other: that takes the square of a hostile note's length
_RAYYAN = re.compile(r"RAYYAN-INCLUSION\s*(?::\s*)?\\?\{([^{}]{0,5000})\}", re.IGNORECASE)
_ONE_WORD = re.compile(r'"((?:[^"\\]|\\.){0,200})"\s{0,20}=>\s{0,20}"?((?:[^",{}\\]|\\.){0,60})"?')
_RAYYAN_PART = {
    RAYYAN_REASONS: re.compile(r"RAYYAN-EXCLUSION-REASONS:\s*([^|\n]{0,2000})", re.IGNORECASE),
    RAYYAN_LABELS: re.compile(r"RAYYAN-LABELS:\s*([^|\n]{0,2000})", re.IGNORECASE),
}
_ASREVIEW = re.compile(r"\bASReview_(relevant|irrelevant|not_seen)\b", re.IGNORECASE)
_COVIDENCE = re.compile(r"\bExclusion reason:\s*([^;|\n]{1,300})", re.IGNORECASE)
_LISTS = re.compile(r"tags?|labels?|keywords?|kw|k|groups?|codes?|manualtags|freekeywords")
# What every citation has; a decision stands in none of them.
_CITATION = """
TY TI T1 T2 T3 AU A1 A2 A3 A4 AB N2 PY Y1 Y2 DA JF JO JA J1 J2 VL IS SP EP DO UR L1 L2 ER SN AD PB CY LA AN ID ST
0 A T D J V N P X U R @ + B
"""
_BIBLIOGRAPHIC = frozenset(_CITATION.split())
_XML = (
    "notes", "research-notes", "keywords/keyword", "label", "caption", "custom1", "custom2", "custom3", "custom4",
    "custom5", "custom6", "custom7", "custom8", "remote-database-name", "work-type",
)  # fmt: skip
_GRAMMARS: dict[str, Callable[[], Grammar]] = {"ris": RisGrammar, "refer": ReferGrammar}
_TABLES = ("csv", "tsv", "xlsx")
READ = (*_GRAMMARS, *_TABLES, "endnote-xml", "bibtex")


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands where in one entry: place -> values. `who` says who decided elsewhere, as the file names them."""

    at: dict[str, tuple[str, ...]]
    who: str = ""


def marks(raw: str, file_format: str, columns: Sequence[str] = ()) -> Marks:
    """The places of an entry in which a decision may stand. Never raises; an odd entry has fewer."""
    at: dict[str, tuple[str, ...]] = {WHOLE_FILE: (IN_FILE,)}
    texts = _texts(raw, file_format, columns)
    for place, values in texts.items():
        at[place] = _values(place, values)
    everything = "\n".join(value for values in texts.values() for value in values)
    at |= _derived(everything)
    return Marks({place: values for place, values in at.items() if values}, _who(everything))


def _texts(raw: str, file_format: str, columns: Sequence[str]) -> dict[str, list[str]]:
    if file_format in _TABLES:
        return _row(raw, file_format, columns)
    if file_format in _GRAMMARS:
        return _tags(raw, _GRAMMARS[file_format]())
    if file_format == "endnote-xml":
        root = xml_tree.parse(raw).root
        return {} if root is None else {path: found for path in _XML if (found := xml_tree.every(root, path))}
    return {"note": [raw]} if file_format == "bibtex" else {}


def _tags(raw: str, grammar: Grammar) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for block in blocks(raw.splitlines(keepends=True), grammar):
        for tag, values in block.values().items():
            if tag not in _BIBLIOGRAPHIC:
                found.setdefault(tag, []).extend(values)
    return found


def _row(raw: str, file_format: str, columns: Sequence[str]) -> dict[str, list[str]]:
    return {name: [cell] for name, cell in zip(named(columns), _cells(raw, file_format, columns), strict=False) if cell}


def named(columns: Sequence[str]) -> list[str]:
    """The columns by names that differ: the second of a name is "name (2)"."""
    seen: dict[str, int] = {}
    names = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        names.append(f"{column} ({seen[column]})" if seen[column] > 1 else column)
    return names


def _cells(raw: str, file_format: str, columns: Sequence[str]) -> list[str]:
    if file_format == "xlsx":
        return raw.rstrip("\n").split("\t")
    if file_format == "tsv":
        return _split(raw, "\t", quoted=not is_wos(columns))
    trials = [_split(raw, delimiter, quoted=True) for delimiter in (",", ";", "|")]
    return min(trials, key=lambda cells: abs(len(cells) - len(columns)))


def _split(raw: str, delimiter: str, *, quoted: bool) -> list[str]:
    if not quoted:
        return raw.rstrip("\r\n").split(delimiter)
    try:
        return next(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _values(place: str, values: Iterable[str]) -> tuple[str, ...]:
    """Short ones, white space collapsed; those of a list of tags one by one."""
    if _LISTS.fullmatch(plain(place)) or place == "keywords/keyword":
        values = [piece for value in values for piece in re.split(r"[;|\n]", value)]
    clean = (" ".join(value.split()) for value in values)
    return tuple(dict.fromkeys(value for value in clean if value and len(value) <= LONGEST))


def _derived(text: str) -> dict[str, tuple[str, ...]]:
    """What tools write into notes, taken apart."""
    found: dict[str, tuple[str, ...]] = {}
    if words := _words(text):
        found[RAYYAN] = (" + ".join(sorted(set(words.values()))),)
    for place, part in _RAYYAN_PART.items():
        if given := part.search(text):
            found[place] = _values(place, given[1].split(","))
    if label := _ASREVIEW.search(text):
        found[ASREVIEW] = (label[1].lower().replace("_", " "),)
    if why := _COVIDENCE.findall(text):
        found[COVIDENCE_REASONS] = _values(COVIDENCE_REASONS, why)
    return found


def _words(text: str) -> dict[str, str]:
    """Who -> decision, as Rayyan has it; the last of several such notes."""
    words: dict[str, str] = {}
    for said in _RAYYAN.findall(text):
        words |= {_plain(who): _plain(verdict) for who, verdict in _ONE_WORD.findall(said) if verdict.strip()}
    return words


def _plain(text: str) -> str:
    return " ".join(text.replace('\\"', '"').split())


def _who(text: str) -> str:
    return "; ".join(f"{who}: {verdict}" for who, verdict in _words(text).items())[:500]
