"""The engine: items in, pairs with tier, score and reason out."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from screening.dedup import rules
from screening.dedup.blocking import Codes, candidates
from screening.dedup.clustering import UnionFind, settle
from screening.dedup.evidence import Evidence, compare
from screening.dedup.item import Item, Pair
from screening.dedup.prepared import IDENTITIES, Prepared
from screening.dedup.relations import by_register, relation
from screening.dedup.rules import Verdict

# Kept with every merge. Raise it whenever the same items could give other pairs.
ENGINE_VERSION = "dedup 1.2"

_CHUNK = 10_000  # pairs whose titles are compared in one call
_UNLIKE = 65  # % below which titles alone make no pair: half of what two titles of one subject share is common words
_SCHEMES = tuple(sorted(IDENTITIES))
Link = tuple[int, int, Verdict]
Told = Callable[[int, int], None]


def _untold(done: int, total: int) -> None:
    """Nobody wants to know."""


def find_pairs(
    items: Iterable[Item], *, known: Iterable[Item] = (), related: bool = False, told: Told = _untold
) -> list[Pair]:
    """Pairs among `items` and between `items` and `known`, never known with known; best first.

    Certain pairs never lead, not even by way of other records, from one record to another that contradicts it (other
    DOI, other volume, ...): the weakest link of such a chain is given as possible. Of the possible pairs between two
    groups of certain duplicates, only the best is given. The result depends on neither the order of the items nor that
    of a pair's sides. About 10,000 items a second. With `related`, what is no copy and may belong to a record (a notice
    and its article, a preprint, an entry of a register) is given too, as pairs of a tier of its own. `told` is called
    now and then with the number of candidate pairs that were compared and of all there are.

    Raises ValueError when two items have one id.
    """
    rows = [Prepared(item) for item in items]
    fresh = len(rows)
    rows += map(Prepared, known)
    if len({row.id for row in rows}) < len(rows):
        raise ValueError("Every item needs an id of its own to be compared, and at least two have the same.")
    links = sorted(
        _judged(rows, fresh, related=related, told=told),
        key=lambda link: (-link[2].score, rows[link[0]].id, rows[link[1]].id),
    )
    certain = [link for link in links if link[2].tier == "certain"]
    found, refused = settle(
        [(a, b) for a, b, _ in certain], lambda at: rows[at].signature, lambda a, b: _contradict(rows[a], rows[b])
    )
    sure = [link for at, link in enumerate(certain) if at not in refused]
    doubtful = [(a, b, _bridging(verdict)) for at, (a, b, verdict) in enumerate(certain) if at in refused]
    doubtful += [link for link in links if link[2].tier == "possible"]
    belonging = [link for link in links if link[2].tier == "related"]
    return [_pair(rows[a], rows[b], verdict) for a, b, verdict in (*sure, *_best([*doubtful, *belonging], found))]


def _pair(a: Prepared, b: Prepared, verdict: Verdict) -> Pair:
    """A possible pair may be of two publications that belong together: that is proposed along with it."""
    if verdict.tier == "certain":
        return Pair(a.id, b.id, verdict.score, verdict.tier, verdict.reason)
    found = relation(a, b, evidence(a, b))
    told = (found.kind, found.sort, found.of_first) if found else ()
    return Pair(a.id, b.id, verdict.score, verdict.tier, verdict.reason, *told)


def _judged(rows: Sequence[Prepared], fresh: int, *, related: bool, told: Told) -> Iterator[Link]:
    """Every candidate pair that is certain or possible, the one with the lesser id first; if asked, related ones."""
    left, right = candidates(rows, fresh)
    if related:
        yield from _registered(rows, fresh)
    bonds = _bonds(rows, np.unique(np.concatenate((left, right))))
    for start in range(0, len(left), _CHUNK):
        told(start, len(left))
        a, b = left[start : start + _CHUNK], right[start : start + _CHUNK]
        likeness = process.cpdist(
            [rows[i].title.text for i in a.tolist()], [rows[j].title.text for j in b.tolist()], scorer=fuzz.ratio
        )
        bound = ((bonds[a] == bonds[b]) & (bonds[a] != 0)).any(axis=1)
        worth = (likeness >= _UNLIKE) | bound
        for i, j, percent in zip(a[worth].tolist(), b[worth].tolist(), likeness[worth].tolist(), strict=True):
            e = compare(rows[i], rows[j], percent / 100)
            verdict = rules.judge(e) or (_belongs(rows[i], rows[j], e) if related else None)
            if verdict:
                yield (i, j, verdict) if rows[i].id < rows[j].id else (j, i, verdict)
        _forget(rows, (*a[worth].tolist(), *b[worth].tolist()))


def _forget(rows: Sequence[Prepared], places: Iterable[int]) -> None:
    for at in places:
        rows[at].forget()


def _registered(rows: Sequence[Prepared], fresh: int) -> Iterator[Link]:
    """Entries of registers with the articles that name them, whatever their titles."""
    for i, j in by_register(rows, fresh):
        a, b = (i, j) if rows[i].id < rows[j].id else (j, i)
        verdict = _belongs(rows[a], rows[b], evidence(rows[a], rows[b]))
        if verdict:
            yield a, b, verdict


def _belongs(a: Prepared, b: Prepared, e: Evidence) -> Verdict | None:
    found = relation(a, b, e)
    return Verdict("related", rules.score(e), found.reason) if found else None


def _bonds(rows: Sequence[Prepared], compared: Codes) -> Codes:
    """What can make a pair of unlike titles: page, identifiers, first or last words. One row each; 0 is none."""
    bonds = np.zeros((len(rows), 4 + len(_SCHEMES)), np.int64)
    if len(compared):
        bonds[compared] = [_bond(rows[at]) for at in compared.tolist()]
    return bonds


def _bond(row: Prepared) -> list[int]:
    words, numbers = row.title.words, dict(row.accessions)
    ends = (words[:3], words[-3:]) if words else (None, None)
    parts = (row.pages.first or None, row.doi or None, *ends, *(numbers.get(scheme) for scheme in _SCHEMES))
    return [0 if part is None else hash(part) for part in parts]


def evidence(a: Prepared, b: Prepared) -> Evidence:
    """What two items say about each other."""
    return compare(a, b, fuzz.ratio(a.title.text, b.title.text) / 100)


def _contradict(a: Prepared, b: Prepared) -> bool:
    """Do two records that never were a certain pair rule each other out?"""
    e = evidence(a, b)
    verdict = rules.judge(e)
    _forget((a, b), (0, 1))
    return (verdict is None or verdict.tier != "certain") and rules.contradicts(e)


def _bridging(verdict: Verdict) -> Verdict:
    reason = f"{verdict.reason}; but one of them is joined to a record that contradicts the other"
    return Verdict("possible", round(verdict.score - 0.1, 3), reason)


def _best(links: Sequence[Link], found: UnionFind[int]) -> Iterator[Link]:
    """The best link between each two clusters, none inside one."""
    seen = set()
    for a, b, verdict in sorted(links, key=lambda link: (link[2].tier == "related", -link[2].score)):
        one, two = found.find(a), found.find(b)
        ends = (min(one, two), max(one, two))
        if one != two and ends not in seen:
            seen.add(ends)
            yield a, b, verdict
