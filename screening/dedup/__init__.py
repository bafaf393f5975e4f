"""Deduplication: pure. Items in, scored pairs and clusters out; no Django, no database, no network."""

from screening.dedup.clustering import clusters
from screening.dedup.engine import ENGINE_VERSION, find_pairs
from screening.dedup.explaining import Explanation, explain
from screening.dedup.item import Item, Pair

__all__ = ["ENGINE_VERSION", "Explanation", "Item", "Pair", "clusters", "explain", "find_pairs"]
