"""The records of a cluster beside the one that would be kept: what was merged into each, and where each differs."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from screening.dedup import Explanation, Item, explain
from screening.models.merge import Merge
from screening.models.record import Record
from screening.queries.identification.duplicates import COMPARED, Part, Row, compared

SHOWN = 50  # members of one cluster that are listed
BRIEF = frozenset(("title", "year", "journal", "volume", "issue", "pages", "doi"))


@dataclass(frozen=True, slots=True)
class Absorbed:
    """A record that was merged into a member, by which merge."""

    record: Record
    merge: Merge


@dataclass(frozen=True, slots=True)
class Member:
    """One record of a cluster. `asked`: whether the engine asks about it beside the kept one. `differs` are the fields
    in which it does, marked against the kept one's."""

    record: Record
    title: list[Part]
    asked: bool = False
    differs: list[Row] = field(default_factory=list)
    absorbed: list[Absorbed] = field(default_factory=list)


def members_of(ids: Collection[int], *, kept: int, linked: Sequence[int]) -> list[Member]:
    """The kept record first, then those that are asked about beside it, then the others. Three queries."""
    records = Record.objects.select_related("citation__source").in_bulk(list(ids))
    absorbed = absorbed_by(records)
    places = {pk: at for at, pk in enumerate(linked)}
    order = sorted(records, key=lambda pk: (pk != kept, places.get(pk, len(places)), pk))[:SHOWN]
    return [_member(records[pk], kept=records[kept], asked=pk in places, absorbed=absorbed[pk]) for pk in order]


def _member(record: Record, *, kept: Record, asked: bool, absorbed: list[Absorbed]) -> Member:
    if record == kept:
        return Member(record, [(record.title, False)], absorbed=absorbed)
    rows = compared(kept, record, [(name, label) for name, label in COMPARED if name in BRIEF])
    title = next((row.right for row in rows if row.label == "Title"), [])
    return Member(record, title, asked, [row for row in rows if not row.same and row.label != "Title"], absorbed)


def absorbed_by(ids: Collection[int]) -> dict[int, list[Absorbed]]:
    """Record id -> what was merged into it, by the merge that took it in. One query."""
    found: dict[int, list[Absorbed]] = defaultdict(list)
    merges = Merge.objects.filter(absorbed__merged_into__in=ids, undone__isnull=True).order_by("absorbed_id")
    for merge in merges.select_related("absorbed__citation__source", "created_by"):
        found[merge.absorbed.merged_into_id or merge.kept_id].append(Absorbed(merge.absorbed, merge))
    return found


def merges_between(one: Record, two: Record) -> list[Merge]:
    """The merges that stand and lead from one record to the other, where the two are one by now. One query."""
    root = one.merged_into_id or one.pk
    found = Merge.objects.filter(absorbed__merged_into=root, undone__isnull=True)
    edges = {merge.absorbed_id: merge for merge in found.select_related("created_by", "kept", "absorbed")}
    ways = [list(_way(record.pk, edges)) for record in (one, two)]
    return [merge for way, other in (ways, ways[::-1]) for merge in way if merge not in other]


def _way(record_id: int, edges: Mapping[int, Merge]) -> Iterator[Merge]:
    while record_id in edges:
        yield edges[record_id]
        record_id = edges[record_id].kept_id


def why(one: Record, two: Record) -> Explanation:
    """What the engine says of two records by themselves, whatever was done with them."""
    return explain(_item(one), _item(two))


def _item(record: Record) -> Item:
    return Item(
        str(record.pk),
        record.title,
        tuple(record.authors),
        record.year,
        record.journal,
        record.volume,
        record.issue,
        record.pages,
        record.doi,
        record.abstract,
        tuple((scheme, value) for scheme, value in record.accessions),
    )
