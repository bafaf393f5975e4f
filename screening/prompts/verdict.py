"""From judgements to a proposed verdict, in code (AI-03, AI-04), and how sure it looks (AI-09).

First each judgement is settled (AI-05); a quote counts only if it was found in the text:

| said      | quotes                 | polarity include | polarity exclude |
|-----------|------------------------|------------------|------------------|
| any       | one or more not found  | unclear          | unclear          |
| met       | all found, at least 1  | met              | met              |
| met       | none                   | unclear          | unclear          |
| not_met   | all found, at least 1  | not_met          | not_met          |
| not_met   | none                   | unclear          | not_met          |
| unclear   | all found, or none     | unclear          | unclear          |

(“No animal study” is rarely written down, so an exclude criterion may be not met without a quote.)

Then what each settled judgement speaks for:

| settled  | polarity include | polarity exclude |
|----------|------------------|------------------|
| met      | for              | against          |
| not_met  | against          | for              |
| unclear  | open             | open             |

An open criterion that the model itself called unclear (not one whose quote was not found or that had none) follows its
`if_not_reported`: assume_met and assume_not_met put met or not_met in its place. At title and abstract an assumption
may only speak *for* the record; one against it leaves it open (AI-04).

Then the verdict, the first line that fits:

| the reply failed validation                                  | maybe   |
| the text was flagged as giving instructions                  | maybe   |
| there are no judgements                                      | maybe   |
| one or more against, and there is a text to judge            | exclude |
| one or more against, and the abstract or text is missing     | maybe   |
| one or more open                                             | maybe   |
| all for                                                      | include |

So at title and abstract neither unclear, a missing abstract, a failed reply, an unverified quote nor a flag excludes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from screening.prompts.quotes import Quote
from screening.prompts.screening import CriterionText

_FOR = {("include", "met"), ("exclude", "not_met")}
_AGAINST = {("include", "not_met"), ("exclude", "met")}
_ASSUMED = {"assume_met": "met", "assume_not_met": "not_met"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was said of one criterion. `said` is met, not_met or unclear; `found` and `missing` count its quotes."""

    key: str
    label: str
    polarity: str
    said: str
    if_not_reported: str = "unclear"
    found: int = 0
    missing: int = 0

    @property
    def settled(self) -> str:
        """The judgement after AI-05, as it is stored and shown (first table)."""
        if self.missing:
            return "unclear"
        if self.said == "not_met" and self.polarity == "exclude":
            return "not_met"
        return self.said if self.found and self.said in {"met", "not_met"} else "unclear"

    @property
    def assumed(self) -> str:
        """What `if_not_reported` puts in the place of an honest “unclear”; empty if it does not apply."""
        reported = self.said != "unclear" or self.missing
        return "" if reported else _ASSUMED.get(self.if_not_reported, "")

    def speaks(self, stage: str) -> str:
        """for, against or open (second table)."""
        direction = _direction(self.polarity, self.assumed or self.settled)
        if self.assumed and direction == "against" and stage == "title_abstract":
            return "open"
        return direction


@dataclass(frozen=True, slots=True)
class Proposed:
    """include, exclude or maybe, with a sentence that says why."""

    verdict: str
    why: str


@dataclass(frozen=True, slots=True)
class Band:
    """clear, leaning or unsure, and how that was found out."""

    word: str
    method: str = "uncalibrated"


def judged(criterion: CriterionText, said: str, quotes: Sequence[Quote]) -> Judgement:
    """One criterion's judgement with its located quotes."""
    found = sum(quote.verified for quote in quotes)
    return Judgement(
        criterion.key,
        criterion.label,
        criterion.polarity,
        said,
        criterion.if_not_reported,
        found,
        len(quotes) - found,
    )


def propose(
    judgements: Sequence[Judgement],
    *,
    stage: str = "title_abstract",
    has_abstract: bool = True,
    flagged: bool = False,
    failed: bool = False,
) -> Proposed:
    """The proposed verdict by the tables above. `has_abstract`: whether there is an abstract, or a full text."""
    doubt = _doubt(judgements, flagged=flagged, failed=failed)
    if doubt:
        return Proposed("maybe", doubt)
    against, unsettled = (_labels(judgements, stage, direction) for direction in ("against", "open"))
    if against and has_abstract:
        return Proposed("exclude", f"Speaks against it: {against}.")
    if against:
        return Proposed("maybe", f"Speaks against it: {against}; but there is no abstract or text to be sure.")
    if unsettled:
        return Proposed("maybe", f"Nothing speaks against it, but this is open: {unsettled}.")
    return Proposed("include", "Every criterion speaks for it.")


def _doubt(judgements: Sequence[Judgement], *, flagged: bool, failed: bool) -> str:
    """Why the judgements are not looked at, empty if they are."""
    if failed:
        return "The reply could not be used, so people judge this record without a suggestion."
    if flagged:
        return "The text seems to give instructions to a reader or a model, so people should look."
    return "" if judgements else "There is no criterion to judge by."


def band(
    judgements: Sequence[Judgement],
    proposed: Proposed,
    *,
    stage: str = "title_abstract",
) -> Band:
    """How sure the proposal looks from its judgements, never from the model's own word (AI-09).

    unsure: the proposal is maybe. clear: nothing was assumed and no quote was missing, and either all criteria speak
    for the record, or two speak against it, or one does and none is open. leaning: everything else.
    """
    if proposed.verdict == "maybe":
        return Band("unsure")
    spoken = [judgement.speaks(stage) for judgement in judgements]
    solid = not any(judgement.missing or judgement.assumed for judgement in judgements)
    decided = proposed.verdict == "include" or spoken.count("against") > 1 or "open" not in spoken
    return Band("clear" if solid and decided else "leaning")


def _direction(polarity: str, judgement: str) -> str:
    if (polarity, judgement) in _FOR:
        return "for"
    return "against" if (polarity, judgement) in _AGAINST else "open"


def _labels(judgements: Sequence[Judgement], stage: str, direction: str) -> str:
    return "; ".join(
        judgement.label or judgement.key for judgement in judgements if judgement.speaks(stage) == direction
    )
