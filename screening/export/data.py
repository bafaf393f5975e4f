"""What is known of records, for those who may know it, in batches that fit in memory whatever the size of a review."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from django.db.models import Exists, OuterRef, Q, QuerySet

from screening.enums import Role, StageStatus
from screening.models.decision import Decision
from screening.models.protocol import ExclusionReason
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.models.suggestion import Suggestion
from screening.queries.amendments.amendments import with_counting
from screening.queries.assistants.origins import OF_ASSISTANT, Said, said_of
from screening.queries.identification import relations
from screening.queries.marks.annotations import tags_of
from screening.queries.prisma.reasons import deciding_reasons
from screening.queries.records.records import Eyes
from screening.queries.stages.authors import authors, note_of
from screening.queries.stages.finished import finished_at
from screening.queries.stages.judged import with_judgements
from screening.queries.stages.queue import source_names
from screening.visibility import (
    CLOSED,
    UNSETTLED,
    mode_in_force,
    sees_numbers,
    sees_override,
    sees_suggestion,
    sees_who_did_what,
)

BATCH = 1_000


@dataclass(slots=True)
class Exported:
    """A record, its sources, its status by stage, the tags and decisions that may be told, and why it was excluded.

    `authors` is decision id -> who said it, as that may be told; `standing` are the decisions that count.
    """

    record: Record
    sources: list[str] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    reason: str = ""
    standing: set[int] = field(default_factory=set)
    authors: dict[int, str] = field(default_factory=dict)
    related: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Telling:
    """A review as one person may be told of it.

    Whoever still screens is blind to the others' words (SCR-02); a file can be counted, so that names are told only to
    those who may count what a named person did, and active time to the lead (SCR-11).
    """

    review: Review
    eyes: Eyes
    _reasons: dict[int, str] | None = None
    _modes: dict[str, str] | None = None
    _seen: dict[int, list[Said]] = field(default_factory=dict)

    def decisions(self) -> QuerySet[Decision]:
        """The decisions that this person may read, superseded ones included, oldest first.

        See `with_counting` and `with_judgements`.
        """
        found = with_counting(Decision.objects.filter(review=self.review))
        if Role.REVIEWER in self.eyes.roles:
            own = self._said_by_oneself() & ~Exists(self._voted_on_anew())
            found = found.filter(own | Exists(self._told_of()))
        elif Role.ADJUDICATOR in self.eyes.roles:
            found = found.filter(self._said_by_oneself() | ~Exists(self._to_be_settled()))
        found = found.annotate(read_here=Exists(self._voted_on()))
        return with_judgements(found.select_related("reason", "author", "protocol", "brought_in__file").order_by("id"))

    def _said_by_oneself(self) -> Q:
        """What somebody brought in was said elsewhere, and is another's word to them."""
        return Q(author=self.eyes.user_id, brought_in=None)

    def each_decision(self) -> Iterator[tuple[Decision, str]]:
        """`decisions` with their records, in batches, each with its author as that may be told."""
        found = self.decisions().select_related("record").iterator(BATCH)
        while batch := list(islice(found, BATCH)):
            names = self._authors(batch)
            yield from ((decision, names[decision.pk]) for decision in batch)

    def seconds(self, decision: Decision) -> float | None:
        """Active time, where it may be told."""
        told = sees_numbers(roles=self.eyes.roles, own=decision.author_id == self.eyes.user_id)
        return decision.seconds if told else None

    def override(self, decision: Decision) -> str:
        """Why its author decided otherwise than the assistant, where it may be told: it tells what was suggested."""
        return decision.override if decision.override and self._told_of_seen(decision) else ""

    def seen(self, decision: Decision) -> list[Said]:
        """The suggestion that its author had seen, with its members, where it may be told (AI-14); else nobody."""
        cited = decision.citing_id
        return self._seen.get(cited, []) if cited and self._told_of_seen(decision) else []

    def sees_suggestions(self, stage: str, *, voted: bool) -> bool:
        """Whether this person may see what assistants say at a stage, of records that they have (not) voted on."""
        return sees_suggestion(oversight=self._mode(stage), roles=self.eyes.roles, voted=voted)

    def _told_of_seen(self, decision: Decision) -> bool:
        voted, own = decision.read_here, decision.author_id == self.eyes.user_id  # type: ignore[attr-defined]  # annotated
        return sees_override(oversight=self._mode(decision.stage), roles=self.eyes.roles, voted=voted, own=own)

    def _mode(self, stage: str) -> str:
        if self._modes is None:
            rules = StageRule.objects.filter(review=self.review).values_list("stage", "oversight")
            self._modes = {stage: mode_in_force(mode, ai_enabled=self.review.ai_enabled) for stage, mode in rules}
        return self._modes[stage]

    def note(self, decision: Decision) -> str:
        """What its author noted, as that may be told."""
        return note_of(decision, named=sees_who_did_what(self.eyes.roles))

    def _authors(self, decisions: Sequence[Decision]) -> dict[int, str]:
        """Who said each, as it may be told; what they had seen of assistants is read along, for these alone."""
        cited = {decision.citing_id for decision in decisions if decision.citing_id}
        found = Suggestion.objects.filter(pk__in=cited).select_related(*OF_ASSISTANT)
        self._seen = said_of(list(found)) if cited else {}
        named = sees_who_did_what(self.eyes.roles)
        return authors(decisions, user_id=self.eyes.user_id, named=named)

    def _voted_on(self) -> QuerySet[StageState]:
        """Places where this person has an opinion that stands."""
        mine = StageState.objects.filter(voters__contains=[self.eyes.user_id])
        return mine.filter(record=OuterRef("root"), stage=OuterRef("stage"))

    def _voted_on_anew(self) -> QuerySet[StageState]:
        """Places that wait for a new vote of this person, who is not to copy the one before the amendment."""
        waits = StageState.objects.filter(status__in=UNSETTLED).exclude(voters__contains=[self.eyes.user_id])
        return waits.filter(record=OuterRef("root"), stage=OuterRef("stage"), counts_from__gt=0)

    def _told_of(self) -> QuerySet[StageState]:
        """Places of which somebody who screens is told what others said: `visibility.sees_opinions` in SQL."""
        finished = finished_at(self.review.pk) if sees_who_did_what(self.eyes.roles) else set()
        mine = Q(voters__contains=[self.eyes.user_id]) | Q(stage__in=finished)
        return StageState.objects.filter(mine, record=OuterRef("root"), stage=OuterRef("stage"), status__in=CLOSED)

    def _to_be_settled(self) -> QuerySet[StageState]:
        """Places in conflict, of which whoever may settle them reads what was said on the page of the conflict."""
        return StageState.objects.filter(record=OuterRef("root"), stage=OuterRef("stage"), status=StageStatus.CONFLICT)

    def reasons(self) -> dict[int, str]:
        """Record id -> the reason for which it was excluded at full text, as the PRISMA flow counts it."""
        if self._reasons is None:
            texts = dict(ExclusionReason.objects.filter(review=self.review).values_list("pk", "text"))
            found = deciding_reasons(self.review)
            self._reasons = {record: texts.get(reason, "") for record, reason in found.items()}
        return self._reasons

    def records(self, ids: Sequence[int]) -> Iterator[Exported]:
        """The records of these ids, in their order. Fourteen queries at most for every thousand."""
        for start in range(0, len(ids), BATCH):
            yield from self._batch(ids[start : start + BATCH])

    def _batch(self, ids: Sequence[int]) -> list[Exported]:
        there = Record.objects.in_bulk(ids)
        sources, reasons, said = source_names(ids), self.reasons(), self._said(ids)
        related = relations.in_words(ids)
        tags = tags_of(ids, review_id=self.review.pk, user_id=self.eyes.user_id, roles=self.eyes.roles)
        names = self._authors([decision for words in said.values() for decision in words])
        statuses: dict[int, dict[str, str]] = defaultdict(dict)
        counted: dict[int, dict[str, list[int]]] = defaultdict(dict)
        states = StageState.objects.filter(record__in=ids).exclude(status="inactive").order_by("id")
        for record, stage, status, voters in states.values_list("record_id", "stage", "status", "voters"):
            statuses[record][stage], counted[record][stage] = status, voters
        return [
            Exported(
                there[pk],
                sources.get(pk, []),
                statuses[pk],
                [str(tag["name"]) for tag in tags.get(pk, [])],
                said[pk],
                reasons.get(pk, ""),
                standing(said[pk], counted[pk]),
                names,
                related[pk],
            )
            for pk in ids
            if pk in there
        ]

    def _said(self, ids: Sequence[int]) -> dict[int, list[Decision]]:
        """Decisions by record; what was said of a record that was merged into it is told with it."""
        merged = dict(Record.objects.filter(merged_into__in=ids).values_list("pk", "merged_into_id"))
        said: dict[int, list[Decision]] = defaultdict(list)
        for decision in self.decisions().filter(record__in=[*ids, *merged]):
            said[merged.get(decision.record_id) or decision.record_id].append(decision)
        return said


