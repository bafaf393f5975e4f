"""What assistants said, as a table: each suggestion that stands, and below it the members that it is of (AI-14)."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from screening.enums import Stage
from screening.export.data import BATCH, Telling, utc
from screening.export.tables import Row, Sheet
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.queries.assistants import calibration
from screening.queries.assistants.origins import AI, OF_ASSISTANT, Said, said_of
from screening.queries.assistants.stability import disagreeing

SUGGESTIONS = (
    "suggestion_id", "record_id", "title", "stage", "by", "role", "of_suggestion", "assistant", "engine", "model",
    "fallback", "card", "prompt", "protocol_version", "proposed_verdict", "why", "band", "band_method", "percentage",
    "flags", "call_id", "made_at_utc",
)  # fmt: skip


def suggestions(telling: Telling) -> Sheet:
    """Every suggestion that ever stood and that this person may see, oldest first, each with its members below it."""
    return Sheet("Suggestions", SUGGESTIONS, _rows(telling))


def _rows(telling: Telling) -> Iterator[Row]:
    found = _told(telling).iterator(BATCH)
    while batch := list(islice(found, BATCH)):
        said = said_of(batch)
        for one in batch:
            yield from (_row(one, spoken) for spoken in said[one.pk])


def _told(telling: Telling) -> "QuerySet[Suggestion]":
    """Of each stage all, those on records that this person has voted on, or none, as the mode in force has it."""
    seen = Q(pk__in=())
    voted = StageState.objects.filter(
        record=OuterRef("root"), stage=OuterRef("stage"), voters__contains=[telling.eyes.user_id]
    )
    for stage in Stage:
        if telling.sees_suggestions(stage, voted=False):
            seen |= Q(stage=stage)
        elif telling.sees_suggestions(stage, voted=True):
            seen |= Q(stage=stage) & Q(Exists(voted))
    found = Suggestion.objects.standing().filter(review=telling.review)
    found = found.annotate(root=Coalesce("record__merged_into", "record")).filter(seen)
    found = found.annotate(calibration=calibration.in_force(), unstable=disagreeing())
    return found.select_related("record", "protocol", *OF_ASSISTANT).order_by("id")


def _row(one: Suggestion, said: Said) -> Row:
    whole = said.role == "stands"
    percent = calibration.percent(one) if whole else None
    return (
        said.suggestion_id or "", one.record_id, one.record.title, one.stage, AI, said.role,
        "" if whole else one.pk, said.assistant, said.engine, said.model, "yes" if said.fallback else "", said.card,
        said.prompt, one.protocol.number, said.verdict, said.why,
        *(calibration.band_of(one, percent) if whole else ("", "")), percent.words if percent else "",
        "; ".join(one.flags) if whole else "", said.call_id or "", utc(said.made_at),
    )  # fmt: skip
