"""Drawing who screens which record: weighted rendezvous hashing, the same for one record as for a hundred thousand.

Each person draws a lot for each record, and the smallest lots win (Thaler & Ravishankar, IEEE/ACM Trans Netw 1998;
6:1-14). A lot is -ln(u) / share with u from the pair alone: exponentially distributed, so that each person's is the
smallest with the chance of their share. When somebody comes, goes or gets another share, only what this touches
changes hands.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Lots = npt.NDArray[np.float64]
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def seed_of(text: str) -> int:
    """A 64-bit number from a text: another text, another draw."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def lots(record_ids: Sequence[int], seeds: Sequence[int], shares: Sequence[int]) -> Lots:
    """Lots of shape (records, people), reproducible; infinite for a share of 0. `seeds` and `shares` are by person."""
    records = _mixed(np.asarray(record_ids, dtype=np.uint64) * _GOLDEN)
    people = np.asarray(seeds, dtype=np.uint64)
    mixed = _mixed(records[:, None] ^ people[None, :])
    uniform = (np.right_shift(mixed, np.uint64(11)).astype(np.float64) + 0.5) / 2**53  # in (0, 1): its logarithm exists
    weights = np.asarray(shares, dtype=np.float64)
    drawn: Lots = np.full(uniform.shape, np.inf)
    np.divide(-np.log(uniform), weights, out=drawn, where=weights > 0)
    return drawn


def _mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014): every bit of the input moves every bit."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    return mixed ^ (mixed >> np.uint64(31))