def standing(decisions: Sequence[Decision], counted: Mapping[str, Collection[int]]) -> set[int]:
    """Ids of the decisions that are their author's last word, not taken back, and not set aside: by an amendment, or,
    of imported ones, by what people said here. `counted` is stage -> whose words count (`StageState.voters`)."""
    superseded = {decision.supersedes_id for decision in decisions}
    last = [one for one in decisions if one.pk not in superseded and one.verdict != "withdrawn"]
    counts = [one for one in last if not one.brought_in_id or -one.brought_in_id in counted.get(one.stage, ())]
    return {one.pk for one in counts if not set_aside_since(one)}


def set_aside_since(decision: Decision) -> int | None:
    """Since which version of the protocol the record is screened anew, where this decision doesn't count any more."""
    return decision.anew_since if decision.set_aside else None  # type: ignore[attr-defined]  # with_counting


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def imported_from(decision: Decision) -> str:
    """The name of the file that a decision made elsewhere was read from; "" for one made here."""
    return decision.brought_in.file.name if decision.brought_in else ""


def in_words(decision: Decision, who: str) -> str:
    """include at title_abstract by robin, 2026-11-21T12:00:00Z, screening (reason)."""
    reason = f" ({decision.reason.text})" if decision.reason else ""
    source = f" from {imported_from(decision)}" if decision.brought_in else ""
    when = utc(decision.created_at)
    return f"{decision.verdict} at {decision.stage} by {who}, {when}, {decision.origin}{source}{reason}"
