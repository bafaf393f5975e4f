"""What `manage.py up` runs, in the order in which it starts: servers first, then web, workers and the clock.

Two workers, because two kinds of work starve each other: LLM calls wait (many threads), ranking and dedup compute (two
processes). A third, where the embedding model is installed, takes minutes of computing that nobody waits for, and gives
way to the others. Numbers suit one machine; a larger installation runs these commands under its own supervisor.
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals

from django.conf import settings

from reviewapp.ai import embedding
from reviewapp.embedded import broker, cluster, postgres
from reviewapp.embedded.processes import Account

SERVERS, EDGES = 1, 2
LAST = ["nice", "-n", "10"] if shutil.which("nice") else []  # gets what the others leave of the processors
EVERYWHERE = ("", "0.0.0.0")  # noqa: S104  # addresses to listen on that are none to call


@dataclass(frozen=True)
class Service:
    """One supervised process. `ready` answers whether it serves; without it, living is enough."""

    name: str
    command: Callable[[], list[str]]
    tier: int = EDGES
    ready: Callable[[], bool] | None = None
    patience: float = 120.0
    stop_signal: Signals = SIGTERM
    grace: float = 10.0
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    account: Account | None = None


def threads(calls_in_flight: int) -> int:
    """How many threads keep that many calls in flight: some are always before or after theirs, at the database."""
    return calls_in_flight * 3 // 2


def database(data_dir: Path, *, calls_in_flight: int) -> Service:
    """The embedded PostgreSQL; SIGINT is its "fast" shutdown, which rolls back and writes all to disk."""

    def command() -> list[str]:
        postgres.stop_stray(data_dir)
        cluster.let_in(data_dir)  # again at each start: someone may have closed a folder above meanwhile
        return postgres.command(data_dir, connections=max(200, threads(calls_in_flight) + 100))

    return Service(
        name="postgres",
        command=command,
        tier=SERVERS,
        ready=lambda: postgres.is_ready(data_dir),
        stop_signal=SIGINT,
        grace=30,
        env=cluster.environment(),
        account=cluster.account(),
    )


def message_broker(data_dir: Path) -> Service:
    """The embedded broker."""
    return Service(
        name="broker",
        command=lambda: broker.command(data_dir),
        tier=SERVERS,
        ready=lambda: broker.is_ready(data_dir),
        env=dict(os.environ),
    )


def web(base: Path, env: Mapping[str, str], *, host: str, port: int) -> Service:
    """The web server: few processes with several threads each, as the database is what is waited for."""
    command = [
        sys.executable, "-m", "gunicorn", "reviewapp.wsgi:application", "--bind", f"{host}:{port}",
        "--worker-class", "gthread", "--workers", env.get("WEB_CONCURRENCY", "2"),
        "--threads", env.get("WEB_THREADS", "8"), "--timeout", "120", "--graceful-timeout", "8", "--no-control-socket",
        "--limit-request-line", "8190",  # a search of 1,000 letters, each of which takes six characters of an address
    ]  # fmt: skip
    return Service(
        "web",
        lambda: command,
        ready=lambda: is_ready(host, port) == 200,
        env=env,
        cwd=base,
    )


def background(base: Path, env: Mapping[str, str], data_dir: Path, *, calls_in_flight: int) -> list[Service]:
    """The workers and the clock."""
    celery = [sys.executable, "-m", "celery", "-A", "reviewapp"]
    worker = [
        *celery,
        "worker",
        "--without-gossip",
        "--without-mingle",
        "--loglevel",
        "INFO",
    ]
    llm = [
        *worker,
        "-Q",
        "llm",
        "-P",
        "threads",
        "-c",
        str(threads(calls_in_flight)),
        "-n",
        "llm@%h",
    ]
    cpu = [*worker, "-Q", "cpu", "-P", "prefork", "-c", str(min(2, os.cpu_count() or 1)), "-n", "cpu@%h"]
    beat = [
        *celery,
        "beat",
        "--loglevel",
        "INFO",
        "--pidfile=",
        "-s",
        str(data_dir / "run" / "beat-schedule"),
    ]
    embed = [*LAST, *worker, "-Q", "embed", "-P", "threads", "-c", "1", "-n", "embed@%h"]
    workers = [("worker-llm", llm), ("worker-cpu", cpu), *([("worker-embed", embed)] if embedding.available() else [])]
    return [
        Service(name, lambda command=command: command, env=env, cwd=base)  # type: ignore[misc]  # mypy can't infer it
        for name, command in (*workers, ("beat", beat))
    ]


def _served_host() -> str:
    """A host name that the application answers to."""
    first = next(iter(settings.ALLOWED_HOSTS), "localhost")
    return "localhost" if first == "*" else f"ready{first}" if first.startswith(".") else str(first)


def is_ready(host: str, port: int) -> int:
    """The status that /health/ready/ answers with; 0 while nobody answers."""
    connection = HTTPConnection("127.0.0.1" if host in EVERYWHERE else host, port, timeout=5)
    try:
        # as behind a TLS proxy: with HTTPS=true a plain request would only be sent elsewhere
        connection.request(
            "GET",
            "/health/ready/",
            headers={"Host": _served_host(), "X-Forwarded-Proto": "https"},
        )
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()
