"""How good and how fast is the deduplication? `python tests/benchmarks/dedup.py [--grown N] [SET…]` prints a table.

Truth sets: `../shared/data/citations/dedup`, scored by `../shared/tools/score_dedup.py`; sets that are absent are
skipped. Per set: sensitivity and precision as published (records), the same after adjudication (pairs), the number of
possible pairs and the sensitivity if a person said yes to all of them, hard pairs merged per label, records a second;
below it bib-dedupe on the same records in the same run, where it is there (`dedup_peer`). At the end all sets together,
without DBLP-ACM (computer science without volume, page or DOI: a stress, not what reviews have).
`--grown N` adds a run on N records recombined from the synthetic set, to see that time stays near-linear.
"""

import argparse
import importlib.util
import random
import resource
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from screening.dedup import Item, Pair, clusters, find_pairs  # noqa: E402  (a script, run from anywhere)
from tests.benchmarks import dedup_peer  # noqa: E402

SHARED = ROOT.parent / "shared"
TRUTHS = SHARED / "data/citations/dedup"
SETS = ("haematology", "stroke", "digital_work_a", "synthetic_10k", "copper", "dblp_acm", "special_cases")


def scorer() -> ModuleType:
    """The scoring tool as a module. Raises SystemExit when the shared folder is absent."""
    path = SHARED / "tools/score_dedup.py"
    if not path.exists():
        raise SystemExit(
            "There is no ../shared/tools/score_dedup.py beside the project, so there is nothing to score with."
        )
    spec = importlib.util.spec_from_file_location("score_dedup", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def items_of(name: str) -> list[Item]:
    """The records of a truth set; [] when it is absent."""
    from screening.management.commands.deduplicate import table_with_ids

    if name == "copper":
        return endnote_items(TRUTHS / "copper/copper.xml")
    path = TRUTHS / name / "records_pre_merged.csv"
    return list(table_with_ids(path)) if path.exists() else []


def endnote_items(path: Path) -> list[Item]:
    """The records of an EndNote XML; ids are 0-based positions, as in `merged_positions.csv`."""
    if not path.exists():
        return []
    return [_endnote_item(str(at), record) for at, record in enumerate(ET.parse(path).getroot().iter("record"))]


def _endnote_item(identifier: str, record: ET.Element) -> Item:
    def first(*paths: str) -> str:
        found = (node for path in paths if (node := record.find(path)) is not None)
        return next((text for node in found if (text := "".join(node.itertext()).strip())), "")

    year = first("dates/year")[:4]
    return Item(
        id=identifier,
        title=first("titles/title"),
        authors=tuple("".join(node.itertext()) for node in record.findall("contributors/authors/author")),
        year=int(year) if year.isdecimal() else None,
        journal=first("titles/secondary-title", "periodical/full-title"),
        volume=first("volume"),
        issue=first("number"),
        pages=first("pages"),
        doi=first("electronic-resource-num"),
        abstract=first("abstract"),
    )


def joined(pairs: Iterable[Pair]) -> list[list[str]]:
    """Clusters if every pair, possible ones too, were merged."""
    return [list(group) for group in clusters(replace(pair, tier="certain") for pair in pairs)]


def report(name: str, score: ModuleType) -> tuple[Counter[str], Counter[str]]:
    """Print the lines of one set; pairs there are, found and wrong, records and seconds: ours, and bib-dedupe's."""
    items = items_of(name)
    if not items:
        print(f"{name:15} absent, skipped")
        return Counter(), Counter()
    start = time.perf_counter()
    pairs = find_pairs(items)
    seconds = time.perf_counter() - start
    truth_file = next((TRUTHS / name).glob("merged_*.csv"))
    truth = score.load_clusters(str(truth_file))
    ids = {item.id for item in items}
    adjudication = [row for row in score.load_adjudication(str(TRUTHS / "adjudication.csv"), name) if row[0] in ids]
    merged = [list(group) for group in clusters(pairs)]
    m, wrong, _ = score.score(truth, merged, len(items), adjudication)
    reach, _, _ = score.score(truth, joined(pairs), len(items), adjudication)
    possible = sum(pair.tier == "possible" for pair in pairs)
    print(
        f"{name:15} {len(items):6,} records  sensitivity {m['sensitivity']:.4f}  precision {m['precision']:.4f}  "
        f"adjudicated {m['adj_sensitivity']:.4f} / {m['adj_precision']:.4f}  "
        f"possible {possible:5,} -> {reach['adj_sensitivity']:.4f}  {len(items) / seconds:7,.0f} records/s"
    )
    for a, b in wrong:
        print(f"{'':15} wrong: {a} {b}")
    for file in (TRUTHS / "hard_pairs.jsonl", TRUTHS / name / "hard_negatives.csv"):
        labelled = score.load_pairs(str(file), name) if file.exists() else []
        if labelled:
            print(f"{'':15} {file.name}: {score.look_up(labelled, merged)}")
    ours = _counted(m, seconds) + Counter(possible=possible, reached=reach["adj_TP"])
    return ours, _beside(items, truth, adjudication, score, seconds) if dedup_peer.installed() else Counter()


def _beside(
    items: Sequence[Item],
    truth: list[list[str]],
    adjudication: list[tuple[str, str, str]],
    score: ModuleType,
    ours: float,
) -> Counter[str]:
    peer = dedup_peer.run(items)
    m, wrong, _ = score.score(truth, peer.clusters, len(items), adjudication)
    print(
        f"{'  bib-dedupe':15} {len(items):6,} records  sensitivity {m['sensitivity']:.4f}  precision "
        f"{m['precision']:.4f}  adjudicated {m['adj_sensitivity']:.4f} / {m['adj_precision']:.4f}  "
        f"{len(wrong)} wrong pairs  {len(items) / peer.seconds:7,.0f} records/s  peak {peer.peak:.0f} MB  "
        f"(ours {peer.seconds / ours:.0f} times as fast)"
    )
    return _counted(m, peer.seconds)


def _counted(m: dict[str, float], seconds: float) -> Counter[str]:
    wanted = {"pairs": m["adj_pairs"], "found": m["adj_TP"], "wrong": m["adj_FP"], "records": m["records"]}
    return Counter({name: int(value) for name, value in wanted.items()} | {"ms": round(1000 * seconds)})


def report_all(name: str, total: Counter[str]) -> None:
    """One line over all sets."""
    if not total:
        return
    more = (
        f"  possible {total['possible']} ({100 * total['possible'] / total['records']:.2f} per 100 records)"
        f" -> {total['reached'] / total['pairs']:.4f}"
        if total["possible"]
        else ""
    )
    print(
        f"{name:15} {total['records']:6,} records  adjudicated {total['found'] / total['pairs']:.4f} of "
        f"{total['pairs']:,} pairs, {total['wrong']} wrong{more}  "
        f"{1000 * total['records'] / total['ms']:7,.0f} records/s"
    )


def grown(items: Sequence[Item], size: int, seed: int = 7) -> list[Item]:
    """`size` records: the given ones, then others whose titles, authors and places are drawn from different ones."""
    dice = random.Random(seed)
    out = list(items)
    while len(out) < size:
        a, b, c = dice.choices(items, k=3)
        words = (a.title + " " + b.title).split()
        title = " ".join(dice.sample(words, min(len(words), max(4, len(a.title.split())))))
        volume, page = str(dice.randrange(1, 90)), dice.randrange(2, 3000)
        fresh = replace(c, id=f"g{len(out)}", title=title, authors=b.authors[:1] + c.authors[1:], doi="")
        out.append(replace(fresh, volume=volume, pages=f"{page}-{page + 9}"))
        if dice.random() < 0.25 and len(out) < size:
            out.append(replace(out[-1], id=f"g{len(out)}", title=title.lower() + ".", pages=str(page)))
    return out[:size]


def report_grown(size: int) -> None:
    base = items_of("synthetic_10k")
    if not base:
        return
    for n in (size // 4, size):
        items = grown(base, n)
        start = time.process_time()
        pairs = find_pairs(items)
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"grown {n:9,} records  {len(pairs):7,} pairs  {seconds:6.1f} CPU s  "
            f"{n / seconds:7,.0f}/s  peak {peak:.0f} MB"
        )
    items = grown(base, size)
    start = time.process_time()
    find_pairs(items[-1000:], known=items[:-1000])
    print(f"1,000 new against {size - 1000:,} known: {time.process_time() - start:.1f} CPU s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--grown", type=int, default=0, metavar="N")
    options = parser.parse_args()
    score = scorer()
    ours, peers = Counter[str](), Counter[str]()
    for name in options.sets:
        found, beside = report(name, score)
        if name != "dblp_acm":
            ours, peers = ours + found, peers + beside
    report_all("all but dblp", ours)
    report_all("  bib-dedupe", peers)
    if options.grown:
        report_grown(options.grown)


if __name__ == "__main__":
    main()
