"""What an entry says elsewhere than in its type: that the article was retracted, put in doubt, corrected.

PubMed and Ovid keep it in fields of their own (NLM, "CommentsCorrections": RIN, PRIN, ECI, EIN, CRI), reference
managers in the notes that they make of these. The name of the type that says the same is put first among the types: a
reviewer must not miss it, and a record's column for them is short.
"""

from __future__ import annotations

import re

RETRACTED, CONCERN, CORRECTED = "Retracted Publication", "Expression of Concern", "Corrected Publication"
_WORDS = ("etract", "rratum", "oncern", "epublished")
_TAGS = ("\nRIN", "\nPRIN", "\nECI", "\nEIN", "\nCRI")
_FIELD = r"(?:^|[\s>;|\"{.])"  # a remark begins a line or a sentence of the notes
_SAYS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (RETRACTED, re.compile(r"^P?RIN *- |RefType=\"(?:Partial)?RetractionIn\"|\((?:RIN|PRIN)\)"
                           rf"|{_FIELD}(?:[Pp]artial )?[Rr]etraction (?:appears )?in: "
                           r"|(?:^|[-:,;|>\"{]) *Retracted Publication *(?:[,;|<\"}\r\n]|$)", re.MULTILINE)),
    (CONCERN, re.compile(r"^ECI *- |RefType=\"ExpressionOfConcernIn\"|\(ECI\)"
                         rf"|{_FIELD}[Ee]xpression of concern (?:appears )?in: ", re.MULTILINE)),
    (CORRECTED, re.compile(r"^(?:EIN|CRI) *- |RefType=\"(?:ErratumIn|CorrectedandRepublishedIn)\"|\((?:EIN|CRI)\)"
                           rf"|{_FIELD}(?:[Pp]ublished )?[Ee]rratum (?:appears )?in: "
                           rf"|{_FIELD}[Cc]orrected and republished (?:in|from): ", re.MULTILINE)),
)  # fmt: skip


def types(written: str, raw: str) -> str:
    """The types of an entry, parted by "; ", what its raw text says happened to the article first."""
    if not _worth(raw):
        return written
    names = [name for name, said in _SAYS if said.search(raw)] + written.split("; ")
    marks = (RETRACTED, CONCERN, CORRECTED)
    return "; ".join(sorted(filter(None, dict.fromkeys(names)), key=lambda name: not name.startswith(marks)))


def _worth(raw: str) -> bool:
    """Nearly all entries say nothing: some words are looked for sooner than patterns."""
    return any(word in raw for word in _WORDS) or ("PMID" in raw and any(tag in raw for tag in _TAGS))
