"""For `import_100k`: a review to import into, and what became of it. Prints one line.

`python -m tests.benchmarks.import_100k_proof` makes the review and prints JSON; with the id of a review it prints how
many pairs were merged rightly and wrongly, by what the pile's raw texts say, and the time of a plain COPY of the same
citations into a table without index or trigger.
"""

import json
import os
import sys
import time
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402

from screening.actions import reviews  # noqa: E402
from screening.models.citation import Citation  # noqa: E402
from screening.models.merge import Merge  # noqa: E402
from tests.benchmarks import pile  # noqa: E402

COLUMNS = "r.title, r.authors, r.year, r.journal, r.doi, r.abstract, r.keywords, r.accessions, c.raw, c.raw_sha256"


def empty() -> str:
    """A review with its lead signed in."""
    lead, _ = User.objects.get_or_create(username="bench-lead")
    review = reviews.start(title="Benchmark of a large search", by=lead)
    session = SessionStore()
    session[SESSION_KEY] = str(lead.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = lead.get_session_auth_hash()
    session.create()
    return json.dumps({"review": review.pk, "session": session.session_key})


def proof(review: int) -> str:
    """Merges of every import of the review, undone or not, against the publications that the raw texts name."""
    rows = Citation.objects.filter(file__review=review).values_list("record_id", "raw").iterator(2_000)
    of = {record: pile.publication(raw) for record, raw in rows}
    merges = set(Merge.objects.filter(review=review).values_list("kept_id", "absorbed_id"))
    right = sum(of[kept] == of[absorbed] for kept, absorbed in merges)
    copies = sum(times - 1 for times in Counter(of.values()).values())
    return (
        f"merged {len(merges):,}: {right:,} rightly of {copies:,} copies, {len(merges) - right:,} wrongly; "
        f"a plain COPY of the same {len(of):,} citations: {_plain_copy(review):.1f} s"
    )


def _plain_copy(review: int) -> float:
    source = f"screening_record r JOIN screening_citation c ON c.record_id = r.id WHERE r.review_id = {review:d}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE plain AS SELECT {COLUMNS} FROM {source} LIMIT 0")
        with cursor.copy(f"COPY (SELECT {COLUMNS} FROM {source}) TO STDOUT") as copy:
            content = [bytes(block) for block in copy]
        began = time.perf_counter()
        with cursor.copy("COPY plain FROM STDIN") as copy:
            for block in content:
                copy.write(block)
        return time.perf_counter() - began


if __name__ == "__main__":
    print(proof(int(sys.argv[1])) if len(sys.argv) > 1 else empty())
