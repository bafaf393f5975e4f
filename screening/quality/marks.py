"""Retracted, under a concern, corrected, or itself a notice: told by title and publication type, each with its reason.

A screener must not miss these: MECIR C48 (Cochrane, 2022) asks to look for retraction statements and errata of whatever
is included. The words are those of the databases: MEDLINE's publication types and "[Erratum appears in …]", Web of
Science's "(Retracted article. See vol …)" and "(vol 142, pg 310, 2003)", Embase's "tombstone", and the titles that
publishers give (COPE, Retraction Guidelines, 2019: "the notice has the title of the article and begins with
Retraction"). A word alone says nothing: retraction of an eyelid and correction of a deformity are surgery, so a mark of
a title stands at its start before a colon or the like, or in brackets, which hold no others: so each is looked at once,
and a title that opens thousands and closes none costs what its length asks for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

RETRACTED, CONCERN, CORRECTED, NOTICE = "retracted", "concern", "corrected", "notice"
KINDS = (RETRACTED, CONCERN, CORRECTED, NOTICE)


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern`, found in the title or the type in any case, gives the mark `kind` for this `reason`."""

    kind: str
    of: str
    pattern: str
    reason: str
    found: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "found", re.compile(self.pattern, re.IGNORECASE | re.ASCII))


_OPEN = r"""^[ \[("'“‘*]*"""
_THING = r"( (article|paper|publication|chapter|study))?"
_WHOSE = r"((author|publisher|editor)s?['’]?s? )"
_THEN = r"""( *[:—–“"]| - |[.] |[.]?$)"""  # what parts the word from the title that follows, if any does


def _type(names: str) -> str:
    """One of several types, which "; " parts."""
    return rf"(^|; ?)({names})(;|$)"


RULES: tuple[Rule, ...] = (
    Rule(RETRACTED, "title", rf"{_OPEN}(retracted|withdrawn){_THING}([\])] *[^ ]|[\])]? *[:—–]| - |[.] )",
         "The title begins with “Retracted” or “Withdrawn”."),
    Rule(RETRACTED, "title", rf"[\[(](retracted|withdrawn){_THING}([.,:;] ?[^\[\]()]*)?[\])][ .]*$",
         "The title ends with “(Retracted …)”."),
    Rule(RETRACTED, "title", r"[\[(](published )?retraction (appears|has been|published)[^a-z]|\[retraction in[^a-z]",
         "The title names the notice that retracts it."),
    Rule(RETRACTED, "type", _type(rf"(partially )?(retracted|withdrawn){_THING}( \(in part\))?"),
         "The database gives it the type of a retracted publication."),
    Rule(CONCERN, "title", rf"{_OPEN}(editor(ial|['’]?s)? )?((notice|statement|note) of )?expressions? of "
         rf"(editorial )?concern( (for|to|on|about|regarding))?{_THEN}",
         "The title begins with “Expression of concern”."),
    Rule(CONCERN, "title", r"[\[(]expression of concern( (appears|has been|published)|( in)?[:.,\])])",
         "The title names an expression of concern."),
    Rule(CONCERN, "type", _type("(publication with )?expression of concern"),
         "The database gives it the type of an expression of concern."),
    Rule(CORRECTED, "title", r"\[correct(ed|ion)\]", "The title bears “[corrected]”."),
    Rule(CORRECTED, "title", r"[\[(](published )?(errat(um|a)|correction|corrigendum)s? "
         r"(appears?|published|has been)[^a-z]|\[(errat(um|a)|corrigendum) in[^a-z]|\[correction in:",
         "The title names its erratum."),
    Rule(CORRECTED, "type", _type("corrected( and republished)?( (article|publication))?"),
         "The database gives it the type of a corrected publication."),
    Rule(NOTICE, "title", rf"{_OPEN}{_WHOSE}?(errat(um|a)|corrigend(um|a))([^a-z]|$)",
         "The title begins with “Erratum” or “Corrigendum”."),
    Rule(NOTICE, "title", rf"{_OPEN}({_WHOSE}corrections?([^a-z]|$)|corrections?( to)?{_THEN}"
         r"|corrections? to [^ ]+ (et al|and)[^a-z])", "The title begins with “Correction”."),
    Rule(NOTICE, "title", rf"{_OPEN}{_WHOSE}?((partial )?retraction( (to|of))?{_THEN}"
         r"|(notice|statement|note) of (retraction|withdrawal)([^a-z]|$)"
         r"|(retraction|withdrawal|removal) (notice|note|statement)([^a-z]|$))",
         "The title is that of a retraction notice."),
    Rule(NOTICE, "title",
         r"\(((retraction|correction|erratum|corrigendum|expression of concern) (of|to|for) )?vol[. ]+[0-9a-z]+,"
         r"[^()]*\)[ .]*$",
         "The title ends with the place of the article that it is about."),
    Rule(NOTICE, "title",
         r"([\[(](errat(um|a)|corrigend(um|a)|retraction notice)[\])]|[:—–] ?(errat(um|a)|corrigend(um|a)))[ .]*$",
         "The title ends with “Erratum” or “Corrigendum”."),
    Rule(NOTICE, "type", _type("(published )?errat(um|a)(, addenda)?|corrigendum|correction(, addition)?|tombstone"
         "|retraction( (of publication|notice|note))?|item withdrawal"),
         "The database gives it the type of a notice."),
)  # fmt: skip

HINTS = ("retract", "withdraw", "remov", "errat", "corrig", "correct", "concern", "tombstone", "vol")
"""A citation that meets a rule has a word that begins with one of these: quicker to look for than the patterns."""


def marks(title: str, type: str) -> list[Rule]:  # noqa: A002 (the field's name)
    """The rules that a citation's title or type meets; one kind may be there for several reasons."""
    low = f"{title} {type}".lower()
    if not any(hint in low for hint in HINTS):
        return []
    texts = {"title": title, "type": type}
    return [rule for rule in RULES if rule.found.search(texts[rule.of])]


def pattern(kind: str, of: str) -> str:
    """One pattern for all rules of a kind that look at "title" or "type", for a database to search with."""
    return "|".join(rule.pattern for rule in RULES if (rule.kind, rule.of) == (kind, of))
