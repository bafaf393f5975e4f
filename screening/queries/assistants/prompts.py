"""Prompts of a review: what assistants are told, which versions are published, and what a trial of one showed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from reviewapp.ai.prompt import Prompt as Rendered
from screening.enums import Stage, SuggestionRole
from screening.models.prompt import Prompt, PromptPublication, PromptVersion
from screening.models.protocol import ProtocolVersion
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.models.suggestion import Suggestion
from screening.prompts.screening import build
from screening.prompts.wordings import Wording
from screening.queries.assistants.work import criteria_of
from screening.visibility import mode_in_force, sees_suggestion

STAGE = Stage.TITLE_ABSTRACT


@lru_cache(maxsize=256)
def wording_of(version_id: int | None) -> Wording:
    """What models are told by a version, which never changes; nothing beside the frame for None."""
    return PromptVersion.objects.get(pk=version_id).wording if version_id else Wording()


def published(review: Review) -> QuerySet[PromptVersion]:
    """The versions that assistants may be made with, the newest first."""
    out = Exists(PromptPublication.objects.filter(version=OuterRef("pk")))
    return PromptVersion.objects.filter(out, prompt__review=review).select_related("prompt").order_by("-id")


def listed(review: Review) -> QuerySet[Prompt]:
    """The prompts of a review with how many versions each has, and how many of them are published. One query."""
    counted = Prompt.objects.filter(review=review).select_related("created_by")
    return counted.annotate(
        saved=Count("versions"), out=Count("versions", filter=Q(versions__publication__isnull=False))
    )


def rendered(version: PromptVersion, protocol: ProtocolVersion | None, record: Record | None) -> Rendered | None:
    """The prompt as a model would get it for this record, with a fence that stands for the secret one."""
    if protocol is None:
        return None
    criteria = [text for _, text in criteria_of(protocol.pk)]
    title, abstract = (record.title, record.abstract) if record else ("The title of a record", "Its abstract.")
    return build(protocol.question, criteria, title, abstract, fence="fence", wording=version.wording)


@dataclass(frozen=True, slots=True)
class Tried:
    """One record of a trial: what was proposed with the prompt, and what stands for it. `differs`: key, now, then.

    `explanation` is the suggestion's: it says where a fallback answered, which tries the prompt on another model.
    """

    record: Record
    verdict: str
    why: str
    stands: str
    differs: tuple[tuple[str, str, str], ...]
    run_id: int
    explanation: dict[str, Any]

    @property
    def other(self) -> bool:
        """Whether the two propose different things."""
        return bool(self.stands) and self.stands != self.verdict


def tried(version: PromptVersion, *, user_id: int, roles: Collection[str]) -> tuple[list[Tried], int]:
    """What the trials of a version showed, the latest per record; and how many records this person may not see yet.

    Whoever screens sees what is proposed of a record as anywhere else: where the mode shows it, after their own vote.
    """
    found = Suggestion.objects.filter(role=SuggestionRole.TRIAL, item__run__prompt=version).order_by("record_id", "-id")
    trials = list(
        found.distinct("record_id").select_related("record", "item").prefetch_related("judgements__criterion")
    )
    seen = _seen(version.prompt.review, [one.record_id for one in trials], user_id, roles)
    standing = _standing([one.record_id for one in trials])
    rows = [_row(one, standing.get(one.record_id)) for one in trials if one.record_id in seen]
    return sorted(rows, key=lambda row: (not row.other, row.record.pk)), len(trials) - len(rows)


def _seen(review: Review, record_ids: Sequence[int], user_id: int, roles: Collection[str]) -> set[int]:
    rule = StageRule.objects.filter(review=review, stage=STAGE).values_list("oversight", flat=True).first()
    mode = mode_in_force(rule or "off", ai_enabled=review.ai_enabled)
    places = StageState.objects.filter(record__in=record_ids, stage=STAGE).values_list("record_id", "voters")
    return {
        pk for pk, voters in places if sees_suggestion(oversight=mode, roles=roles, voted=user_id in (voters or []))
    }


def _standing(record_ids: Sequence[int]) -> dict[int, Suggestion]:
    latest = Suggestion.objects.standing().filter(record__in=record_ids, stage=STAGE).order_by("record_id", "-id")
    return {one.record_id: one for one in latest.distinct("record_id").prefetch_related("judgements__criterion")}


def _row(trial: Suggestion, stands: Suggestion | None) -> Tried:
    now, then = _judged(trial), _judged(stands) if stands else {}
    differs = tuple((key, said, then[key]) for key, said in now.items() if key in then and then[key] != said)
    verdict = stands.proposed_verdict if stands else ""
    return Tried(
        trial.record, trial.proposed_verdict, trial.why, verdict, differs, trial.item.run_id, trial.explanation
    )


def _judged(said: Suggestion) -> dict[str, str]:
    return {one.criterion.label: one.get_judgement_display() for one in said.judgements.all()}
