"""What bringing in the decisions of a file would do: read anew each time, from what is kept of it (IMP-06)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from screening.actions.import_check import open_file
from screening.enums import ImportStatus, StageStatus, Verdict
from screening.importing import ParsedCitation
from screening.importing.elsewhere import Marks, marks
from screening.importing.verdicts import Said, Survey, proposed_place, read, unknown
from screening.models.citation import Citation
from screening.models.decision_import import DecisionImport
from screening.models.protocol import ExclusionReason
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.identification.known import Described, KnownRecords
from screening.visibility import CLOSED

BEAT_EVERY = 1_000  # entries
AT_ONCE = 5_000  # records that are asked after together
NAMED = 200  # records that the preview names
MOST_UNKNOWN = 20  # values


@dataclass(frozen=True, slots=True)
class Planned:
    """A decision to be stored. `position` is that of its entry in the file."""

    position: int
    record_id: int
    root_id: int
    verdict: str
    reason_id: int | None
    note: str


@dataclass(slots=True)
class Plan:
    """`items` in the order of the file; the numbers of the preview: records by verdict, entries that bring nothing."""

    items: list[Planned] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    contradictory: list[int] = field(default_factory=list)
    differ: list[int] = field(default_factory=list)
    under_way: int = 0
    again: int = 0
    anew: int = 0
    reasons: int = 0
    unknown: Counter[str] = field(default_factory=Counter)

    def as_preview(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "verdicts": {verdict: self.verdicts[verdict] for verdict in ("include", "exclude", "maybe")},
            "records": self.verdicts.total(),
            "left": dict(self.left),
            "contradictory": self.contradictory[:NAMED],
            "differ": self.differ[:NAMED],
            "differ_n": len(self.differ),
            "under_way": self.under_way,
            "again": self.again,
            "anew": self.anew,
            "reasons": self.reasons,
            "unknown": self.unknown.most_common(MOST_UNKNOWN),
        }


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of the file with its record; `record_id` is 0 where the review has none."""

    position: int
    record_id: int
    marks: Marks


def entries(row: DecisionImport, *, matched: bool = True) -> Iterator[Found]:
    """The entries of the file: of one that was imported, each with the record that it was born as; of one that was
    read for its decisions only, with the record that is found for it (`matched`). Raises NotACitationFile, OSError.

    Says now and then that somebody is at it, lest the sweeper has a long file read by another worker as well.
    """
    for number, found in enumerate(_entries(row, matched=matched), 1):
        if number % BEAT_EVERY == 0:
            DecisionImport.objects.filter(pk=row.pk).update(heartbeat_at=timezone.now())
        yield found


def _entries(row: DecisionImport, *, matched: bool) -> Iterator[Found]:
    file = row.file
    if file.status != ImportStatus.DECISIONS:
        kept = Citation.objects.filter(file=file).order_by("position").values_list("position", "record_id", "raw")
        for position, record_id, raw in kept.iterator(1_000):
            yield Found(position, record_id, marks(raw, file.format, file.columns))
        return
    known = KnownRecords(row.review) if matched else None
    for position, entry in enumerate(open_file(file), 1):
        if isinstance(entry, ParsedCitation):
            meant = Described(entry.title, entry.year, entry.doi, entry.accessions)
            found = known.find(meant) if known else 0
            yield Found(position, found, marks(entry.raw, file.format, file.columns))


def survey(row: DecisionImport) -> dict[str, Any]:
    """What stands where in the file, likeliest places of decisions first; JSON-able."""
    counted = Survey(row.file.columns)
    for found in entries(row, matched=False):
        counted.add(found.marks)
    places, reasons = counted.places(), counted.reasons()
    return {
        "entries": counted.entries,
        "places": [[one.name, one.entries, one.values, one.more] for one in places],
        "reasons": [[one.name, one.entries, [[value, n] for value, n, _ in one.values]] for one in reasons],
        "proposed": proposed_place(places),
    }


