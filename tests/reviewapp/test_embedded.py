"""Where the embedded servers live, and what is said when they can't."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from kombu import Connection

from reviewapp import embedded
from reviewapp.embedded import addresses, broker, cluster, folders, postgres, processes
from reviewapp.embedded.problems import StartProblem
from tests.fixtures.homes import NewHome


@pytest.fixture(scope="module")
def home(new_home: NewHome) -> Iterator[Path]:
    """A data directory with a running PostgreSQL, whose path has a space and is too long for a socket."""
    home = new_home() / "a data directory" / ("deep" * 20)
    folders.make(home)
    log = home / "logs" / "postgres.log"
    cluster.prepare(home, log)
    command = postgres.command(home, durability=postgres.FOR_TESTS)
    server = processes.spawn(command, log=log, cwd=Path("/"), env=cluster.environment(), account=cluster.account())
    assert processes.wait_until(lambda: postgres.is_ready(home), seconds=20), log.read_text()
    yield home
    processes.stop(server.pid, with_signal=signal.SIGINT)
    server.wait(10)


def test_sockets_are_in_the_data_directory_where_they_fit() -> None:
    assert addresses.socket_folder(Path("/srv/reviewapp")) == Path("/srv/reviewapp/run")


@pytest.mark.parametrize("folder", ["/srv/" + "x" * 100, "/srv/with a space", "/srv/with'quote", "/srv/größe"])
def test_sockets_go_to_a_short_plain_folder_where_they_do_not_fit(folder: str) -> None:
    place = str(addresses.postgres_folder(Path(folder)) / ".s.PGSQL.5432")
    assert len(os.fsencode(place)) <= addresses.LONGEST_SOCKET_PATH
    assert addresses.PLAIN_PATH.fullmatch(place)


def test_two_long_directories_do_not_share_a_socket() -> None:
    one, other = (addresses.socket_folder(Path("/srv/" + "x" * 100 + end)) for end in "ab")
    assert one != other


def test_asking_for_an_address_touches_nothing(tmp_path: Path) -> None:
    embedded.database_url(tmp_path / "none"), embedded.broker_url(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_folder_that_someone_else_laid_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "TEMPORARY", tmp_path)
    data_dir = tmp_path / ("x" * 100)
    addresses.socket_folder(data_dir).symlink_to(tmp_path)
    with pytest.raises(StartProblem, match="belongs to another user"):
        folders.make(data_dir)


def test_a_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartProblem, match="choose another with the environment variable DATA_DIR"):
        folders.make(tmp_path / "file" / "data")


def test_others_may_not_look_into_the_data_directory(tmp_path: Path) -> None:
    folders.make(tmp_path / "data")
    modes = {path.name: path.stat().st_mode & 0o066 for path in (tmp_path / "data", tmp_path / "data" / "logs")}
    assert modes == {"data": 0, "logs": 0}


def test_the_application_reaches_its_database(home: Path) -> None:
    postgres.ensure_database(home)
    with psycopg.connect(embedded.database_url(home)) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == ("reviewapp", "reviewapp")


def test_making_the_database_twice_changes_nothing(home: Path) -> None:
    postgres.ensure_database(home)
    assert postgres.ensure_database(home) is False


def test_case_is_folded_beyond_ascii(home: Path) -> None:
    with postgres.connect(home) as connection:
        assert connection.execute("SELECT lower('ÄŁΩ')").fetchone() == ("äłω",)


def test_no_port_is_open(home: Path) -> None:
    with postgres.connect(home) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_writes_are_durable_outside_tests(tmp_path: Path) -> None:
    words = postgres.command(tmp_path)
    assert {"fsync=on", "synchronous_commit=on", "max_connections=200"} <= set(words)


def test_a_stray_server_is_found_and_stopped(new_home: NewHome) -> None:
    home = new_home()
    folders.make(home)
    log = home / "logs" / "postgres.log"
    cluster.prepare(home, log)
    account = cluster.account()
    command = postgres.command(home, durability=postgres.FOR_TESTS)
    server = processes.spawn(command, log=log, cwd=Path("/"), env=cluster.environment(), account=account)
    assert processes.wait_until(lambda: postgres.is_ready(home), seconds=20)
    assert postgres.stop_stray(home) is True
    assert server.wait(5) == 0


def test_a_note_of_a_server_that_is_no_more_is_removed(tmp_path: Path) -> None:
    note = tmp_path / "postgres" / "postmaster.pid"
    note.parent.mkdir()
    note.write_text(f"{os.getpid()}\n")  # a program that is alive, but no PostgreSQL
    assert postgres.stop_stray(tmp_path) is False
    assert not note.exists()


def test_a_first_start_that_was_cut_off_is_made_anew(new_home: NewHome) -> None:
    home = new_home()
    folders.make(home)
    (home / "postgres.new").mkdir()
    (home / "postgres.new" / "half").touch()
    cluster.prepare(home, home / "logs" / "postgres.log")
    assert (home / "postgres" / "PG_VERSION").exists()
    assert not (home / "postgres.new").exists()


def test_data_of_another_version_is_left_alone(tmp_path: Path) -> None:
    folders.make(tmp_path)
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(StartProblem, match=r"was made by PostgreSQL 9, .* Nothing was changed"):
        cluster.prepare(tmp_path, tmp_path / "logs" / "postgres.log")


def test_a_directory_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    folders.make(tmp_path)
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "thesis.docx").touch()
    with pytest.raises(StartProblem, match="not a PostgreSQL database"):
        cluster.prepare(tmp_path, tmp_path / "logs" / "postgres.log")
    assert (tmp_path / "postgres" / "thesis.docx").exists()


def test_messages_survive_a_killed_broker(tmp_path: Path) -> None:
    folders.make(tmp_path)
    for turn in ("put", "get"):
        process = processes.spawn(broker.command(tmp_path), log=tmp_path / "logs" / "broker.log", cwd=tmp_path)
        assert processes.wait_until(lambda: broker.is_ready(tmp_path), seconds=10)
        with Connection(embedded.broker_url(tmp_path)) as connection, connection.SimpleQueue("bell") as queue:
            if turn == "put":
                queue.put("ring")
                assert processes.wait_until(lambda: _on_disk(tmp_path), seconds=5)
            else:
                assert queue.get(timeout=5).payload == "ring"
        process.kill()
        process.wait()


def _on_disk(home: Path) -> bool:
    return any(b"delivery_tag" in file.read_bytes() for file in (home / "broker").rglob("*.aof"))


def test_only_its_owner_can_open_the_brokers_socket(broker: str) -> None:
    place = Path(broker.removeprefix("redis+socket://"))
    assert place.stat().st_mode & 0o077 == 0
    with socket.socket(socket.AF_UNIX) as mine:
        mine.connect(str(place))
