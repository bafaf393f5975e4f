"""Transparent cues: what words of a text say about study design, ages and species.

Each cue is a pair of patterns that a methodologist can read and dispute: `plain` finds a mention, `declared` finds a
sentence that says it *of this study*. A mention in the title counts as declared. No cue is learned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screening.ranking.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Cue:
    """`named` recognises the cue in the wording of a criterion; `plain` and `declared` in a record's text.

    `hints` are lower-case fragments one of which any match must contain: a cheap look before the patterns run.
    """

    name: str
    hints: tuple[str, ...]
    named: re.Pattern[str]
    plain: re.Pattern[str]
    declared: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """`cue` was found in `sentence` as the words `words`; `declared` says that the text claims it of itself."""

    cue: str
    sentence: Sentence
    words: str
    declared: bool


def _cue(name: str, hints: str, named: str, plain: str, declared: str = "") -> Cue:
    compiled = [re.compile(pattern, re.IGNORECASE) for pattern in (named, plain, declared or r"(?!)")]
    return Cue(name, tuple(hints.split("|")), *compiled)


_ANIMALS = (
    r"mice|mouse|rats?|murine|rabbits?|zebrafish|guinea[- ]pigs?|piglets?|rodents?|wistar|sprague[- ]dawley|"
    r"c57bl/?6\w*|beagles?|canine|porcine|ewes|macaques?|hamsters?"
)
RANDOMISED = "randomised trial"
PROTOCOL = "protocol"
SYSTEMATIC = "systematic review"
REVIEW = "narrative review"
ANIMAL = "animal study"
IN_VITRO = "in vitro study"
NON_RANDOMISED = "non-randomised study"

DESIGNS: tuple[Cue, ...] = (
    _cue(
        RANDOMISED,
        "random|rct",
        r"(?<!non-)(?<!non )(?<!non)(?<!quasi-)randomi[sz]ed|\brcts?\b",
        r"(?<!non-)(?<!non )(?<!non)(?<!not )(?<!quasi-)\brandomi[sz](?:ed|ation)\b(?!\W+(?:controlled )?trials\b)"
        r"|\brandomly (?:assigned|allocated)|\bRCT\b",
        r"\b(?:were|was|we|been)\b[^.;]{0,40}(?<!non-)(?<!not )\brandom(?:i[sz]ed|ly (?:assigned|allocated))"
        r"|\b(?:this|a|an|our|arm|blind(?:ed)?|parallel|group|centre|center|pilot|pragmatic)[ ,-]+(?:\w+[- ,]+){0,5}"
        r"(?<!non-)(?<!quasi-)randomi[sz]ed\b[^.;]{0,60}\b(?:trial|study)\b(?!s)",
    ),
    _cue(
        PROTOCOL,
        "protocol|will be|we will|rationale",
        r"\bprotocols?\b",
        r"\b(?:study|trial|review) protocol\b|\bprotocol (?:for|of) an?\b|\bprotocol paper\b|\b(?:design and rationale|rationale and design)\b",
        r"\bthis protocol\b|\bwill be (?:randomi[sz]ed|randomly|recruited|enrolled|allocated)"
        r"|\bwe will (?:recruit|enrol|randomi[sz]e|conduct|include)",
    ),
    _cue(
        SYSTEMATIC,
        "review|meta|search|databas|prisma|pooled|studies|trials",
        r"\breviews?\b|meta-?analys[ie]s|evidence synthes[ie]s",
        r"\bsystematic(?:ally)?(?: literature)? review|\bmeta-?analy(?:sis|ses|tic)\b|\b(?:scoping|umbrella|rapid) review\b",
        r"\b(?:we|were|was)\b[^.]{0,30}\bsearched\b|\bdatabases? (?:were|was|from)\b|\bPRISMA\b"
        r"|\b\w+ (?:studies|trials)\b[^.]{0,40}\b(?:were|was) (?:included|pooled|eligible)"
        r"|\b(?:this|we (?:performed|conducted|did|undertook)|our) (?:an? )?(?:\w+ ){0,2}(?:systematic|scoping|umbrella) review",
    ),
    _cue(
        REVIEW,
        "review|overview|this article|this paper|we summari|we discuss",
        r"\breviews?\b",
        r"\b(?:narrative|literature|state-of-the-art|clinical|critical|mini|invited)[- ]review\b|: a review\b|\ban overview\b",
        r"\b(?:this|in this|the present|our) (?:\w+ ){0,3}review\b|\bthis (?:article|paper) (?:reviews|summari[sz]es|discusses)"
        r"|\bwe (?:review|summari[sz]e|discuss)\b",
    ),
    _cue(
        "cohort study",
        "cohort|registry|retrospective|prospective|observational|followed",
        r"\bcohorts?\b",
        r"\bcohort (?:study|analysis)|\b(?:prospective|retrospective|population-based|observational|matched) cohort\b"
        r"|\bregistry(?:-based)? (?:study|analysis)",
        r"\b(?:this|a|an|in|our|performed|conducted)\b[^.]{0,60}\b(?:retrospective|prospective|observational)[^.]{0,25}\b(?:cohort|study|analysis)"
        r"|\bwe (?:retrospectively|followed)\b|\bwere followed (?:for|up|over)\b|\bcohort of \d",
    ),
    _cue(
        "case-control study",
        "case|matched",
        r"case[- ]control",
        r"\bcase[- ]control\b",
        r"\bcases (?:were )?(?:individually )?matched\b|\b(?:this|a|nested) (?:\w+ ){0,2}case[- ]control\b",
    ),
    _cue(
        "cross-sectional study",
        "section|survey|questionnaire",
        r"cross[- ]sectional|\bsurveys?\b",
        r"\bcross[- ]sectional\b|\b(?:online|postal|questionnaire|national|web-based) survey\b",
        r"\b(?:this|a|an)\b[^.]{0,30}\bcross[- ]sectional\b|\b(?:completed|answered|returned) (?:the|a|an)\b[^.]{0,30}\b(?:survey|questionnaire)",
    ),
    _cue(
        "qualitative study",
        "qualitative|focus|interview|thematic",
        r"\bqualitative\b",
        r"\bqualitative\b|\bfocus groups?\b",
        r"\b(?:semi-structured|in-depth) interviews?\b|\bthematic analysis\b",
    ),
    _cue(
        "case report",
        "case|we report|we describe|we present|year-old",
        r"case (?:reports?|series)",
        r"\bcase (?:report|series)\b",
        r"\bwe (?:report|describe|present)\b[^.]{0,40}\b(?:case|patient|man|woman|boy|girl)\b|\b(?:a|an) \d{1,3}-year-old\b",
    ),
    _cue(
        "single-arm study",
        "single|before|post|uncontrolled|control group",
        r"single[- ](?:arm|group)|before[- ](?:and[- ])?after|uncontrolled|pre-?post",
        r"\bsingle[- ](?:arm|group)\b|\bbefore[- ]and[- ]after\b|\bpre-?(?:\W|and )*post\b|\buncontrolled\b",
        r"\b(?:without|no) (?:a )?control group\b|\bthis\b[^.]{0,30}\bsingle[- ](?:arm|group)\b",
    ),
    _cue(
        NON_RANDOMISED,
        "non|not rand|quasi|observational",
        r"non-?\s?randomi[sz]ed|quasi-experiment|observational",
        r"\bnon-?\s?randomi[sz]ed\b|\bquasi-(?:experiment|randomi)|\bobservational study\b",
        r"\bnot randomi[sz]ed\b|\b(?:this|a|an) (?:\w+ ){0,3}(?:non-?randomi[sz]ed|quasi-experimental)",
    ),
    _cue(
        "economic evaluation",
        "cost|econom|markov|decision",
        r"economic|cost[- ](?:effect|util|benef)",
        r"\bcost[- ](?:effectiveness|utility|benefit)\b|\beconomic evaluation\b",
        r"\bmarkov\b|\bincremental cost\b|\bdecision[- ]analytic\b",
    ),
    _cue(
        "opinion",
        "editorial|comment|letter|viewpoint|re:|reply",
        r"editorials?|comment(?:ary|aries|s)?\b|letters?\b|opinions?\b|viewpoints?",
        r"\beditorial\b|\bcommentary\b|\bletter to the editor\b|\bviewpoint\b|^comment on\b|^re:|^(?:authors'? )?reply\b",
        r"\bthis (?:commentary|editorial|viewpoint|letter)\b",
    ),
    _cue(
        "guideline",
        "guideline|consensus|position|panel|task force",
        r"guidelines?|consensus|position (?:paper|statement)s?",
        r"\b(?:clinical practice guideline|consensus statement|position (?:statement|paper))\b",
        r"\b(?:the panel|task force) (?:agreed|recommends?)\b",
    ),
    _cue(
        "erratum",
        "errat|corr|retract",
        r"\berrat|corrections?\b|retract",
        r"^(?:erratum|correction|corrigendum|retraction)\b",
    ),
    _cue(
        ANIMAL,
        "mice|mouse|rat|murine|rabbit|zebra|pig|rodent|wistar|sprague|c57|beagle|canine|porcine|ewes|macaque|hamster",
        r"\banimals?\b|\b(?:mice|rats|rodents)\b|pre-?clinical",
        rf"\b(?:{_ANIMALS})\b",
        rf"\b(?:male|female|adult|aged|old|\d+)\s(?:\w+[- ]){{0,3}}(?:{_ANIMALS})\b|\b(?:{_ANIMALS})\b[^.]{{0,30}}\bwere\b",
    ),
    _cue(
        IN_VITRO,
        "vitro|cell|myotube|fibroblast",
        r"in[- ]vitro|\bcell(?:s| lines?| cultures?)\b|laborator",
        r"\bin[- ]vitro\b|\bcell lines?\b",
        r"\b(?:cultured|primary|exposed) (?:\w+ ){0,3}(?:cells|myotubes|fibroblasts)\b|\bcells were (?:\w+ )?(?:cultured|exposed|treated|stimulated|incubated)",
    ),
)

NOT_HUMAN = frozenset({ANIMAL, IN_VITRO})
# "A randomised trial is warranted" says what this study is not.
_AHEAD = re.compile(r"\b(?:warranted|needed|required|under ?way|future|should be|call for)\b", re.IGNORECASE)
# Work *about* other studies: it may name their designs without having them.
SECOND_HAND = frozenset({SYSTEMATIC, REVIEW, "opinion", "guideline", "erratum"})
# "Reviews" in a criterion names both kinds; a non-randomised study may call itself by any of these names.
OBSERVATIONAL = frozenset({"cohort study", "case-control study", "cross-sectional study", "single-arm study"})


def designs(parts: Sequence[Sentence]) -> tuple[Hit, ...]:
    """Every design cue of the text, at most one hit per cue and sentence, declared or only mentioned."""
    return tuple(hit for part in parts for cue in _hinted(part.text.lower()) if (hit := _hit(cue, part)) is not None)


def _hinted(text: str) -> Iterator[Cue]:
    return (cue for cue in DESIGNS if any(hint in text for hint in cue.hints))


def named_designs(criterion: str) -> frozenset[str]:
    """The designs that the wording of a criterion names; "non-randomised" brings the observational designs with it."""
    found = {cue.name for cue in DESIGNS if cue.named.search(criterion)}
    return frozenset(found | OBSERVATIONAL if NON_RANDOMISED in found else found)


def _hit(cue: Cue, part: Sentence) -> Hit | None:
    declared = cue.declared.search(part.text)
    found = declared or cue.plain.search(part.text)
    if found is None:
        return None
    claims = (declared is not None or part.field == "title") and not _AHEAD.search(part.text)
    return Hit(cue.name, part, found.group(0).strip(), declared=claims)
