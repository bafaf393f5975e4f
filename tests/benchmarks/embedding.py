"""What storing vectors as they come costs: the worker's page against plain sentence-transformers on the same texts.

    python -m tests.benchmarks.embedding [--texts 512] [--rounds 2]

In turns, in one process: `SentenceTransformer.encode` of all texts at once (it sorts them by length itself; same batch,
same threads, unit vectors), and `embed_page` on a review of records with these texts, with PostgreSQL on the same
machine. Prints one line of JSON: texts per second of each, their ratio by wall time and by processor time of this
process. Real published abstracts. Without the model the script says so and ends.
"""

import argparse
import json
import os
import time
from collections.abc import Callable

import django

from tests.benchmarks.local_run import rows


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
    django.setup()
    from reviewapp.ai import embedding

    if not embedding.available():
        raise SystemExit("The embedding model is not installed (scripts/install-embedding): nothing was measured.")
    measure(options)


def measure(options: argparse.Namespace) -> None:
    """In turns, so that whatever else the machine does falls on both."""
    from reviewapp.ai import embedding
    from screening.actions import embedding as worker
    from screening.models.embedding import RecordEmbedding
    from screening.models.record import Record
    from tests import assisting
    from tests.fixtures import postgres

    texts = rows(options.texts)
    asked = [f"{row.title}. {row.abstract}" for row in texts]
    with postgres.leased() as server:
        postgres.use(server, postgres.copy(server, postgres.template(server)))
        review = assisting.review(may_be_sent_to_ai=False)
        Record.objects.bulk_create([Record(review=review, title=row.title, abstract=row.abstract) for row in texts])
        embedding.embed(asked[:32])  # loads the model, and warms it

        def plain() -> None:
            embedding._model().encode(
                asked, batch_size=32, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )

        def ours() -> None:
            while worker.embed_page(review_id=review.pk):
                pass

        spent = {"plain": [0.0, 0.0], "ours": [0.0, 0.0]}
        for _ in range(options.rounds):
            for name, work in (("plain", plain), ("ours", ours)):
                RecordEmbedding.objects.all().delete()
                for place, seconds in enumerate(timed(work)):
                    spent[name][place] += seconds
        count = options.texts * options.rounds
        assert RecordEmbedding.objects.count() == options.texts
        said = {
            "texts": count,
            "plain_per_s": round(count / spent["plain"][0], 2),
            "ours_per_s": round(count / spent["ours"][0], 2),
            "ratio": round(spent["plain"][0] / spent["ours"][0], 3),
            "ratio_by_cpu": round(spent["plain"][1] / spent["ours"][1], 3),
        }
        print(json.dumps(said))
        postgres.drop(server)


if __name__ == "__main__":
    main()
