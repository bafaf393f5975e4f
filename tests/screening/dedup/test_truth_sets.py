"""Real searches with known duplicates: nothing is merged that is not one. Skips where the data is absent."""

import pytest

from screening.dedup import clusters, find_pairs
from tests.benchmarks import dedup as benchmark

# name, least sensitivity of the certain tier and of both tiers together, most possible pairs (adjudicated pairs)
SETS = [
    ("haematology", 0.985, 0.999, 14),
    ("stroke", 0.995, 0.999, 8),
    ("digital_work_a", 0.996, 0.999, 10),
    ("copper", 0.99, 0.999, 2),
]


@pytest.mark.skipif(not benchmark.TRUTHS.exists(), reason="the truth sets of ../shared are not here")
@pytest.mark.parametrize(("name", "certain", "reachable", "most"), SETS)
def test_certain_is_certain_on_real_searches(name: str, certain: float, reachable: float, most: int) -> None:
    items, score = benchmark.items_of(name), benchmark.scorer()
    pairs = find_pairs(items)
    truth = score.load_clusters(str(next((benchmark.TRUTHS / name).glob("merged_*.csv"))))
    adjudication = score.load_adjudication(str(benchmark.TRUTHS / "adjudication.csv"), name)
    merged = [list(group) for group in clusters(pairs)]
    found, wrong, _ = score.score(truth, merged, len(items), adjudication)
    reach, _, _ = score.score(truth, benchmark.joined(pairs), len(items), adjudication)
    assert wrong == []
    assert found["adj_sensitivity"] >= certain
    assert reach["adj_sensitivity"] >= reachable
    assert sum(pair.tier == "possible" for pair in pairs) <= most
