"""What benchmarks of pages share: a scratch database of their own, and a request timed from end to end."""

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any


def run(measure: Callable[[int], bool], *, count: int = 50_000) -> None:
    """Make a scratch database, `measure` with the count of the command line, drop it; exit 1 if it was not good."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
    import django

    django.setup()
    from django.conf import settings

    from tests.fixtures import postgres

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.CELERY_BROKER_URL = "memory://"
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else count
    with postgres.leased() as server:
        try:
            postgres.use(server, postgres.copy(server, postgres.template(server)))
            good = measure(asked)
        finally:
            postgres.drop(server)
    sys.exit(0 if good else 1)


def timed(client: Any, name: str, address: str, *, rounds: int) -> float:
    """p95 in ms of a page by Django's test client, printed with p50; two rounds before go uncounted."""
    taken = []
    for round_ in range(rounds + 2):
        start = time.perf_counter()
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        if round_ > 1:
            taken.append(1000 * (time.perf_counter() - start))
    p95 = statistics.quantiles(taken, n=20)[18]
    print(f"  {name:<14}p50 {statistics.median(taken):6.0f} ms   p95 {p95:6.0f} ms")
    return p95
