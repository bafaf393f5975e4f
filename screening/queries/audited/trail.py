"""What the audit timeline is told about screening: which rows and model calls belong to which review and record."""

from typing import Any

from django.db.models import Q

from audit.models.budget import Budget
from audit.timeline.registry import Ids, Place, register_related, register_tracked
from screening.enums import Stage
from screening.models.decision_import import DecisionImport
from screening.models.document import Document
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.note import Note, Tag, Tagging
from screening.models.pilot import PilotRound
from screening.models.protocol import ExclusionReason
from screening.models.record import Record
from screening.models.review import Membership, Review
from screening.models.reviewer import Reviewer
from screening.models.run import Run, RunItem
from screening.models.saved_filter import SavedFilter
from screening.models.search import SavedSearch, SearchRun
from screening.models.source import ImportedFile, Source
from screening.models.stage import StageRule, StageState
from screening.models.study import Study, StudyHint, StudyReport
from screening.models.suggestion import Suggestion


def register() -> None:
    """Called once, when the app is ready."""
    register_tracked(Review, review="id")
    register_tracked(Record, review="review_id", records=("id", "merged_into_id"))
    register_tracked(
        StageState, review="review_id", records=("record_id",), stage="stage", people=("voters",), noun=_place
    )
    register_tracked(DuplicateCandidate, review="review_id", records=("first_id", "second_id"), noun=_pair)
    register_tracked(StageRule, review="review_id", noun=_rule)
    register_tracked(Reviewer, review="review_id", people=("user_id",), noun=_reviewer)
    register_tracked(PilotRound, review="review_id", stage="stage", people=("reviewers",), noun=_pilot)
    register_tracked(Tagging, review="review_id", records=("record_id",), noun=_tagging)
    register_tracked(Document, review="review_id", records=("record_id",))
    register_tracked(StudyReport, review="review_id", records=("record_id",))
    register_tracked(StudyHint, review="review_id", records=("first_id", "second_id"))
    for model in (Study, Membership, ExclusionReason, Source, ImportedFile, DecisionImport, Run, Tag, SavedFilter):
        register_tracked(model, review="review_id")
    register_tracked(Budget, review="review_id")
    register_tracked(SavedSearch, review="review_id")
    register_tracked(SearchRun, review="review_id")
    register_related(Note, of_records=_notes)
    register_related(Merge, of_records=_merges)
    register_related(DuplicateCandidate, of_records=_pairs)
    register_related(Suggestion, of_records=_suggestions)
    register_related(RunItem, of_records=_items, places=_places)


def _merges(ids: Ids) -> list[int]:
    return list(Merge.objects.filter(Q(kept__in=ids) | Q(absorbed__in=ids)).values_list("pk", flat=True))


def _notes(ids: Ids) -> list[int]:
    return list(Note.objects.filter(record__in=ids).values_list("pk", flat=True))


def _pairs(ids: Ids) -> list[int]:
    return list(DuplicateCandidate.objects.filter(Q(first__in=ids) | Q(second__in=ids)).values_list("pk", flat=True))


def _suggestions(ids: Ids) -> list[int]:
    return list(Suggestion.objects.filter(record__in=ids).values_list("pk", flat=True))


def _items(ids: Ids) -> list[int]:
    return list(RunItem.objects.filter(record__in=ids).values_list("pk", flat=True))


def _places(ids: Ids) -> dict[int, Place]:
    items = RunItem.objects.filter(pk__in=ids).values_list("pk", "record_id", "run__stage")
    return {pk: Place(record_id, stage) for pk, record_id, stage in items}


def _place(row: Any) -> str:
    return f"where record {row.record_id} stands at {Stage(row.stage).label.lower()}"


def _pair(row: Any) -> str:
    return f"the possible pair of records {row.first_id} and {row.second_id}"


def _rule(row: Any) -> str:
    return f"the rules of the stage {Stage(row.stage).label.lower()}"


def _reviewer(row: Any) -> str:
    return f"how person {row.user_id} screens"


def _pilot(row: Any) -> str:
    return f"pilot round {row.number} at {Stage(row.stage).label.lower()}"


def _tagging(row: Any) -> str:
    return f"tag {row.tag_id} on record {row.record_id}"
