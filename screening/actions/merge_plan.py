"""Which records to make one, planned before anything is written: pairs of the engine against what people have said."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Link:
    """A pair of record ids that the engine holds for the same, with its score (0..1) and reason.

    What it proposes instead of a duplicate is said as in `dedup.Pair`; `of_first` is of `a` and `b` in this order.
    """

    a: int
    b: int
    score: float
    reason: str
    tier: str = "possible"
    proposal: str = "duplicate"
    sort: str = ""
    of_first: bool = False

    @property
    def special(self) -> int:
        """Which of the two would be the notice, the preprint, the entry …"""
        return self.b if self.of_first else self.a


@dataclass(frozen=True, slots=True)
class Absorption:
    """`absorbed` becomes part of `kept`, because of `link`. Both are roots."""

    kept: int
    absorbed: int
    link: Link


@dataclass(slots=True)
class Plan:
    """What to merge, and the links that may not be followed by a machine: those are for people."""

    absorptions: list[Absorption] = field(default_factory=list)
    left_to_people: list[Link] = field(default_factory=list)


class Groups:
    """Disjoint groups of records that never join two that people have told apart, nor two that were there before."""

    def __init__(self, root_of: Mapping[int, int], apart: Iterable[tuple[int, int]], fixed: Collection[int]) -> None:
        self._fixed = fixed
        self._apart: dict[int, set[int]] = defaultdict(set)
        for one, two in apart:
            self._apart[one].add(two)
            self._apart[two].add(one)
        self._group_of: dict[int, int] = dict(root_of)
        self._members: dict[int, list[int]] = defaultdict(list)
        for record, root in root_of.items():
            self._members[root].append(record)

    def group_of(self, record: int) -> int:
        return self._group_of[record]

    def told_apart(self, one: int, two: int) -> bool:
        """Has a person said of any record of one's group that it is not one of two's?"""
        left, right = sorted((self._members[self._group_of[one]], self._members[self._group_of[two]]), key=len)
        there = set(right)
        return any(not self._apart[record].isdisjoint(there) for record in left if record in self._apart)

    def may_join(self, one: int, two: int) -> bool:
        """Whether a machine may make one of the two groups."""
        return not (self._is_fixed(one) and self._is_fixed(two)) and not self.told_apart(one, two)

    def _is_fixed(self, record: int) -> bool:
        return any(member in self._fixed for member in self._members[self._group_of[record]])

    def join(self, one: int, two: int) -> None:
        small, large = sorted((self._group_of[one], self._group_of[two]), key=lambda group: len(self._members[group]))
        for record in self._members[small]:
            self._group_of[record] = large
        self._members[large] += self._members.pop(small)


def plan(
    links: Sequence[Link],
    *,
    root_of: Mapping[int, int],
    apart: Iterable[tuple[int, int]],
    fixed: Collection[int],
    worth: Mapping[int, tuple[int, ...]],
) -> Plan:
    """Absorptions that make one record of each group that the certain links join.

    `root_of` maps every record to its root; `apart` are pairs that people have told apart; no two groups with `fixed`
    members are joined; of a group's roots the one with the greatest `worth` is kept, ties go to the lowest id.
    """
    groups, made = Groups(root_of, apart, fixed), Plan()
    followed: dict[int, list[Link]] = defaultdict(list)
    for link in sorted(links, key=lambda link: (-link.score, link.a, link.b)):
        one, two = root_of[link.a], root_of[link.b]
        if one != two:
            followed[one].append(link)
            followed[two].append(link)
        if groups.group_of(link.a) == groups.group_of(link.b):
            continue
        if groups.may_join(link.a, link.b):
            groups.join(link.a, link.b)
        elif not groups.told_apart(link.a, link.b):
            made.left_to_people.append(link)
    for roots in _joined(groups, root_of):
        kept = min(roots, key=lambda root: (tuple(-value for value in worth[root]), root))
        made.absorptions += [
            Absorption(kept, root, _why(followed[root], kept, roots, root_of)) for root in sorted(roots) if root != kept
        ]
    return made


def _joined(groups: Groups, root_of: Mapping[int, int]) -> list[set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for root in root_of.values():
        found[groups.group_of(root)].add(root)
    return [roots for roots in found.values() if len(roots) > 1]


def _why(links: Sequence[Link], kept: int, roots: set[int], root_of: Mapping[int, int]) -> Link:
    """The link to the kept record itself if there is one, else the best to another of the group (best come first)."""
    inside = [link for link in links if root_of[link.a] in roots and root_of[link.b] in roots]
    return next((link for link in inside if kept in (root_of[link.a], root_of[link.b])), inside[0])
