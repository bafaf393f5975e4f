"""How good and how fast is the offline engine? On six published screening sets, against chance and plain TF-IDF + LR.

    python -m tests.benchmarks.local_engine [--decided 50] [--repeats 5] [--set NAME] [--cold]

From each set `decided` records are drawn (at least five includes among them, as a reviewer who started from known
includes would have); the rest is scored. AUC: chance that an include stands above an exclude. Recall@50 %: share of the
remaining includes in the first half of the order (chance: 0.50). Nothing here was used to tune weights or thresholds
except where the closing note says so. The data are not part of the product: without them the script says so and ends.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from screening.ranking.local import Engine

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "screening"


@dataclass(frozen=True)
class Row:
    id: str
    title: str
    abstract: str
    verdict: str
    vector: None = None


@dataclass(frozen=True)
class Criterion:
    key: str
    label: str
    text: str
    facet: str = "other"
    polarity: str = "include"


# As published (see questions.json), in the form that a lead would type. The other sets publish a title only.
PUBLISHED = {
    "Appenzeller-Herzog_2020": (
        Criterion("p", "Population", "Patients with Wilson disease of any age or stage", "P"),
        Criterion("i", "Study drug", "D-penicillamine, trientine, tetrathiomolybdate (TTM) or zinc", "I"),
        Criterion("c", "Control", "Placebo, no treatment or another treatment", "C"),
        Criterion(
            "o",
            "Outcome",
            "Mortality, liver transplantation, neurological symptoms, liver-related symptoms, adverse effects",
            "O",
        ),
        Criterion(
            "s",
            "Not these",
            "Animal studies, case reports, case series, cross-sectional studies, reviews, letters",
            "S",
            "exclude",
        ),
    )
}


def load(name: str) -> list[Row]:
    csv.field_size_limit(10_000_000)
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8") as lines:
        return [
            Row(r["id"], r["title"], r["abstract"], "include" if r["label"] == "1" else "exclude")
            for r in csv.DictReader(lines)
        ]


def draw(rows: Sequence[Row], decided: int, seed: int) -> tuple[list[Row], list[Row]]:
    """A random sample with at least five includes; the rest is what is scored."""
    order = list(rows)
    random.Random(seed).shuffle(order)
    known = [r for r in order if r.verdict == "include"][:5]
    sample = known + [r for r in order if r not in known][: decided - 5]
    taken = {r.id for r in sample}
    return sample, [r for r in order if r.id not in taken]


def auc(scores: Sequence[float], wanted: Sequence[bool]) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(wanted, scores))


def recall_at_half(scores: Sequence[float], wanted: Sequence[bool]) -> float:
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    return sum(wanted[i] for i in order[: len(order) // 2]) / sum(wanted)


def plain(sample: Sequence[Row], rest: Sequence[Row]) -> list[float]:
    """The textbook baseline: TF-IDF of all texts, class-weighted logistic regression on the decided ones."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    words = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    matrix = words.fit_transform([f"{r.title} {r.abstract}" for r in (*sample, *rest)])
    model = LogisticRegression(class_weight="balanced", max_iter=1000)
    model.fit(matrix[: len(sample)], [r.verdict == "include" for r in sample])
    return [float(p) for p in model.predict_proba(matrix[len(sample) :])[:, 1]]


def local(
    sample: Sequence[Row], rest: Sequence[Row], criteria: Sequence[Criterion], question: str
) -> tuple[list[float], float]:
    engine = Engine.prepare(criteria, sample, question=question, background=[f"{r.title} {r.abstract}" for r in rest])
    prepared = time.perf_counter()
    scores = [engine.judge(r.title, r.abstract).score for r in rest]
    return scores, len(rest) / (time.perf_counter() - prepared)


def measure(name: str, asked: dict[str, str], decided: int, repeats: int) -> None:
    rows = load(name)
    criteria, question = PUBLISHED.get(name, ()), asked["title"]
    table: dict[str, list[tuple[float, float]]] = {
        "chance": [],
        "plain TF-IDF + LR": [],
        "local": [],
        "local, cold": [],
    }
    speeds = []
    for seed in range(repeats):
        sample, rest = draw(rows, decided, seed)
        wanted = [r.verdict == "include" for r in rest]
        chance = random.Random(seed)
        warm, speed = local(sample, rest, criteria, question)
        speeds.append(speed)
        said = {
            "chance": [chance.random() for _ in rest],
            "plain TF-IDF + LR": plain(sample, rest),
            "local": warm,
            "local, cold": local([], rest, criteria, question)[0],
        }
        for kind, scores in said.items():
            table[kind].append((auc(scores, wanted), recall_at_half(scores, wanted)))
    for kind, pairs in table.items():
        mean = [sum(values) / len(values) for values in zip(*pairs, strict=True)]
        low = min(p[0] for p in pairs)
        print(f"{name:26} {kind:18} AUC {mean[0]:.3f} (lowest {low:.3f})  recall@50% {mean[1]:.3f}")
    print(f"{name:26} {'speed':18} {min(speeds):.0f} records/s (slowest of {repeats})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--decided", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--set", default="")
    given = parser.parse_args()
    if not (DATA / "questions.json").exists():
        sys.exit("The labelled screening sets are not here (../shared/data/screening); nothing was measured.")
    for name, asked in json.loads((DATA / "questions.json").read_text()).items():
        if given.set in name:
            measure(name, asked, given.decided, given.repeats)


if __name__ == "__main__":
    main()
