"""What the engine finds and what is made of it: what is certain is merged, what is possible waits (DED-01, DED-04)."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from audit import actors, events
from audit.history import write_bulk
from screening.actions import clusters
from screening.actions.merge_plan import Absorption, Link, plan
from screening.dedup import ENGINE_VERSION, Item, Pair, find_pairs
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion

APART = clusters.APART
FIELDS = ("title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "abstract", "accessions")
COMPARED = tuple(name for name in FIELDS if name != "abstract")
"""What tells two records apart: an abstract of 2 KB doesn't, and 100,000 of them are all the memory there is."""

READING, COMPARING, MERGING = "Reading records", "Comparing pairs", "Merging, and opening the first stage"
Told = Callable[[str, int, int], None]


@dataclass(slots=True)
class Comparison:
    """What the engine said of a review's records. `fixed` were known before: no machine joins two of them."""

    certain: list[Link] = field(default_factory=list)
    possible: list[Link] = field(default_factory=list)
    worth: dict[int, tuple[int, ...]] = field(default_factory=dict)
    fixed: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Found:
    """Records merged, pairs left for people, and the ids of all records whose place may have changed."""

    merged: int = 0
    possible: int = 0
    touched: set[int] = field(default_factory=set)


def deduplicate(*, review: Review, by: User, new_records: Collection[int] | None = None) -> Found:
    """Compare new records with one another and with all known ones (DED-04), or all with all; merge what is certain.

    What is possible becomes a DuplicateCandidate. What people have told apart or judged stays as they said.
    """
    comparison = compare(review=review, new_records=new_records)
    with transaction.atomic():
        found = apply(review=review, comparison=comparison, by=by)
        clusters.restate(review=review, record_ids=found.touched)
    return found


def _untold(label: str, done: int, total: int) -> None:
    """Nobody wants to know how far it is."""


def compare(*, review: Review, new_records: Collection[int] | None = None, told: Told = _untold) -> Comparison:
    """What the engine says; nothing is written or locked, so that it may take its time and tell how far it is."""
    rows, made, met = _comparable(review), Comparison(), set[int]()
    new = None if new_records is None else set(new_records)
    fresh, known = (rows, rows.none()) if new is None else (rows.filter(pk__in=new), rows.exclude(pk__in=new))
    read = partial(_items, met=met, told=partial(told, READING), total=rows.count())
    for pair in find_pairs(read(fresh.order_by("pk")), known=read(known), related=True, told=partial(told, COMPARING)):
        (made.certain if pair.tier == "certain" else made.possible).append(link_of(pair))
    made.fixed = set() if new is None else met - new
    told(MERGING, 0, 0)
    made.worth = _worths(review, {end for link in made.certain for end in (link.a, link.b)})
    return made


def _comparable(review: Review) -> QuerySet[Record]:
    return Record.objects.filter(Q(active=True) | Q(merged_into__isnull=False), review=review)


def _items(rows: QuerySet[Record], *, met: set[int], told: Callable[[int, int], None], total: int) -> Iterator[Item]:
    """One by one, so that nothing is in memory twice; their ids are added to `met`."""
    for row in rows.values_list("pk", *COMPARED).iterator(2_000):
        met.add(row[0])
        if len(met) % 2_000 == 0:
            told(len(met), total)
        yield item_of(row, COMPARED)


