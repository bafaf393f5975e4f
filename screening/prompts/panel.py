"""How the opinions of a panel's members become one (AI-07), in code. Pure.

The first line that fits:

| a member failed, has not spoken, or is the only one         | maybe, and the item fails: people judge the record    |
| a member's text was flagged, in whatever way                | maybe                                                 |
| every member proposes exclude                               | exclude                                               |
| every member proposes include                               | include                                               |
| anything else                                               | maybe                                                 |

So a panel proposes exclude only if every member does, and never after a failure or a flag. Members who do not all say
the same are `split`, which is marked whatever follows. (Two different models of which both must exclude keep 98.5 to
99.7 % of the relevant records in published comparisons, single ones between 75 and 100 %.)

An adjudicating model is asked only where this is not include. It may raise the verdict (exclude to maybe or include,
maybe to include) and never lower it: `clamp` takes the higher of both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_ORDER = ("exclude", "maybe", "include")
ASKED_WHERE = frozenset({"exclude", "maybe"})  # what an adjudicating model is asked about


@dataclass(frozen=True, slots=True)
class Voice:
    """What one member says. `verdict` is include, maybe or exclude; `judged`: criterion's key -> judgement."""

    suggestion_id: int
    assistant: str
    verdict: str
    flags: tuple[str, ...] = ()
    judged: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Combined:
    """The panel's verdict and why. `split`: not all say the same. `agreement`: share of criteria judged alike, 0..1."""

    verdict: str
    why: str
    split: bool
    agreement: float


def combine(voices: Sequence[Voice], *, failed: int = 0) -> Combined:
    """The verdict by the table above. `failed` counts members without an opinion."""
    verdicts = {voice.verdict for voice in voices}
    split, alike = len(verdicts) > 1, agreement([voice.judged for voice in voices])
    doubt = _doubt(voices, failed)
    if doubt:
        return Combined("maybe", doubt, split, alike)
    if verdicts == {"exclude"}:
        return Combined("exclude", f"All {len(voices)} members propose exclude.", split, alike)
    if verdicts == {"include"}:
        return Combined("include", f"All {len(voices)} members propose include.", split, alike)
    if not split:
        return Combined("maybe", f"All {len(voices)} members propose maybe.", split, alike)
    said = "; ".join(f"{voice.assistant} proposes {voice.verdict}" for voice in voices)
    return Combined("maybe", f"The members disagree: {said}.", split, alike)


def _doubt(voices: Sequence[Voice], failed: int) -> str:
    """Why the verdicts are not looked at; empty if they are."""
    if failed:
        return f"{failed} of {failed + len(voices)} members have no opinion, so people judge this record."
    if len(voices) < 2:
        return "One opinion is no panel, so people judge this record."
    flagged = [voice.assistant for voice in voices if voice.flags]
    return f"Flagged for {', '.join(flagged)}, so people should look." if flagged else ""


def agreement(judged: Sequence[Mapping[str, str]]) -> float:
    """The share of criteria that all judge alike; 1 where there is nothing to judge, 0 where nobody speaks."""
    if not judged:
        return 0.0
    keys = set().union(*judged)
    alike = sum(len({one.get(key) for one in judged}) == 1 for key in keys)
    return alike / len(keys) if keys else 1.0


def clamp(combined: Combined, adjudicated: str) -> str:
    """The verdict after an adjudicating model has spoken: never lower than the members' own.

    Raises ValueError where `adjudicated` is no verdict.
    """
    return max(combined.verdict, adjudicated, key=_ORDER.index)


def band(combined: Combined, verdict: str) -> str:
    """How sure a panel looks, by the agreement of its members and never by a model's own word (AI-09).

    unsure: it is split or proposes maybe. clear: one verdict, and every criterion judged alike. leaning: one verdict,
    by different judgements. `verdict` is what stands after an adjudicating model.
    """
    if combined.split or verdict == "maybe" or verdict != combined.verdict:
        return "unsure"
    return "clear" if combined.agreement == 1.0 else "leaning"


def order_score(verdict: str, scores: Sequence[float]) -> float:
    """Where the record stands in an order by suggestions, 0..1: first by verdict, then by the members' mean score."""
    mean = sum(scores) / len(scores) if scores else 0.5
    return round((_ORDER.index(verdict) + mean) / 3, 4)


def kept_share(verdicts: Sequence[str]) -> float:
    """The share of the members that keep a record, 0..1, a maybe as half of one: what a panel is calibrated by (AI-09).

    Whoever adjudicates is not in it. Raises ValueError without a member, or for what is no verdict.
    """
    if not verdicts:
        raise ValueError("Nobody has spoken.")
    return sum(_ORDER.index(verdict) for verdict in verdicts) / (2 * len(verdicts))


def differences(first: Voice, again: Voice) -> tuple[str, ...]:
    """What a model said otherwise when it was asked the same again: "verdict", and the keys of criteria (AI-12)."""
    changed = ["verdict"] if first.verdict != again.verdict else []
    keys = dict.fromkeys([*first.judged, *again.judged])
    return (*changed, *(key for key in keys if first.judged.get(key) != again.judged.get(key)))
