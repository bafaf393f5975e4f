"""What of the audit timeline a reader may not see yet (AI-02, SCR-02).

Auditors and leads see all of it, unless they screen too: whoever may vote is bound as everywhere else, so that the
audit trail is no way around the blinding. What others said keeps its place. What machines said, and their calls, are
left out by the query (`shown`): how many calls a record took, and when, tells whom a panel asked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from audit.timeline.entry import CALL, EVENT, HISTORY, Entry
from screening import visibility
from screening.enums import Engine, OverrideReason, Oversight, Role, RunPurpose, Stage, StageStatus
from screening.models.note import Tagging
from screening.models.record import Record
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.stage import StageRule, StageState
from screening.queries.stages.finished import finished_at

ELSEWHERE = "record.decided_elsewhere"  # its actor brought it in, and said nothing of the record
OPINIONS = frozenset({"record.decided", "record.adjudicated", "conflict.opened", ELSEWHERE})
WORDS = frozenset({"record.decided", "record.adjudicated", ELSEWHERE})
SUGGESTIONS = frozenset({"record.suggested", "record.not_suggested", "suggestion.run_again"})
ENTRIES = frozenset({"value.recorded", "value.settled", "value.withdrawn", "proposal.rejected"})  # extraction's
ANNOTATIONS = frozenset({"note.written", "record.tagged", "record.untagged"})
COUNTS = {"run.finished": "finished run {}", "run.retried": "let run {} try again what failed"}  # without how many
OPEN = visibility.UNSETTLED
LATER = "This shows once you have voted on the record and it is settled."
TO_BE_SETTLED = "You may settle this conflict: what was said shows there, once you have read the record."
EXTRACTS = "This shows what an assistant said of a study to people who do not extract."
ANOTHERS = "This shows what somebody entered of a study to people who do not extract."


def binds(roles: Collection[str]) -> bool:
    """Whether somebody with these roles sees the timeline through the veil."""
    return not {Role.REVIEWER, Role.EXTRACTOR, Role.ADJUDICATOR}.isdisjoint(roles)


def shown(review: Review, user_id: int, roles: Collection[str]) -> dict[str, Q]:
    """For `Subject.shown`: which lines about suggestions there are for this person. Two queries where they screen.

    As `visibility.sees_suggestion` has it, said in SQL, and a test compares the two. A record's place at a stage is
    that of the one it was merged into. Calls that are about no item of a screening run are not concerned.
    """
    if Role.REVIEWER not in roles:
        return {}
    modes = _modes(review).items()
    before, after = (
        [stage for stage, mode in modes if visibility.sees_suggestion(oversight=mode, roles=roles, voted=voted)]
        for voted in (False, True)
    )
    items = RunItem.objects.filter(pk=OuterRef("subject_id"), run__purpose=RunPurpose.SCREENING)
    seen = Q(run__stage__in=before) | Q(run__stage__in=after) & _voted(user_id, "record_id", OuterRef("run__stage"))
    of_stage = _lines_by_stage(review)
    lines = Q(pk=None)
    for stage in before:
        lines |= of_stage[stage]
    for stage in after:
        lines |= of_stage[stage] & _voted(user_id, "record_id", Value(stage))
    return {
        CALL: ~Q(subject_type=RunItem._meta.label_lower) | Q(~Exists(items.exclude(seen))),
        EVENT: ~Q(type__in=SUGGESTIONS) | lines,
    }


def _lines_by_stage(review: Review) -> dict[str, Q]:
    """Stage -> the lines of suggestions at it. Earlier ones do not name it, but their run."""
    runs = defaultdict[str, list[int]](list)
    for pk, stage in Run.objects.filter(review=review, purpose=RunPurpose.SCREENING).values_list("pk", "stage"):
        runs[stage].append(pk)
    return {
        stage: Q(data__stage=stage) | Q(data__stage__isnull=True, data__run__in=runs[stage])
        for stage in (*Stage.values, "")
    }


def _voted(user_id: int, record: str, stage: Any) -> Q:
    """Whether this person has a word that counts on the record that a column names, or that it was merged into."""
    root = Record.objects.filter(pk=OuterRef(OuterRef(record))).values(root=Coalesce("merged_into_id", "pk"))
    places = StageState.objects.filter(record__in=root, stage=stage, voters__contains=[user_id])
    return Q(Exists(places))


def _modes(review: Review) -> dict[str, str]:
    """Stage -> the mode in force. One query."""
    rules = StageRule.objects.filter(review=review).values_list("stage", "oversight")
    return {stage: visibility.mode_in_force(mode, ai_enabled=review.ai_enabled) for stage, mode in rules}


def veiled(entries: list[Entry], *, review: Review, user_id: int, roles: Collection[str]) -> list[Entry]:
    """The lines as this person may see them; what is hidden keeps its place, its time and its record. Six queries."""
    if Role.EXTRACTOR in roles:
        entries = [hidden(entry, EXTRACTS) if _of_study(entry) else entry for entry in entries]
        entries = [hidden(entry, ANOTHERS) if _of_another(entry, user_id) else entry for entry in entries]
    if Role.REVIEWER not in roles:
        return _unsettled(entries, review, user_id, roles) if Role.ADJUDICATOR in roles else entries
    sensitive = [entry for entry in entries if entry.record_id and _sensitive(entry)]
    sight = Sight(review, user_id, roles, [entry.record_id for entry in sensitive if entry.record_id])
    told = [sight.told(entry) if _sensitive(entry) else entry for entry in entries]
    return _without_counts(told, review, roles)


def _without_counts(entries: list[Entry], review: Review, roles: Collection[str]) -> list[Entry]:
    """How many records a panel failed on tells how many its members did not all include: one query where runs ended."""
    named = {entry.subject_id for entry in entries if entry.type in COUNTS}
    panels = Run.objects.filter(pk__in=named, assistant__engine=Engine.PANEL).values_list("pk", "stage")
    modes = _modes(review) if named else {}
    bound = {pk for pk, stage in panels if modes.get(stage) not in visibility.SHOWN_BEFORE}
    return [
        replace(entry, sentence=COUNTS[entry.type].format(entry.subject_id))
        if entry.type in COUNTS and entry.subject_id in bound
        else entry
        for entry in entries
    ]


def _unsettled(entries: list[Entry], review: Review, user_id: int, roles: Collection[str]) -> list[Entry]:
    """The lines for somebody who settles conflicts and does not screen: without what others said in an open one."""
    words = [entry for entry in entries if entry.record_id and entry.type in WORDS and _of_other(entry, user_id)]
    sight = Sight(review, user_id, roles, [entry.record_id for entry in words if entry.record_id])
    covered = {id(entry) for entry in words if sight.in_conflict(entry)}
    return [hidden(entry, TO_BE_SETTLED) if id(entry) in covered else entry for entry in entries]


def hidden(entry: Entry, why: str = LATER) -> Entry:
    """What is left of a line that may not be seen yet."""
    return replace(
        entry,
        source="", type="", actor_kind="", actor_name="", actor_id=None, kind="", subject_id=0, stage="",
        changes=(), reason="", request_id="", call=None, hidden=True, sentence=why,
    )  # fmt: skip


def _of_study(entry: Entry) -> bool:
    """What a model was asked and said of a study: values, which extractors enter before they see them (EXT-05)."""
    return entry.source == CALL and not entry.record_id and not entry.stage


def _of_another(entry: Entry, user_id: int) -> bool:
    """How another extractor came to a value, with the reason: two extract a study without a look at each other."""
    return entry.type in ENTRIES and entry.actor_id != user_id


def _of_other(entry: Entry, user_id: int) -> bool:
    """Whether somebody else said it: what a person brought in was said elsewhere."""
    return entry.actor_id != user_id or entry.type == ELSEWHERE


def _sensitive(entry: Entry) -> bool:
    return entry.source == CALL or entry.type in OPINIONS | SUGGESTIONS or _standing(entry) or _annotates(entry)


def _standing(entry: Entry) -> bool:
    """The status of a record at a stage follows from everybody's opinions, and so tells of them."""
    return entry.source == HISTORY and entry.kind == StageState._meta.label_lower


