"""Which of our formats is this text? Found from the content; a file's name says nothing reliable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from . import refusals, table
from .citation import NotACitationFile

HEAD = 65_536
"""Bytes looked at. A preamble longer than that is no export's."""

_LONGEST = 20_000  # characters of a line that are looked at: no signature stands further in
_RIS = re.compile(r"\s*TY {0,4}-(?:\s|$)")
_RIS_OTHER = re.compile(r"(?:AU|A1|TI|T1|JO|JF|PY|Y1|AB|N2|UR|ER)  -(?:\s|$)")
_MEDLINE = re.compile(r"(?:PMID ?- ?\d|PMCR?  ?-|PMCR?- |(?:OWN|STAT|DCOM|FAU|EDAT|PST) {0,2}- )")
_BIBTEX = re.compile(r"\s*@[ \t]*[A-Za-z][\w-]*[ \t]*(?:[{(]|$)")


@dataclass(frozen=True, slots=True)
class Found:
    """A format (ris, medline, bibtex, csv, tsv) and, for a table, how it is laid out."""

    format: str
    layout: table.Layout | None = None


def detect(lines: list[str], mapping: Mapping[str, str] | None) -> Found:
    """The format of the text that begins with these lines.

    Raises NotACitationFile, saying what it looks like and what to export instead.
    """
    lines = [line[:_LONGEST] for line in lines]
    text = "".join(lines)
    if not text.strip("\ufeff\ufffd \t\r\n"):
        raise NotACitationFile(refusals.EMPTY)
    if message := refusals.markup(text):
        raise NotACitationFile(message)
    layout = table.find_layout(lines, mapping)
    tagged = _tagged(lines)
    # A table whose header is at the top is a table, even if an abstract in it quotes a tag.
    if layout and len(layout.columns) > 1 and (not tagged or layout.skip == 0 or len(layout.mapping) > 4):
        return Found(layout.format, layout)
    if tagged:
        return Found(tagged)
    if message := refusals.alien(text):
        raise NotACitationFile(message)
    if layout and layout.skip == 0:  # a column of nothing but titles
        return Found(layout.format, layout)
    raise table.refusal(lines) or NotACitationFile(refusals.UNKNOWN)


def _tagged(lines: list[str]) -> str:
    """The format whose signature comes first; RIS without any TY only if nothing else is there."""
    others = 0
    for line in lines:
        if _RIS.match(line.lstrip("\ufeff")):
            return "ris"
        if _MEDLINE.match(line):
            return "medline"
        if _BIBTEX.match(line):
            return "bibtex"
        others += bool(_RIS_OTHER.match(line))
    return "ris" if others >= 2 else ""