def plan(row: DecisionImport) -> Plan:
    """Every decision that would be stored, and why the other entries bring none."""
    made, said = Plan(), list[tuple[Found, Said]]()
    for found in entries(row):
        word = read(found.marks, place=row.place, verdicts=row.verdicts, reason_place=row.reason_place)
        if word.contradictory:
            made.left["contradictory"] += 1
        elif not word.verdict:
            unmeant = unknown(found.marks.at.get(row.place, ()), row.verdicts)
            made.left["unknown" if unmeant else "without"] += 1
            made.unknown.update(unmeant)
        elif not found.record_id:
            made.left["unmatched"] += 1
        else:
            said.append((Found(found.position, found.record_id, Marks({}, found.marks.who)), word))
    roots = _roots([found.record_id for found, _ in said])
    verdicts: dict[int, set[str]] = defaultdict(set)
    for found, word in said:
        verdicts[roots[found.record_id]].add(word.verdict)
    there = _judge(row, made, {root: next(iter(meant)) for root, meant in verdicts.items() if len(meant) == 1})
    made.contradictory = [root for root, meant in verdicts.items() if len(meant) > 1]
    reasons, once = _reasons(row), set[int]()
    for found, word in said:
        root = roots[found.record_id]
        if root in there and found.record_id not in once:
            once.add(found.record_id)
            made.items.append(_planned(found, root, word, reasons))
        elif root not in there:
            made.left["differing" if len(verdicts[root]) > 1 else "not_here"] += 1
    made.reasons = sum(item.reason_id is not None for item in made.items)
    return made


def _pages(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _roots(ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in _pages(ids):
        rows = Record.objects.filter(pk__in=some).values_list("pk", "merged_into_id")
        found |= {pk: merged_into or pk for pk, merged_into in rows}
    return found


def _judge(row: DecisionImport, made: Plan, meant: dict[int, str]) -> set[int]:
    """Which of the records are at the stage; counts what of them is decided here already."""
    there = set[int]()
    for some in _pages(list(meant)):
        states = StageState.objects.filter(record_id__in=some, stage=row.stage).exclude(status=StageStatus.INACTIVE)
        for pk, status, voters, since in states.values_list("record_id", "status", "voters", "counts_from"):
            there.add(pk)
            made.verdicts[meant[pk]] += 1
            here = any(voter > 0 for voter in voters)
            made.anew += bool(since) and not here
            made.again += any(voter < 0 and voter != -row.pk for voter in voters)
            if here and status not in CLOSED:
                made.under_way += 1
            elif here and (status == StageStatus.EXCLUDED) != (meant[pk] == Verdict.EXCLUDE):
                made.differ.append(pk)
    return there


def _reasons(row: DecisionImport) -> dict[str, tuple[int, int]]:
    """Value -> (position, id) of the reason that it means at this stage; retired ones left out."""
    listed = ExclusionReason.objects.filter(review=row.review, stage=row.stage, retired=False)
    known = dict(listed.values_list("pk", "position"))
    return {value: (known[pk], pk) for value, pk in row.reasons.items() if pk in known}


def _planned(found: Found, root: int, word: Said, reasons: dict[str, tuple[int, int]]) -> Planned:
    """Of several reasons the one that stands highest in the review's ordered list."""
    excludes = word.verdict == Verdict.EXCLUDE
    meant = sorted(reasons[value] for value in word.reasons if value in reasons) if excludes else []
    reason = meant[0][1] if meant else None
    return Planned(found.position, found.record_id, root, word.verdict, reason, _note(found, word))


def _note(found: Found, word: Said) -> str:
    """Who decided elsewhere, and what stood there: text, as the file has it."""
    parts = ["Decided elsewhere"]
    parts += [f"by {found.marks.who}"] if found.marks.who else [f"as “{value}”" for value in word.values]
    parts += [f"for: {', '.join(word.reasons)}"] if word.reasons else []
    return " · ".join(parts)[:2_000]
