"""What a lead should know of each citation before screening starts: the closed list of checks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .marks import CONCERN, CORRECTED, NOTICE, RETRACTED, marks

MISSING, MARKED, ODD, TWICE = "missing", "marked", "odd", "twice"

SHORT = 200
"""Bytes. A shorter abstract is a sentence or two, or says that there is none. Bytes and not characters: PostgreSQL
knows them without reading the text, and languages that say more with a character take more bytes for it."""

OLDEST = 1800
"""Years before this one are misprints in what medical databases hold: MEDLINE's OLDMEDLINE begins in 1946, The Lancet
in 1823."""

AHEAD = 1
"""Years. Articles appear online up to a year before their issue; a later year is a misprint."""

EMPTY_WORDS = (
    r"^[-–—.* \[(]*("
    r"((no|the|an|this article has no|there is no) )?(abstract|summary)?( is| was)?( currently)? ?(not |un)"
    r"(available|provided|supplied)"
    r"|(this article has |there is )?no (abstract|summary)|without (abstract|summary)"
    r"|(n/?a|none|null|nil|nan)?[-–—.\]) ]*$"
    r"|(copyright|\(c\)|©)[^a-z]"
    r")"
)
"""What stands for an abstract that there isn't, beyond what the readers leave out (importing.draft)."""

GARBLED = "\ufffd|â€|Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]|ï¿½"
"""UTF-8 that was read as Windows-1252 before it came to us, or what a program wrote for a letter that it had lost."""

_EMPTY_WORDS, _GARBLED = re.compile(EMPTY_WORDS, re.IGNORECASE | re.ASCII), re.compile(GARBLED)


@dataclass(frozen=True, slots=True)
class Check:
    """`label` reads after “Citations”; `so` says what it means for screening."""

    key: str
    group: str
    label: str
    so: str


CHECKS: tuple[Check, ...] = (
    Check("no_abstract", MISSING, "No abstract", "Judged by the title alone at title and abstract."),
    Check("no_title", MISSING, "No title", "Can hardly be judged or compared: look each up."),
    Check("no_year", MISSING, "No year", "Found by no filter of years; harder to tell from its duplicates."),
    Check("no_doi", MISSING, "No DOI", "Duplicates are found by title, authors and place; its file by hand."),
    Check("no_authors", MISSING, "No authors", "Harder to tell from its duplicates."),
    Check("no_journal", MISSING, "No journal", "Harder to tell from its duplicates."),
    Check("no_language", MISSING, "No language", "Found by no filter of languages."),
    Check(RETRACTED, MARKED, "Retracted or withdrawn", "Must not count as evidence; its notice says why."),
    Check(CONCERN, MARKED, "Expression of concern", "Read the notice before its data are used."),
    Check(CORRECTED, MARKED, "Corrected", "Extract from the corrected version."),
    Check(NOTICE, MARKED, "Errata and retraction notices", "About a study, not one: look for its article."),
    Check("short_abstract", ODD, "Very short abstract", "Some 30 words at most: perhaps cut off."),
    Check("says_none", ODD, "Says that there is no abstract", "Words in place of an abstract; as good as none."),
    Check("odd_year", ODD, "Year out of range", f"Before {OLDEST} or in the future: a misprint."),
    Check("garbled", ODD, "Garbled letters", "The file came with them: searches miss such words."),
    Check("repeated", TWICE, "Twice in this file", "Another citation of the same file is the same record."),
    Check("known", TWICE, "There already", "The same record as a citation of an earlier import."),
)  # fmt: skip
BY_KEY: dict[str, Check] = {check.key: check for check in CHECKS}
OF_ONE = tuple(check.key for check in CHECKS if check.group != TWICE)
"""Those that a citation shows by itself, without the others."""


class Citation(Protocol):
    """What is looked at: a parsed citation or a stored record."""

    @property
    def title(self) -> str: ...
    @property
    def authors(self) -> Sequence[str]: ...
    @property
    def year(self) -> int | None: ...
    @property
    def journal(self) -> str: ...
    @property
    def doi(self) -> str: ...
    @property
    def abstract(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def type(self) -> str: ...


def problems(one: Citation, *, this_year: int) -> dict[str, str]:
    """Key of a check -> why it applies, in a sentence; in no order."""
    lacking = (
        ("no_title", one.title), ("no_abstract", one.abstract), ("no_year", one.year is not None), ("no_doi", one.doi),
        ("no_authors", one.authors), ("no_journal", one.journal), ("no_language", one.language),
    )  # fmt: skip
    found = {key: f"It has {BY_KEY[key].label.lower()}." for key, there in lacking if not there}
    for rule in marks(one.title, one.type):
        found.setdefault(rule.kind, rule.reason)
    return found | _odd(one, this_year)


def _odd(one: Citation, this_year: int) -> dict[str, str]:
    found = {}
    if one.abstract and len(one.abstract) < SHORT and (size := len(one.abstract.encode(errors="replace"))) < SHORT:
        empty = _EMPTY_WORDS.search(one.abstract)
        key, why = ("says_none", f"It says “{one.abstract}”.") if empty else ("short_abstract", f"It has {size} bytes.")
        found[key] = why
    if one.year is not None and not OLDEST <= one.year <= this_year + AHEAD:
        found["odd_year"] = f"It says {one.year}."
    texts = (one.title, one.journal, *one.authors)
    if bad := next((text for text in texts if not text.isascii() and _GARBLED.search(text)), ""):
        found["garbled"] = f"“{bad[:120]}”"
    return found
