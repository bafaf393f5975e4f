"""Fills a review for the decision benchmark: `python -m tests.benchmarks.decisions_fill RECORDS USERS`; prints JSON."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402

from screening.actions import reviews, stages  # noqa: E402
from screening.models.record import Record  # noqa: E402
from screening.models.review import Membership  # noqa: E402

ABSTRACT = "Background: we studied adults with a condition. Methods: we randomised them. Results: it worked. " * 15


def main(records: int, users: int) -> None:
    lead, _ = User.objects.get_or_create(username="bench-lead")
    review = reviews.start(title=f"Benchmark of {records}", by=lead)
    sessions = []
    for place in range(users):
        user, _ = User.objects.get_or_create(username=f"bench{place}")
        Membership.objects.get_or_create(review=review, user=user, role="reviewer")
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        sessions.append(session.session_key)
    for start in range(0, records, 5_000):
        made = Record.objects.bulk_create(
            Record(review=review, title=f"A trial of treatment {n} in adults", abstract=ABSTRACT, year=2000 + n % 25)
            for n in range(start, min(start + 5_000, records))
        )
        stages.open_stage(review=review, records=made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps({"review": review.pk, "sessions": sessions}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
