"""Which of our formats is this text? Found from the content; a file's name says nothing reliable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from . import ovid, refusals, table, xml_formats
from .citation import NotACitationFile

HEAD = 65_536
"""Bytes looked at. A preamble longer than that is no export's."""

_LONGEST = 20_000  # characters of a line that are looked at: no signature stands further in
_SIGNATURES = (
    ("ris", re.compile(r"\s*TY {0,4}-(?:\s|$)")),
    ("medline", re.compile(r"(?:PMID ?- ?\d|PMCR?  ?-|PMCR?- |(?:OWN|STAT|DCOM|FAU|EDAT|PST) {0,2}- )")),
    ("bibtex", re.compile(r"\s*@[ \t]*[A-Za-z][\w-]*[ \t]*(?:[{(]|$)")),
    ("refer", re.compile(r"\s*%0(?:[ \t]|\s*$)")),
    ("wos", re.compile(r"(?:FN [^\r\n]*(?:ISI|Thomson|Clarivate|Web of)|VR 1\.\d\s*$|PT [A-Z]\s*$)")),
    ("cochrane", re.compile(r"\s*ID: C[ND]-?\d")),
    ("ovid", re.compile(r" {0,2}VN {0,3}- *Ovid Technologies")),
)
_RIS_OTHER = re.compile(r"(?:AU|A1|TI|T1|JO|JF|PY|Y1|AB|N2|UR|ER)  -(?:\s|$)")
_REFER_OTHER = re.compile(r"\s*%[A-Z0-9@][ \t]+\S")
_COCHRANE = re.compile(r"(?:ID|AU|TI|SO): ")
_COCHRANE_RECORD = re.compile(r"\s*Record #\d+ of \d+\s*$")
_OVID_TOP = re.compile(r"\A\s*(?:Score|Accession Number|Unique Identifier)[ \t]*\r?\n[ \t]+\S")


@dataclass(frozen=True, slots=True)
class Found:
    """A format and, for a table, how it is laid out.

    One of ris, medline, bibtex, refer, wos, ovid, cochrane, csv, tsv, xlsx, and `xml_formats.FORMATS`.
    """

    format: str
    layout: table.Layout | None = None


def detect(lines: list[str], mapping: Mapping[str, str] | None) -> Found:
    """The format of the text that begins with these lines.

    Raises NotACitationFile, saying what it looks like and what to export instead.
    """
    whole = "".join(lines)
    lines = [line[:_LONGEST] for line in lines]
    text = "".join(lines)
    if not text.strip("\ufeff\ufffd \t\r\n"):
        raise NotACitationFile(refusals.EMPTY)
    if xml := xml_formats.recognise(whole):
        return Found(xml)
    if message := refusals.markup(text):
        raise NotACitationFile(message)
    layout = table.find_layout(lines, mapping)
    tagged = _tagged(lines)
    # A table whose header is at the top is a table, even if an abstract in it quotes a tag.
    if layout and len(layout.columns) > 1 and (not tagged or layout.skip == 0 or len(layout.mapping) > 4):
        return Found(layout.format, layout)
    if tagged:
        return Found(tagged)
    if layout and layout.skip == 0:  # a column of nothing but titles
        return Found(layout.format, layout)
    raise table.refusal(lines) or NotACitationFile(refusals.UNKNOWN)


def _tagged(lines: list[str]) -> str:
    """The format whose signature comes first; RIS without any TY only if nothing else is there."""
    others = refers = 0
    if _OVID_TOP.match("".join(lines[:20])):
        return "ovid"
    above = ""  # the line that numbers an entry: what stands below tells whose it is
    for line in lines:
        if named := _named(line.lstrip("\ufeff"), above):
            return named
        others += bool(_RIS_OTHER.match(line))
        refers += bool(_REFER_OTHER.match(line))
        if refers > 1:
            return "refer"
        if line.strip():
            above = _numbered(line) or above
    return "ris" if others >= 2 else "refer" if refers else ""


def _named(line: str, above: str) -> str:
    """The format whose signature this line is, below a line that numbers an Ovid or a Cochrane entry."""
    if named := next((name for name, shape in _SIGNATURES if shape.match(line)), ""):
        return named
    if above == "cochrane" and _COCHRANE.match(line):
        return "cochrane"
    return "ovid" if _is_ovid(line, above) else ""


def _is_ovid(line: str, above: str) -> bool:
    field = line[:1].isalpha() and line.strip().lower() in ovid.NAMES
    return above == "ovid" and bool(field or ovid.TAG.match(line))


def _numbered(line: str) -> str:
    if _COCHRANE_RECORD.match(line):
        return "cochrane"
    return "ovid" if ovid.NUMBER.match(line) else ""
