"""Percentages, where an assistant's scores were calibrated on this review's own labels (AI-09).

A *score* is something that code counted: the offline engine's own, and for a panel the share of its members that keep
the record (include 1, maybe 0.5, exclude 0). A single language model has none: its verdict follows from judgements, and
its own word on its confidence is not asked for. What was flagged has no percentage and teaches none, but for panels
that are split: that they are is what their score counts.

A *label* is what people settled blind (`agreement.settled_blind`), where every word was said under the version of the
protocol that the suggestion was made under, and none in the mode `assist`. Records held out for a validation are left
out.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from audit.agreement.calibration import share_at
from screening.enums import Engine, Oversight
from screening.models.assistant import Assistant
from screening.models.calibration import Calibration
from screening.models.decision import Decision
from screening.models.held_out import HeldOut
from screening.models.protocol import ProtocolVersion
from screening.models.review import Review
from screening.models.suggestion import Suggestion
from screening.prompts.panel import kept_share
from screening.queries.assistants.agreement import settled_blind
from screening.queries.team.blind_words import KEEP

SCORED = frozenset({Engine.LOCAL, Engine.PANEL})
SPLIT = "split"
CLEAR, LEANING = 0.90, 0.70  # from how near to one side on a calibrated share is called so
SURENESS = ("unsure", "leaning", "clear")


@dataclass(frozen=True, slots=True)
class Percent:
    """How many of such records people keep, 0..1, by how many labels, and the cross-fitted expected error."""

    share: float
    labels: int
    error: float

    @property
    def whole(self) -> int:
        """In per cent, never 0 or 100: labels of a review make nothing certain."""
        return min(99, max(1, round(100 * self.share)))

    @property
    def words(self) -> str:
        return f"include {self.whole} % (calibrated on {self.labels} labels of this review, error {self.error:.2f})"

    def band(self, otherwise: str) -> str:
        """The band by the share; never a surer one than what the suggestion has by itself."""
        near = max(self.share, 1 - self.share)
        own = "clear" if near >= CLEAR else "leaning" if near >= LEANING else "unsure"
        return min(own, otherwise, key=SURENESS.index) if otherwise in SURENESS else own


def score_of(engine: str, score: float | None, explanation: dict[str, Any], flags: Collection[str]) -> float | None:
    """What can be calibrated of a suggestion, 0..1, higher is likelier kept; None where there is nothing."""
    if engine == Engine.PANEL:
        members = explanation.get("members") or []
        return kept_share([one["verdict"] for one in members]) if members and not set(flags) - {SPLIT} else None
    return score if engine == Engine.LOCAL and not flags else None


def percent(suggestion: Suggestion) -> Percent | None:
    """How many of such records people keep, where that is known. No query for one that `suggestions.latest` found."""
    if getattr(suggestion, "unstable", False):
        return None
    score = score_of(suggestion.assistant.engine, suggestion.score, suggestion.explanation, suggestion.flags)
    if score is None:
        return None
    found: dict[str, Any] | None = (
        suggestion.calibration
        if hasattr(suggestion, "calibration")
        else Suggestion.objects.filter(pk=suggestion.pk).values_list(in_force(), flat=True).get()
    )
    if not found or not found["usable"]:
        return None
    return Percent(share_at(found["knots"], score), found["n_include"] + found["n_exclude"], found["ece"])


def band_of(suggestion: Suggestion, known: Percent | None) -> tuple[str, str]:
    """Band and method as they show now; `known` is its `percent`. Said otherwise when asked again, it is unsure."""
    if getattr(suggestion, "unstable", False):
        return "unsure", "agreement"
    return (known.band(suggestion.band), "calibrated") if known else (suggestion.band, suggestion.band_method)


def in_force() -> Subquery:
    """For a query over suggestions: the calibration of assistant, stage and protocol that stands, as JSON, or NULL."""
    of_it = {name: OuterRef(name) for name in ("assistant", "stage", "protocol")}
    names = ("usable", "knots", "n_include", "n_exclude", "ece")
    found = Calibration.objects.filter(**of_it).order_by("-id")
    return Subquery(found.values(said=JSONObject(**{name: name for name in names}))[:1])


def latest(review: Review) -> dict[tuple[int, str], Calibration]:
    """(assistant's id, stage) -> the calibration that stands under the protocol in force. One query."""
    newest = ProtocolVersion.objects.filter(review=review).order_by("-number").values("pk")[:1]
    found = Calibration.objects.filter(review=review, protocol=Subquery(newest))
    found = found.select_related("assistant", "protocol").order_by("assistant_id", "stage", "-id")
    return {(one.assistant_id, one.stage): one for one in found.distinct("assistant_id", "stage")}


@dataclass(frozen=True, slots=True)
class Labelled:
    """Records with a score and a label, by id; `sha256` names just these."""

    rows: list[tuple[int, float, bool]]

    @property
    def scores(self) -> list[float]:
        return [score for _, score, _ in self.rows]

    @property
    def kept(self) -> list[bool]:
        return [kept for _, _, kept in self.rows]

    @property
    def sha256(self) -> str:
        lines = "\n".join(f"{pk} {score:.6f} {kept:d}" for pk, score, kept in self.rows)
        return hashlib.sha256(lines.encode()).hexdigest()


def labelled(assistant: Assistant, stage: str, protocol: ProtocolVersion) -> Labelled:
    """What an assistant's scores can be calibrated on: its latest suggestion that stands for each record."""
    review = assistant.review
    labels = settled_blind(review, stage)
    for pk in _not_independent(review, stage, protocol):
        labels.pop(pk, None)
    said = Suggestion.objects.standing().filter(assistant=assistant, stage=stage, protocol=protocol)
    held = HeldOut.objects.standing().filter(review=review, stage=stage)
    said = said.exclude(record__in=held.values("record")).order_by("record_id", "-id").distinct("record_id")
    rows = []
    for pk, score, explanation, flags in said.values_list("record_id", "score", "explanation", "flags").iterator(5_000):
        found = score_of(assistant.engine, score, explanation, flags) if pk in labels else None
        if found is not None:
            rows.append((pk, found, labels[pk] == KEEP))
    return Labelled(rows)


def _not_independent(review: Review, stage: str, protocol: ProtocolVersion) -> "QuerySet[Decision, int]":
    """Records of which somebody spoke with the suggestion in view, or under another text of the protocol."""
    words = Decision.objects.filter(review=review, stage=stage)
    words = words.filter(Q(oversight=Oversight.ASSIST) | ~Q(protocol=protocol))
    return words.values_list(Coalesce("record__merged_into", "record"), flat=True)
