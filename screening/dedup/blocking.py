"""Which pairs are worth a look: records that share a key, found by sorting numbers, near-linear in their count.

Keys: identifiers, place (volume, page, year), first authors with year, whole title, first words of the title, and
pairs of a title's rarest words (prefix filtering, Bayardo et al. 2007). A key that too many records share is read as
a sorted neighbourhood (Hernandez and Stolfo 1995) instead of all against all.
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from screening.dedup.prepared import FIRST, Prepared
from screening.dedup.vocabulary import STOPWORDS

Codes = npt.NDArray[np.int64]

RAREST = 5  # words of a title whose pairs are keys
LARGEST = 40  # records under one key that are compared all against all
WINDOW = 6  # neighbours compared under a larger one


def candidates(rows: Sequence[Prepared], fresh: int) -> tuple[Codes, Codes]:
    """Index pairs (i < j) worth comparing, as two columns. The first `fresh` rows are new; i is always one of them."""
    order = _by_rarity(rows)
    keys, owners = array("q"), array("q")  # eight bytes each
    asked: set[str] = set()
    for at, row in enumerate(rows[:fresh]):
        content = _content(row)
        rare = _rarest(content, order)
        asked.update(rare)
        found = _keys(row, content, rare)
        keys.extend(found)
        owners.extend([at] * len(found))
    if fresh < len(rows):
        _of_known(rows, fresh, order, asked, keys, owners)
    return _pairs(*_grouped(np.frombuffer(keys, np.int64), np.frombuffer(owners, np.int64)), rows, fresh)


def _of_known(
    rows: Sequence[Prepared],
    fresh: int,
    order: Mapping[str, int],
    asked: set[str],
    keys: "array[int]",
    owners: "array[int]",
) -> None:
    """Add the keys of known rows that a new one has: words that no new row is found by need no sorting."""
    shared = frozenset(keys)
    for at, row in enumerate(rows[fresh:], fresh):
        content = _content(row)
        rare = _rarest(content, order) if len(asked.intersection(content)) > 1 else []
        found = shared.intersection(_keys(row, content, [word for word in rare if word in asked]))
        keys.extend(found)
        owners.extend([at] * len(found))


def _by_rarity(rows: Sequence[Prepared]) -> dict[str, int]:
    """Each word's place in the order of how many titles have it, the rarest first."""
    frequency = Counter(chain.from_iterable(set(row.title.text.split()) for row in rows))
    words = sorted(frequency)
    words.sort(key=frequency.__getitem__)
    return {word: place for place, word in enumerate(words)}


def _content(row: Prepared) -> list[str]:
    return [word for word in row.title.text.split() if word not in STOPWORDS]


def _rarest(content: Sequence[str], order: Mapping[str, int]) -> list[str]:
    return sorted(set(content), key=order.__getitem__)[:RAREST]


def _keys(row: Prepared, content: Sequence[str], rare: Sequence[str]) -> list[int]:
    """Hashes of all that it is found by."""
    found: list[tuple[object, ...]] = [("accession", *accession) for accession in row.accessions]
    if row.doi:
        found.append(("doi", row.doi))
    first, authors = row.pages.first, row.families
    if first and row.volume:
        found.append(("place", row.volume, first))
    if authors and first:
        found.append(("author, page", authors[0], first))
    if len(authors) == FIRST:
        found.append(("authors", *authors))
    if row.title.text:
        found.append(("title", row.title.text.replace(" ", "")))
        found.append(("start", *content[:3]))
        found += combinations(sorted(rare), 2)
    return list(map(hash, found))


def _grouped(keys: Codes, owners: Codes) -> tuple[Codes, Codes]:
    """Without the keys that only one row has: those are most."""
    order = np.argsort(keys, kind="stable")
    keys, owners = keys[order], owners[order]
    same = keys[1:] == keys[:-1]
    kept = np.zeros(len(keys), bool)
    kept[1:] |= same
    kept[:-1] |= same
    return keys[kept], owners[kept]


def _rank(rows: Sequence[Prepared], asked: Codes) -> Codes:
    """The position of these rows in the order of titles, years and authors, in which neighbours are alike; else 0."""
    order = sorted(asked.tolist(), key=lambda i: (rows[i].title.text, rows[i].year or 0, rows[i].id))
    rank = np.zeros(len(rows), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _pairs(keys: Codes, owners: Codes, rows: Sequence[Prepared], fresh: int) -> tuple[Codes, Codes]:
    """Of keys in order with the rows that have them, two rows or more each."""
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.array([], np.int64)
    sizes = np.diff(np.r_[starts, len(keys)])
    large = np.repeat(sizes > LARGEST, sizes)
    order = np.lexsort((_rank(rows, np.unique(owners[large]))[owners], keys))
    owners = owners[order]
    reach = np.repeat(np.where(sizes <= LARGEST, sizes, WINDOW), sizes)
    end = np.repeat(starts + sizes, sizes)
    found, left = [], np.arange(len(keys))
    for step in range(1, LARGEST):
        left = left[(reach[left] > step) & (left + step < end[left])]
        if not len(left):
            break
        a, b = owners[left], owners[left + step]
        low, high = np.minimum(a, b), np.maximum(a, b)
        keep = (low < fresh) & (low != high)
        found.append(low[keep] * len(rows) + high[keep])
    codes = np.unique(np.concatenate(found)) if found else np.array([], np.int64)
    return codes // max(1, len(rows)), codes % max(1, len(rows))