def _without_override(sentence: str) -> str:
    for reason in OverrideReason:
        sentence = sentence.replace(reason.told, "")
    return sentence


def _annotates(entry: Entry) -> bool:
    """A note or tag of somebody on a record."""
    tagging = entry.source == HISTORY and entry.kind == Tagging._meta.label_lower
    return tagging or entry.type in ANNOTATIONS


class Sight:
    """Where a person stands with some records: on which they have voted, which are settled, which stage is finished."""

    def __init__(self, review: Review, user_id: int, roles: Collection[str], record_ids: Iterable[int]) -> None:
        self.user_id, self.roles = user_id, roles
        ids = set(record_ids)
        merged = Record.objects.filter(pk__in=ids, merged_into__isnull=False).values_list("pk", "merged_into_id")
        self.roots = {pk: pk for pk in ids} | {pk: root for pk, root in merged if root is not None}
        states = StageState.objects.filter(record__in=self.roots.values())
        self.states = {(state.record_id, state.stage): state for state in states}
        self.finished = finished_at(review.pk)
        self.modes = _modes(review)

    def told(self, entry: Entry) -> Entry:
        """The line as it may be read: hidden, or without why its author differed from what an assistant suggested."""
        if not self.shows(entry):
            return hidden(entry)
        if entry.type not in WORDS or not _of_other(entry, self.user_id) or self._sees_suggestion(entry):
            return entry
        return replace(entry, sentence=_without_override(entry.sentence))

    def shows(self, entry: Entry) -> bool:
        """Whether what this line says may be seen."""
        root = self.roots.get(entry.record_id or 0, 0)
        if not _of_other(entry, self.user_id) and (entry.type in OPINIONS or _annotates(entry)):
            return _annotates(entry) or not self._screens_anew(root, entry.stage)
        if _annotates(entry):
            return visibility.sees_annotations(roles=self.roles, open_to_own_vote=self._open_to_own_vote(root))
        state = self.states.get((root, entry.stage))
        voted = state is not None and self.user_id in state.voters
        settled = state is not None and state.status not in OPEN
        finished, conflict = entry.stage in self.finished, self.in_conflict(entry)
        opinions = visibility.sees_opinions(
            roles=self.roles, voted=voted, settled=settled, finished=finished, conflict=conflict
        )
        return self._sees_suggestion(entry) if entry.source == CALL or entry.type in SUGGESTIONS else opinions

    def _sees_suggestion(self, entry: Entry) -> bool:
        state = self.states.get((self.roots.get(entry.record_id or 0, 0), entry.stage))
        voted = state is not None and self.user_id in state.voters
        mode = self.modes.get(entry.stage, Oversight.OFF)
        return visibility.sees_suggestion(oversight=mode, roles=self.roles, voted=voted)

    def in_conflict(self, entry: Entry) -> bool:
        """Whether what this line is about is a conflict that waits to be settled."""
        state = self.states.get((self.roots.get(entry.record_id or 0, 0), entry.stage))
        return state is not None and state.status == StageStatus.CONFLICT

    def _screens_anew(self, root: int, stage: str) -> bool:
        """Whether the record waits for a new vote of this person, who is not to copy the one before the amendment."""
        state = self.states.get((root, stage))
        if state is None or not state.counts_from:
            return False
        waits = visibility.open_to_vote(status=state.status, voted=self.user_id in state.voters)
        return not visibility.sees_own_earlier(roles=self.roles, open_to_own_vote=waits)

    def _open_to_own_vote(self, root: int) -> bool:
        return any(
            visibility.open_to_vote(status=state.status, voted=self.user_id in state.voters)
            for (record_id, _), state in self.states.items()
            if record_id == root
        )
