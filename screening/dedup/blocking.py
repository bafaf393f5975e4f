"""Which pairs are worth a look: records that share a key, found by sorting numbers, near-linear in their count.

Keys: identifiers, place (volume, page, year), first authors with year, whole title, first words of the title, and
pairs of a title's rarest words (prefix filtering, Bayardo et al. 2007). A key that too many records share is read as
a sorted neighbourhood (Hernandez and Stolfo 1995) instead of all against all.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

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
    frequency = Counter(word for row in rows for word in set(row.title.words))
    keys, owners = array("q"), array("q")  # eight bytes each
    rarest = [_rarest(row, frequency) for row in rows]
    asked = {word for words in rarest[:fresh] for word in words}
    shared: set[int] = set()
    for at, row in enumerate(rows):
        known = at >= fresh
        rare = [word for word in rarest[at] if word in asked] if known else rarest[at]
        for key in map(hash, _keys(row, rare)):
            if known and key not in shared:
                continue  # no new record has it
            keys.append(key)
            owners.append(at)
        if at == fresh - 1:
            shared = set(keys)
    return _pairs(np.frombuffer(keys, np.int64), np.frombuffer(owners, np.int64), _rank(rows), fresh)


def _content(row: Prepared) -> list[str]:
    return [word for word in row.title.words if word not in STOPWORDS]


def _rarest(row: Prepared, frequency: Counter[str]) -> list[str]:
    return sorted(set(_content(row)), key=lambda word: (frequency[word], word))[:RAREST]


def _keys(row: Prepared, rare: Sequence[str]) -> Iterator[tuple[object, ...]]:
    if row.doi:
        yield "doi", row.doi
    for accession in row.accessions:
        yield "accession", *accession
    yield from _place_keys(row)
    title = row.title.text
    if title:
        yield "title", title.replace(" ", "")
        yield "start", *_content(row)[:3]
        for pair in combinations(rare, 2):
            yield "rare", *sorted(pair)


def _place_keys(row: Prepared) -> Iterator[tuple[object, ...]]:
    if row.pages.first and row.volume:
        yield "place", row.volume, row.pages.first
    families = row.families
    if families:
        if row.pages.first:
            yield "author, page", families[0], row.pages.first
        if len(families) == FIRST:
            yield "authors", *families


def _rank(rows: Sequence[Prepared]) -> Codes:
    """Each row's position in the order of titles, years and authors: neighbours there are alike."""
    order = sorted(range(len(rows)), key=lambda i: (rows[i].title.text, rows[i].year or 0, rows[i].id))
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows))
    return rank


def _pairs(keys: Codes, owners: Codes, rank: Codes, fresh: int) -> tuple[Codes, Codes]:
    order = np.lexsort((rank[owners], keys))
    keys, owners = keys[order], owners[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.array([], np.int64)
    sizes = np.diff(np.r_[starts, len(keys)])
    reach = np.repeat(np.where(sizes <= LARGEST, sizes, WINDOW), sizes)
    end = np.repeat(starts + sizes, sizes)
    found = []
    for step in range(1, LARGEST):
        left = np.flatnonzero((reach > step) & (np.arange(len(keys)) + step < end))
        if not len(left):
            break
        a, b = owners[left], owners[left + step]
        low, high = np.minimum(a, b), np.maximum(a, b)
        keep = (low < fresh) & (low != high)
        found.append(low[keep] * len(rank) + high[keep])
    codes = np.unique(np.concatenate(found)) if found else np.array([], np.int64)
    return codes // max(1, len(rank)), codes % max(1, len(rank))
