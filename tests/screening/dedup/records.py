"""A record to vary: every test changes only what its claim is about."""

from dataclasses import replace
from typing import Any

from screening.dedup import Item, Pair, find_pairs

PAPER = Item(
    id="a",
    title="Early mobilisation after ischaemic stroke: a randomised trial of intensive therapy",
    authors=("Okafor, Ngozi", "van der Berg, J.", "Lindqvist, Sara M."),
    year=2019,
    journal="Journal of Stroke and Cerebrovascular Diseases",
    volume="28",
    issue="4",
    pages="1123-1131",
)


def paper(identifier: str = "b", **changes: Any) -> Item:
    """The paper with another id and the given changes."""
    return replace(PAPER, id=identifier, **changes)


def verdict(a: Item, b: Item) -> Pair | None:
    """What the engine says of two records."""
    pairs = find_pairs([a, b])
    assert len(pairs) <= 1
    return pairs[0] if pairs else None


def tier(a: Item, b: Item) -> str:
    """ "certain", "possible" or "none"."""
    found = verdict(a, b)
    return found.tier if found else "none"
