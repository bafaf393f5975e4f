"""One record: its citations, and what was said of it at each stage."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from screening.enums import Stage, StageStatus
from screening.models.citation import Citation
from screening.models.decision import Decision
from screening.models.merge import Merge
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.amendments.amendments import with_counting
from screening.queries.stages.finished import finished_at
from screening.queries.stages.judged import with_judgements


@dataclass(frozen=True, slots=True)
class Family:
    """A record with all that was merged into it: every citation keeps its source and raw text."""

    root: Record
    citations: QuerySet[Citation]
    merges: QuerySet[Merge]


def family_ids(record: Record) -> tuple[int, ...]:
    """The record that is kept, and all that were merged into it."""
    root_id = record.merged_into_id or record.pk
    return (root_id, *Record.objects.filter(merged_into=root_id).order_by("id").values_list("pk", flat=True))


def family(record: Record) -> Family:
    """Everything that was judged to be the same item."""
    root = record.merged_into or record
    members = Record.objects.filter(Q(pk=root.pk) | Q(merged_into=root))
    citations = Citation.objects.filter(record__in=members).select_related("source", "file", "record")
    merges = Merge.objects.filter(Q(kept__in=members) | Q(absorbed__in=members), undone__isnull=True)
    return Family(root, citations, merges.select_related("created_by", "kept", "absorbed"))


@dataclass(frozen=True, slots=True)
class RecordAtStage:
    """A record's place at a stage, everything said of it there, and whether this person has an opinion that stands.

    `settled` is the record at that stage, `finished` the stage of the review.

    Each decision has its `version` and whether it is `set_aside` (queries.amendments.with_counting), and its
    judgements.
    """

    stage: str
    root_id: int
    state: StageState
    decisions: list[Decision]
    voted: bool
    settled: bool
    finished: bool


def at_stages(record: Record, user: User) -> list[RecordAtStage]:
    """The stages that a record is or was at, decisions newest first, those of merged records included."""
    root_id = record.merged_into_id or record.pk
    states = StageState.objects.filter(record=root_id).exclude(status=StageStatus.INACTIVE)
    said = Decision.objects.filter(record__in=family_ids(record)).select_related("author", "reason", "brought_in__file")
    finished = finished_at(record.review_id)
    decisions = list(with_judgements(with_counting(said)).order_by("-id"))
    return [
        RecordAtStage(
            stage=state.stage,
            root_id=root_id,
            state=state,
            decisions=[decision for decision in decisions if decision.stage == state.stage],
            voted=user.pk in state.voters,
            settled=state.status in (StageStatus.INCLUDED, StageStatus.EXCLUDED),
            finished=state.stage in finished,
        )
        for state in sorted(states, key=lambda state: list(Stage).index(Stage(state.stage)))
    ]