def _worths(review: Review, ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    read, rows = screened(review), Record.objects.filter(pk__in=ids).values_list("pk", *FIELDS)
    return {row[0]: worth(item_of(row), read=row[0] in read) for row in rows.iterator(2_000)}


def link_of(pair: Pair) -> Link:
    """The engine's pair of record ids, the lesser id first."""
    a, b = int(pair.a), int(pair.b)
    tier = "related" if pair.tier == "related" else "possible"
    found = Link(a, b, pair.score, pair.reason, tier, pair.proposal, pair.sort, pair.of_first)
    return found if a < b else replace(found, a=b, b=a, of_first=not pair.of_first)


def item_of(row: tuple[object, ...], names: Sequence[str] = FIELDS) -> Item:
    """What the engine compares, from a record's primary key and these of its fields."""
    pk, values = row[0], dict(zip(names, row[1:], strict=True))
    values["authors"] = tuple(values["authors"])  # type: ignore[arg-type]  # arrays come as lists
    values["accessions"] = tuple((scheme, name) for scheme, name in values["accessions"])  # type: ignore[attr-defined]
    return Item(str(pk), **values)  # type: ignore[arg-type]


def screened(review: Review, *, among: Collection[int] | None = None) -> set[int]:
    """Records (of these) that somebody has an opinion on: what was read and judged stays what is shown."""
    of = Q(review=review) if among is None else Q(review=review, record__in=among)
    voted = StageState.objects.filter(of).exclude(voters=[]).values_list("record_id", flat=True)
    return set(voted) | set(Suggestion.objects.filter(of).values_list("record_id", flat=True))


def worth(item: Item, *, read: bool) -> tuple[int, ...]:
    """What decides which record is kept, weightiest first."""
    filled = sum(bool(getattr(item, name)) for name in FIELDS)
    return read, bool(item.abstract), bool(item.doi), filled


@transaction.atomic
def apply(*, review: Review, comparison: Comparison, by: User) -> Found:
    """Write what a comparison found, as far as it still holds. The caller brings the stages up to date afterwards."""
    clusters.hold(review)
    roots = {pk: into or pk for pk, into in _comparable(review).values_list("pk", "merged_into_id")}
    certain = [link for link in comparison.certain if link.a in roots and link.b in roots]
    values = {roots[pk]: value for pk, value in comparison.worth.items() if pk in roots} | comparison.worth
    apart = _told_apart(review)
    made = plan(certain, root_of=roots, apart=apart, fixed=comparison.fixed, worth=values)
    merges = _merge_all(review, made.absorptions, by)
    ends = {end for merge in merges for end in (merge.kept_id, merge.absorbed_id)}
    reasons = {merge.absorbed_id: f"Merged automatically: {merge.reason}" for merge in merges}
    touched = clusters.regroup(review=review, record_ids=ends, reasons=reasons) if ends else set()
    possible = _propose(review, [*made.left_to_people, *comparison.possible], apart)
    clusters.settle_candidates(review=review, by=by)
    events.record(
        "duplicates.found",
        subject=review,
        by=_actor(by),
        review_id=review.pk,
        merged=len(merges),
        possible=possible,
        engine_version=ENGINE_VERSION,
    )
    return Found(len(merges), possible, touched | ends)


def _actor(by: User) -> User | actors.Actor:
    """A worker or command acts for a person: the ledger names who did it."""
    acting = actors.current()
    return by if acting == actors.UNNAMED else acting


def _told_apart(review: Review) -> set[tuple[int, int]]:
    """Pairs that people have said are not duplicates, or whose merge they have undone."""
    judged = DuplicateCandidate.objects.filter(review=review, status__in=APART)
    undone = Merge.objects.filter(review=review, undone__isnull=False)
    return set(judged.values_list("first_id", "second_id")) | set(undone.values_list("kept_id", "absorbed_id"))


def _merge_all(review: Review, absorptions: list[Absorption], by: User) -> list[Merge]:
    return Merge.objects.bulk_create(
        [
            Merge(
                review=review,
                kept_id=step.kept,
                absorbed_id=step.absorbed,
                automatic=True,
                score=step.link.score,
                reason=step.link.reason,
                engine_version=ENGINE_VERSION,
                created_by=by,
            )
            for step in absorptions
        ]
    )


def _propose(review: Review, links: list[Link], apart: set[tuple[int, int]]) -> int:
    """Keep the best link between every two roots for people, unless they have been asked before. Returns how many."""
    edges = clusters.standing(review)
    asked = DuplicateCandidate.objects.filter(review=review).values_list("first_id", "second_id")
    known = {_roots(pair, edges) for pair in (*asked, *apart)}
    best: dict[tuple[int, int], Link] = {}
    for link in links:
        pair = _roots((link.a, link.b), edges)
        if pair[0] != pair[1] and pair not in known and (pair not in best or _goes_before(link, best[pair])):
            best[pair] = link
    made = DuplicateCandidate.objects.bulk_create(
        [
            DuplicateCandidate(
                review=review,
                first_id=one,
                second_id=two,
                score=link.score,
                reason=link.reason,
                engine_version=ENGINE_VERSION,
                tier=link.tier,
                proposed=link.proposal,
                sort=link.sort,
                of_first=clusters.root_of(link.special, edges) == two,
            )
            for (one, two), link in best.items()
        ]
    )
    write_bulk(made, change="+")
    return len(made)


def _goes_before(one: Link, other: Link) -> bool:
    return (one.tier != "related", one.score) > (other.tier != "related", other.score)


def _roots(pair: tuple[int, int], edges: dict[int, int]) -> tuple[int, int]:
    one, two = sorted(clusters.root_of(end, edges) for end in pair)
    return one, two
