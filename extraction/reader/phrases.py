"""What is no number: registry ids, countries, dates, choices by the words of their options, and passages as text."""

import re
from collections.abc import Sequence

from extraction.fields import FieldError, Option
from extraction.fields.dates import parsed
from extraction.prompts.asked import Asked, Named
from extraction.prompts.shown import query_of
from extraction.reader.countries import COUNTRY
from extraction.reader.names import at_time, distinctive, place_of, speaks_of, split_measure, words
from extraction.reader.pieces import Piece, ranked

Said = tuple[str, Piece]

_REGISTRY = re.compile(
    r"\b(?:[A-Z]{2,8}-)?(?:NCT\d{8}|ISRCTN\d{6,8}|ChiCTR[A-Z-]*\d+|DRKS\d{6,}|ACTRN\d{12,}|UMIN\d{6,}|"
    r"EUCTR\d{4}-\d{6}-\d{2}|CTRI/\d{4}/\d+/\d+|IRCT\w+|TCTR\d+|PACTR\d+|NTR\d{3,5}|RBR-\w+|KCT\d+)\b"
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = rf"(?:\d{{1,2}}\s+)?{_MONTH}\s+\d{{4}}|{_MONTH}\s+\d{{1,2}},\s+\d{{4}}|\b(?:19|20)\d{{2}}\b"
_SPAN = re.compile(rf"(?P<first>{_DATE})\s+(?:and|to|until|through|–|-)\s+(?P<last>{_DATE})")
# Words by which reports say what forms ask for in words of their own: option's label -> what is looked for.
CUES = (
    (r"parallel", r"parallel[- ]group"),
    (r"cross-?over", r"cross-?over"),
    (r"cluster", r"cluster[- ]randomi[sz]"),
    (r"^person$", r"(?:people|participants|patients)\b.{0,60}\brandomi[sz]ed|randomi[sz]ed controlled"),
    (r"^period$", r"order of (?:the )?periods?"),
    (r"^superiority$", r"superiority"),
    (r"non-?inferiority", r"non-?inferiority"),
    (r"equivalence", r"equivalence trial"),
    (r"primary care", r"general[- ]practices?|primary[- ]care|health centres?"),
    (r"hospital outpatients", r"outpatient|(?:district|university|regional)?\s*hospitals?\b"),
    (r"^participants$", r"participants (?:were|was) (?:blinded|masked)|double[- ]blind"),
    (r"gave the treatment", r"(?:therapists?|clinicians?|providers?|carers?) (?:were|was) (?:blinded|masked)"),
    (r"outcome assessors", r"assessors?\b.{0,60}(?:did not know|blinded|not told|unaware|masked)|blinded assessors?"),
    (r"^analysts?$", r"(?:statistician|analysts?)\b.{0,60}(?:did not know|blinded|unaware|masked)"),
    (r"^nobody$", r"open[- ]label|neither participants nor"),
    (r"mean and sd", r"mean age.{0,30}\(SD"),
    (r"median and interquartile", r"median age.{0,30}\((?:IQR|interquartile)"),
    (r"public or government", r"(?:research council|ministry|national|institute of|government)"),
    (r"charity or foundation", r"(?:foundation|charity|trust|fund)\b"),
    (r"^industry$", r"\b(?:company|Ltd|GmbH|Inc)\b"),
    (r"own means", r"paid for by the (?:participating|hospital|university)|own means"),
    (r"no funding", r"no (?:specific )?(?:grant|funding)|not funded"),
    (r"declared: some", r"(?:has|have) (?:received|served)|holds? shares|reports? (?:a )?(?:grant|fees)"),
    (r"declared: none", r"no (?:competing|conflicts?)|nothing to (?:disclose|declare)|conflicts? of interest: none"),
    (r"all as randomised", r"intention[- ]to[- ]treat|by intention to treat"),
    (r"per protocol", r"analysis was per[- ]protocol"),
    (r"usual care", r"usual care"),
    (r"placebo or sham", r"\b(?:placebo|sham)\b"),
    (r"no treatment", r"waiting[- ]list|no treatment"),
)
_DIRECTION = re.compile(r"\b(higher|lower)\b[^.;)]{0,20}?\b(better|worse)\b")
_TOPICS = {
    "fund": r"\b(?:fund(?:ed|ing)?|grant|paid for|sponsor|support(?:ed)? by)\b",
    "conflict": r"\b(?:competing|conflicts?|disclose|shares|fees)\b",
}


def identifier(cell: Asked, pieces: Sequence[Piece]) -> Said | None:
    """Registry numbers; the sentence that speaks of registering first."""
    holding = [piece for piece in pieces if _REGISTRY.search(piece.text)]
    for piece in sorted(holding, key=lambda one: "regist" not in one.folded):
        return "; ".join(dict.fromkeys(_REGISTRY.findall(piece.text))), piece
    return None


def countries(cell: Asked, pieces: Sequence[Piece]) -> Said | None:
    """Countries in the sentence that says where people were recruited."""
    holding = [piece for piece in pieces if COUNTRY.search(piece.text) and not piece.row]
    where = r"\b(?:trial|study)\b.*\bin\b|recruited|hospitals? in"
    for piece in sorted(holding, key=lambda one: not re.search(where, one.folded)):
        return "; ".join(dict.fromkeys(COUNTRY.findall(piece.text))), piece
    return None


def date(cell: Asked, pieces: Sequence[Piece]) -> Said | None:
    """The beginning or the end of a span in a sentence on recruiting."""
    part = "last" if re.search(r"\bend|stop|last|complet", cell.field.label.casefold()) else "first"
    spans = [(piece, found) for piece in pieces if (found := _SPAN.search(" ".join(piece.text.split())))]
    spans = sorted(spans, key=lambda pair: -len(pair[1][0]))  # with months before years alone
    for piece, found in sorted(spans, key=lambda pair: not re.search(r"recruit|enrol", pair[0].folded)):
        try:
            return parsed(found[part]), piece
        except FieldError:
            continue
    return None


def choice(cell: Asked, pieces: Sequence[Piece], arms: Sequence[Named]) -> Said | None:
    """The option whose words, or whose cue, a near sentence has."""
    if cell.measure and (said := _of_outcome(cell, pieces)):
        return said
    for piece in _near(cell, pieces, arms):
        found = [option for option in cell.field.options if _says(option, piece)]
        if found and cell.field.kind == "multi_choice":
            return "; ".join(option.key for option in found), piece
        if found:
            return found[0].key, piece
    return None


def _of_outcome(cell: Asked, pieces: Sequence[Piece]) -> Said | None:
    """What the tables say of an outcome: which end of its scale is better, or whether changes are reported."""
    outcome, time = split_measure(cell.measure.name if cell.measure else "")
    keys = {word: option.key for option in cell.field.options for word in words(option.label)[:1]}
    if {"better", "worse"} <= keys.keys():
        for piece in pieces:
            found = _DIRECTION.search(piece.folded)
            if found and speaks_of(piece.text, outcome):
                return keys["better" if (found[1] == "higher") == (found[2] == "better") else "worse"], piece
    elif {"value", "change"} <= keys.keys():
        rows = [one for one in pieces if one.row and speaks_of(one.label, outcome) and at_time(one.label, time)]
        for row in sorted(rows, key=lambda one: "change" in one.label.casefold()):
            return keys["change" if "change" in row.label.casefold() else "value"], row
    return None


def yes_or_no(cell: Asked, pieces: Sequence[Piece], arms: Sequence[Named]) -> Said | None:
    """Yes where a near sentence has most words of the label, no where it denies them."""
    wanted = set(words(cell.field.label))
    for piece in _near(cell, pieces, arms):
        there = set(words(piece.text))
        if wanted and len(wanted & there) >= max(1, round(len(wanted) * 0.7)):
            return ("no" if re.search(r"\b(?:no|not|without|neither|never)\b", piece.folded) else "yes"), piece
    return None


def passage(cell: Asked, pieces: Sequence[Piece], arms: Sequence[Named]) -> Said | None:
    """The nearest sentence itself. An outcome's name is looked for where the field asks how it was measured."""
    if cell.measure and not cell.arm:
        return _instrument(cell, pieces)
    near = _near(cell, pieces, arms)
    return (" ".join(near[0].text.split()), near[0]) if near else None


def _instrument(cell: Asked, pieces: Sequence[Piece]) -> Said | None:
    if not re.search(r"instrument|scale|tool|questionnaire", cell.field.label.casefold()):
        return None
    outcome, _ = split_measure(cell.measure.name if cell.measure else "")
    sentences = [one for one in pieces if not one.row and outcome.casefold() in one.folded]
    named = [one for one in sentences if speaks_of(one.text, outcome)]
    return (outcome, named[0]) if named else None


def _near(cell: Asked, pieces: Sequence[Piece], arms: Sequence[Named]) -> list[Piece]:
    """Sentences near to the question; of an arm, those that name it."""
    sentences = [
        one for one in pieces if (not one.row and len(one.text) > 25) or one.folded in ("none.", "none declared.")
    ]
    for stem, pattern in _TOPICS.items():
        if stem in f"{cell.field.label} {cell.field.key}".casefold():
            own = [one for one in sentences if re.search(pattern, f"{one.under} {one.folded}")]
            return own[-6:]  # such statements stand at the end of a report
    if cell.arm:
        marks = distinctive(cell.arm, arms)
        sentences = [one for one in sentences if place_of(one.text, marks) >= 0]
    if re.search(r"inclusion", cell.field.label.casefold()):
        own = [one for one in sentences if re.match(r"(?:we (?:recruited|included|enrolled)|eligible)\b", one.folded)]
        return own or ranked(sentences, query_of(cell))
    if "setting" in cell.field.key:
        sentences = [
            one for one in sentences if re.search(r"\b(?:trial|study) in\b|recruited", one.folded)
        ] or sentences
    cued = [one for one in sentences if any(_says(option, one) for option in cell.field.options)]
    return (
        ranked(cued, query_of(cell)) or cued[:1] if cell.field.options else ranked(sentences, query_of(cell), limit=1)
    )


def _says(option: Option, piece: Piece) -> bool:
    label = option.label.casefold()
    for said, looked_for in CUES:
        if re.search(said, label):
            return bool(re.search(looked_for, piece.folded, re.IGNORECASE))
    wanted = words(option.label)
    return len("".join(wanted)) > 4 and set(wanted) <= set(words(piece.text))
