"""What in the wording of criteria is often misread, by people and models alike. Advice: nothing is refused for it.

One criterion asks one thing, says it in the affirmative, can be answered by “met” or “not met”, and says what follows
where a record doesn't tell. Each rule is a pattern over the English text; texts in other languages are only looked at
for what doesn't depend on words. One changed word in a question moves what a model answers, so a finding names the
words that it is about and how to mend them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from screening.prompts.screening import CriterionText

COMPOUND, NEGATED, NO_POLARITY, NO_RULE = "compound", "negated", "no_polarity", "no_rule"


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of advice on the criterion `key`; `where` is from and to in its text, for the words it is about."""

    key: str
    kind: str
    where: tuple[int, int]
    sentence: str


_TOGETHER = re.compile(
    r"\band/or\b|\bas well as\b|\bin addition\b|;\s{0,9}(?=\S)|(?<=\w\w\w[.?!])\s{1,9}(?-i:(?=[A-Z(]))"
    r"|(?:^|\s)(?:\(?[2b]\)|2\.)\s"
    # “and” before a condition of its own, not between two nouns (“men and women”)
    r"|\band\s{1,9}(?=(?:also\s{1,9})?(?:who|that|which|is|are|was|were|has|have|had|with|without|not|no|at least"
    r"|more than|reports?|reported|reporting|measures?|measured|measuring|uses?|used|using|treated|receiv\w+|compar\w+"
    r"|published|written|conducted|randomi[sz]ed|assess\w*"
    r"|includes?|excludes?|follow\w*|in (?:english|adults|children))\b)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not(?! only\b)|no(?! (?:matter|later|earlier|more than|fewer than|less than)\b)|without|except|excluding"
    r"|neither|nor|other than|cannot|(?:is|are|was|were|do|does|did|has|have)n['’]t)\b",
    re.IGNORECASE,
)
_OUT = re.compile(r"^\W*(?:exclude[ds]?|reject|remove|omit)\b|\b(?:are|is|will be|must be) excluded\b", re.IGNORECASE)
_IN = re.compile(r"^\W*(?:include[ds]?|keep|accept)\b|\b(?:are|is|will be|must be) included\b", re.IGNORECASE)
_OPEN = re.compile(r"^\W*(?:which|what|how|when|where|who|why)\b[^?]*\?", re.IGNORECASE)
_EITHER = re.compile(
    r"^\W*(?:is|are|was|were|does|do|did)\b[^?]*\bor (?!more\b|less\b|older\b|younger\b)[^?]*\?", re.IGNORECASE
)
_SELDOM = re.compile(
    r"\b(?:follow(?:ed)?[- ]?up|duration|months?|weeks?|sample size|at least \d+ (?:participants|patients|people)"
    r"|fund\w*|conflicts? of interest|blind\w*|allocation|ethic\w*|dos(?:e|es|age)|setting|comorbid\w*|validated"
    r"|peer[- ]review\w*)\b"
    r"|\b(?:if|when|unless|where)\s{1,9}(?:not\s{1,9})?(?:reported|stated|mentioned)\b",
    re.IGNORECASE,
)


def lint(criteria: Sequence[CriterionText]) -> list[Finding]:
    """Advice on each criterion in turn: at most one finding of a kind for each, in the order of their words."""
    return [finding for criterion in criteria for finding in sorted(_findings(criterion), key=lambda one: one.where)]


def _findings(criterion: CriterionText) -> list[Finding]:
    found = (_compound(criterion), _negated(criterion), _polarity(criterion), _rule(criterion))
    return [one for one in found if one is not None]


def _finding(criterion: CriterionText, kind: str, found: re.Match[str], sentence: str) -> Finding:
    """`sentence` may name the words that were found as {words}."""
    words = " ".join(found.group().split())[:60]
    return Finding(criterion.key, kind, found.span(), sentence.replace("{words}", words))


def _compound(criterion: CriterionText) -> Finding | None:
    found = _TOGETHER.search(criterion.text)
    if found is None:
        return None
    return _finding(
        criterion, COMPOUND, found,
        "It seems to ask two things at once: a record that meets only one of them can't be judged. "
        "Make a criterion of each.",
    )  # fmt: skip


def _negated(criterion: CriterionText) -> Finding | None:
    found = _NOT.search(criterion.text)
    if found is None:
        return None
    if criterion.polarity == "exclude":
        mend = "A record that meets it is out, so this denies twice. Say what must be so, and set it to be met."
    else:
        mend = "Records seldom say what is not so. Say what must not be so, and set that a record that meets it is out."
    return _finding(criterion, NEGATED, found, f"It says “{{words}}”. {mend}")


def _polarity(criterion: CriterionText) -> Finding | None:
    """Where “met” doesn't say whether the record is wanted."""
    text, out = criterion.text, criterion.polarity == "exclude"
    found = _OPEN.search(text) or _EITHER.search(text)
    if found:
        sentence = "This can't be answered by “met” or “not met”. Say what must be so, as a statement."
        return _finding(criterion, NO_POLARITY, found, sentence)
    found = _IN.search(text) if out else _OUT.search(text)
    if found:
        other = "a record that meets it is out" if out else "a record must meet it"
        sentence = (
            f"The text says “{{words}}”, but it is set that {other}. Describe the record, and leave the rest to that."
        )
        return _finding(criterion, NO_POLARITY, found, sentence)
    if criterion.polarity not in {"include", "exclude"}:
        sentence = "It is not said whether a record must meet it, or is out if it does."
        return Finding(criterion.key, NO_POLARITY, (0, 0), sentence)
    return None


def _rule(criterion: CriterionText) -> Finding | None:
    if criterion.if_not_reported in {"assume_met", "assume_not_met"}:
        return None
    found = _SELDOM.search(criterion.text)
    if found is None:
        return None
    sentence = (
        "Abstracts often don't tell “{words}”, and there is no rule for that: such a record stays open until its full "
        "text. Choose what holds if it is not reported, unless that is what you want."
    )
    return _finding(criterion, NO_RULE, found, sentence)
