"""Records that an amendment touches, as rows of a list: who said what under which version."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from screening.enums import StageStatus, Verdict
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.amendments.amendments import with_counting
from screening.queries.stages.authors import authors
from screening.queries.stages.finished import finished_at
from screening.visibility import CLOSED, sees_authors, sees_opinions


@dataclass(slots=True)
class AffectedRow:
    """A record, where it stands, and what was said of it by whom, as somebody may read that; `words` is how many."""

    record: Record
    status: str
    words: int = 0
    said: list[tuple[str, Decision]] = field(default_factory=list)


def rows(record_ids: Sequence[int], stage: str, *, roles: Collection[str], user_id: int) -> list[AffectedRow]:
    """In the order asked for; six queries at most. Decisions have `version` and `set_aside` (see `with_counting`)."""
    records = Record.objects.in_bulk(record_ids)
    states = {state.record_id: state for state in StageState.objects.filter(record__in=record_ids, stage=stage)}
    spoken = Decision.objects.filter(Q(record__in=record_ids) | Q(record__merged_into__in=record_ids), stage=stage)
    spoken = (
        spoken.filter(superseded_by__isnull=True).exclude(verdict=Verdict.WITHDRAWN).select_related("author", "record")
    )
    words: dict[int, list[Decision]] = defaultdict(list)
    for decision in with_counting(spoken).order_by("id"):
        words[decision.record.merged_into_id or decision.record_id].append(decision)
    everything = [decision for each in words.values() for decision in each]
    names = authors(everything, user_id=user_id, named=sees_authors(roles), full=True)
    finished = stage in (finished_at(next(iter(records.values())).review_id) if records else ())
    found = []
    for pk in record_ids:
        if pk not in records or (state := states.get(pk)) is None:
            continue
        voted, settled = user_id in state.voters, state.status in CLOSED
        conflict = state.status == StageStatus.CONFLICT
        seen = sees_opinions(roles=roles, voted=voted, settled=settled, finished=finished, conflict=conflict)
        status = StageStatus(state.status).label
        said = [(names[one.pk], one) for one in words[pk]] if seen else []
        found.append(AffectedRow(records[pk], status, len(words[pk]), said))
    return found
