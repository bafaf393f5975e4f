"""From certain pairs to clusters, without ever joining two records that contradict each other."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from screening.dedup.item import Pair

T = TypeVar("T", bound=Hashable)


class UnionFind(Generic[T]):
    """Disjoint sets with path halving; the smaller is joined to the larger."""

    def __init__(self) -> None:
        self._parent: dict[T, T] = {}
        self._members: dict[T, list[T]] = {}

    def find(self, x: T) -> T:
        """The one that stands for x's set; an unknown x is a set of its own."""
        if x not in self._parent:
            self._parent[x] = x
            self._members[x] = [x]
        while self._parent[x] != x:
            self._parent[x] = x = self._parent[self._parent[x]]
        return x

    def members(self, x: T) -> list[T]:
        """Everyone in x's set, x included."""
        return self._members[self.find(x)]

    def join(self, a: T, b: T) -> None:
        """Make one set of a's and b's."""
        one, two = self.find(a), self.find(b)
        if one == two:
            return
        if len(self._members[one]) < len(self._members[two]):
            one, two = two, one
        self._parent[two] = one
        self._members[one] += self._members.pop(two)

    def groups(self) -> list[list[T]]:
        """Every set of two or more."""
        return [group for group in self._members.values() if len(group) > 1]


def clusters(pairs: Iterable[Pair]) -> list[tuple[str, ...]]:
    """The connected groups of the certain pairs, as sorted tuples of ids, in order of their first ids.

    `find_pairs` has already turned every pair that would bridge two contradictory records into a possible one, so the
    groups of its result are safe to merge.
    """
    found: UnionFind[str] = UnionFind()
    for pair in pairs:
        if pair.tier == "certain":
            found.join(pair.a, pair.b)
    return sorted(tuple(sorted(group)) for group in found.groups())


def settle(
    links: Sequence[tuple[int, int]], alike: Callable[[int], Hashable], contradict: Callable[[int, int], bool]
) -> tuple[UnionFind[int], set[int]]:
    """Join the links in the order given, except those whose two clusters hold records that contradict each other.

    `alike(i)` is what a contradiction depends on: of records with the same, one is asked. Returns the clusters and the
    positions of the refused links.
    """
    found: UnionFind[int] = UnionFind()
    kinds: dict[int, dict[Hashable, int]] = {}
    refused: set[int] = set()
    for position, (a, b) in enumerate(links):
        one, two = found.find(a), found.find(b)
        if one == two:
            continue
        left, right = kinds.pop(one, None) or {alike(one): one}, kinds.pop(two, None) or {alike(two): two}
        if any(contradict(x, y) for x in left.values() for y in right.values()):
            refused.add(position)
            kinds[one], kinds[two] = left, right
            continue
        found.join(a, b)
        kinds[found.find(a)] = left | right
    return found, refused
