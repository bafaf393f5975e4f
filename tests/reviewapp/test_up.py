"""`manage.py up` as a person meets it: one command, an address, and an end that leaves nothing behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest
from django.conf import settings

from reviewapp import embedded
from reviewapp.ai import embedding
from reviewapp.embedded import cluster, postgres, processes
from tests.fixtures.homes import NewHome

pytestmark = pytest.mark.skipif(not processes.LINUX, reason="reads /proc to see what is running")


@dataclass
class Up:
    """A running `manage.py up`."""

    process: subprocess.Popen[bytes]
    log: Path
    home: Path
    port: int

    def says(self) -> str:
        """All it has printed."""
        return self.log.read_text()

    def waits_for(self, text: str, seconds: float = 240) -> str:
        """Wait until it has printed something (or ended)."""
        processes.wait_until(lambda: text in self.says() or self.process.poll() is not None, seconds=seconds)
        assert text in self.says(), self.says()
        return self.says()

    def running(self) -> dict[str, int]:
        """The pids of its services by name."""
        note = json.loads((self.home / "run" / "servers.json").read_text())
        return {entry["name"]: entry["pid"] for entry in note["running"]}

    def answers(self) -> int:
        """The status of /health/ready/."""
        with urlopen(f"http://127.0.0.1:{self.port}/health/ready/", timeout=10) as reply:
            return int(reply.status)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _processes_of(home: Path) -> list[int]:
    """Whatever runs for this data directory: it stands in their commands or in their environment."""
    found, name = [], os.fsencode(home)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            about = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if name in about and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


@contextmanager
def _up(home: Path, *, port: int = 0) -> Iterator[Up]:
    port = port or _free_port()
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CELERY_BROKER_URL")}
    log = home.parent / f"up-{port}.log"
    log.unlink(missing_ok=True)
    process = processes.spawn(
        [sys.executable, "manage.py", "up", "--port", str(port)],
        log=log,
        cwd=settings.BASE_DIR,
        env={**env, "DATA_DIR": str(home)},
    )
    try:
        yield Up(process, log, home, port)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


@pytest.fixture(scope="module")
def home(new_home: NewHome) -> Path:
    """One data directory for all of these tests. Its first start is cut off before it has made the first table.

    A start from nothing takes half a minute of migrations, so the one that goes on from there is everybody's.
    """
    home = new_home() / "data"
    with _up(home) as first:
        assert "First start: laying out the database" in first.waits_for("Preparing the database")
        first.process.kill()
        first.process.wait(10)
    assert processes.wait_until(lambda: _processes_of(home) == [], seconds=30)
    with _server(home), postgres.connect(home) as connection:
        connection.execute("DROP DATABASE reviewapp WITH (FORCE)")
    return home


@pytest.fixture(scope="module")
def up(home: Path) -> Iterator[Up]:
    with _up(home) as up:
        up.waits_for("reviewapp is ready")
        yield up


def test_a_first_start_that_was_cut_off_goes_on(up: Up) -> None:
    assert "laying out" not in up.says()
    assert "Preparing the database" in up.says()
    assert up.answers() == 200


def test_it_says_where_it_is_and_answers_there(up: Up) -> None:
    assert f"http://localhost:{up.port}" in up.says()
    assert up.answers() == 200


def test_everything_one_machine_needs_is_running(up: Up) -> None:
    meanings = ["worker-embed"] if embedding.available() else []
    assert list(up.running()) == ["postgres", "broker", "web", "worker-llm", "worker-cpu", *meanings, "beat"]


def test_other_commands_find_its_database_by_themselves(up: Up) -> None:
    with psycopg.connect(embedded.database_url(up.home)) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)


def test_a_second_one_on_the_same_data_says_who_has_it(up: Up) -> None:
    with _up(up.home) as second:
        assert second.process.wait(30) == 1
        assert f"already running on {up.home} (process {up.process.pid}, http://localhost:{up.port})" in second.says()


def test_a_busy_port_is_said_with_another_to_choose(up: Up, tmp_path: Path) -> None:
    with _up(tmp_path / "data", port=up.port) as second:
        assert second.process.wait(30) == 1
        assert f"Port {up.port} of 127.0.0.1 is in use" in second.says()
        assert f"make demo PORT={up.port + 1}" in second.says()


@pytest.mark.parametrize("name", ["worker-llm", "web", "broker", "postgres"])
def test_a_killed_service_comes_back(up: Up, name: str) -> None:
    first = up.running()[name]
    os.kill(first, signal.SIGKILL)
    up.waits_for(f"{name} ended by itself (killed by SIGKILL)")
    assert processes.wait_until(lambda: up.running().get(name, first) != first, seconds=30)
    assert processes.wait_until(lambda: _is_well(up), seconds=30)


def _is_well(up: Up) -> bool:
    try:
        return up.answers() == 200
    except OSError:
        return False


def test_a_stop_leaves_nothing_running_and_the_data_in_place(up: Up) -> None:
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(60) == 0
    assert f"Your data is in {up.home}" in up.says()
    assert _processes_of(up.home) == []
    assert (up.home / "postgres" / "PG_VERSION").exists()


def _first(home: Path) -> None:
    """See that the directory has been served once."""
    if not (home / "logs" / "web.log").exists():
        with _up(home) as up:
            up.waits_for("reviewapp is ready")


def test_a_killed_supervisor_leaves_nothing_that_the_next_start_minds(home: Path) -> None:
    _first(home)
    with _up(home) as killed:
        killed.waits_for("reviewapp is ready")
        killed.process.kill()
        killed.process.wait(10)
    with _up(home) as again:
        again.waits_for("reviewapp is ready")
        assert again.answers() == 200
    assert _processes_of(home) == []


@contextmanager
def _server(home: Path) -> Iterator[None]:
    """The database server of a stopped installation."""
    log = home / "logs" / "postgres.log"
    server = processes.spawn(
        postgres.command(home), log=log, cwd=Path("/"), env=cluster.environment(), account=cluster.account()
    )
    assert processes.wait_until(lambda: postgres.is_ready(home), seconds=20)
    yield
    processes.stop(server.pid, with_signal=signal.SIGINT)
    server.wait(10)


@contextmanager
def _database(home: Path) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The database of a stopped installation."""
    with _server(home), postgres.connect(home, "reviewapp") as connection:
        yield connection


def test_a_database_of_a_newer_version_is_left_alone(home: Path) -> None:
    _first(home)
    with _database(home) as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '9999_later', now())")
    with _up(home) as up:
        assert up.process.wait(60) == 1
        assert re.search(r"newer reviewapp than this one: it has audit.9999_later.*Nothing was changed", up.says())
    assert _processes_of(home) == []
    with _database(home) as connection:
        connection.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
