"""The supervisor on small programs of its own: what it starts it keeps, and what it stops is gone."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reviewapp.embedded import folders, processes
from reviewapp.embedded.problems import StartProblem
from reviewapp.management.services import EDGES, SERVERS, Service
from reviewapp.management.supervisor import StopAskedError, Supervisor

FOREVER = "import time; print('up', flush=True); time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
WITH_CHILD = "import subprocess, time; print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(600)"
BROKEN = "import sys; sys.exit('the disk is full')"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    folders.make(tmp_path)
    supervisor = Supervisor(tmp_path, said.append)
    yield supervisor
    supervisor.hurry = True
    supervisor.stop()


@pytest.fixture
def service(supervisor: Supervisor) -> Callable[..., Service]:
    def make(name: str = "program", *, code: str = FOREVER, **options: object) -> Service:
        log = supervisor.log(name)
        defaults: dict[str, object] = {"ready": lambda: log.exists() and log.stat().st_size > 0, "patience": 10.0}
        return Service(name, lambda: [sys.executable, "-c", code], **{**defaults, **options})  # type: ignore[arg-type]

    return make


def _watch(supervisor: Supervisor, until: Callable[[], bool]) -> bool:
    """Let the supervisor look after its children until something is so."""

    def turn() -> bool:
        for child in supervisor.children:
            supervisor._look_after(child)
        return until()

    return processes.wait_until(turn, seconds=10)


def test_a_service_that_ends_at_once_stops_the_start_with_its_last_words(
    supervisor: Supervisor, service: Callable[..., Service]
) -> None:
    with pytest.raises(StartProblem, match="the disk is full"):
        supervisor.start(service(code=BROKEN, ready=lambda: False))


def test_a_service_that_never_answers_stops_the_start(supervisor: Supervisor, service: Callable[..., Service]) -> None:
    with pytest.raises(StartProblem, match="did not start"):
        supervisor.start(service(ready=lambda: False, patience=0.3))


def test_a_program_that_cannot_be_run_stops_the_start(supervisor: Supervisor) -> None:
    with pytest.raises(StartProblem, match="can't be run"):
        supervisor.start(Service("web", lambda: ["/nowhere/gunicorn"]))


def test_a_killed_service_is_started_again_and_that_is_said(
    supervisor: Supervisor, service: Callable[..., Service], said: list[str]
) -> None:
    supervisor.start(service())
    first = supervisor.children[0].process.pid
    os.kill(first, signal.SIGKILL)
    assert _watch(supervisor, lambda: supervisor.children[0].process.pid != first)
    assert supervisor.children[0].alive
    assert "killed by SIGKILL" in said[0]


def test_a_service_that_keeps_ending_is_started_ever_more_slowly(
    supervisor: Supervisor, service: Callable[..., Service], said: list[str]
) -> None:
    supervisor.start(service(code=BROKEN, ready=None))
    assert _watch(supervisor, lambda: len(said) == 3)
    assert [line.split(" in ")[1].split(" s.")[0] for line in said] == ["1", "2", "4"]


def test_edges_are_stopped_before_the_servers_they_stand_on(
    supervisor: Supervisor, service: Callable[..., Service], tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    goodbye = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        f"    open({str(journal)!r}, 'a').write(sys.argv[0] + NAME + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('up', flush=True)\n"
        "while True: time.sleep(0.05)\n"
    )
    for name, tier in (("database", SERVERS), ("web", EDGES)):
        supervisor.start(service(name, code=f"NAME = {name!r}\n{goodbye}", tier=tier))
    supervisor.stop()
    assert journal.read_text().replace("-c", "").split() == ["web", "database"]


def test_what_will_not_end_is_killed(supervisor: Supervisor, service: Callable[..., Service]) -> None:
    supervisor.start(service(code=DEAF, grace=0.3))
    pid = supervisor.children[0].process.pid
    supervisor.stop()
    assert processes.moment_of_start(pid) == ""


def test_grandchildren_are_stopped_too(supervisor: Supervisor, service: Callable[..., Service]) -> None:
    supervisor.start(service(code=WITH_CHILD))
    grandchild = int(supervisor.log("program").read_text())
    assert processes.moment_of_start(grandchild)
    supervisor.stop()
    assert processes.wait_until(lambda: processes.moment_of_start(grandchild) == "", seconds=5)


def test_what_a_killed_supervisor_left_running_is_stopped_by_the_next(
    supervisor: Supervisor, service: Callable[..., Service], said: list[str]
) -> None:
    supervisor.start(service("web"))
    left = supervisor.children[0].process
    assert Supervisor(supervisor.data_dir, said.append).clear_up() == ["web"]
    assert left.wait(5) != 0


def test_a_pid_that_now_belongs_to_another_program_is_left_alone(supervisor: Supervisor) -> None:
    note = {"running": [{"name": "web", "pid": os.getpid(), "started": "long ago"}]}
    supervisor.state_file.write_text(json.dumps(note))
    assert supervisor.clear_up() == []


def test_a_note_cut_off_in_the_middle_does_no_harm(supervisor: Supervisor) -> None:
    supervisor.state_file.write_text('{"running": [{"na')
    assert supervisor.clear_up() == []


def test_a_child_does_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    parent = (
        "import os, sys; from pathlib import Path; from reviewapp.embedded import processes\n"
        f"child = processes.spawn(['sleep', '600'], log=Path({str(tmp_path / 'log')!r}), cwd=Path('/'))\n"
        f"Path({str(tmp_path / 'pid')!r}).write_text(str(child.pid)); os.kill(os.getpid(), 9)"
    )
    process = processes.spawn([sys.executable, "-c", parent], log=tmp_path / "parent.log", cwd=Path.cwd())
    assert process.wait(20) == -signal.SIGKILL, (tmp_path / "parent.log").read_text()
    child = int((tmp_path / "pid").read_text())
    assert processes.wait_until(lambda: processes.moment_of_start(child) == "", seconds=5)


def test_asking_to_stop_interrupts_a_step_that_takes_long(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.stopping = True
    with pytest.raises(StopAskedError):
        supervisor.run_once("step", ["sleep", "600"], env={}, cwd=tmp_path)


def test_a_failing_step_says_why(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(StartProblem, match="the disk is full"):
        supervisor.run_once("step", [sys.executable, "-c", BROKEN], env=dict(os.environ), cwd=tmp_path)


def test_logs_are_echoed_with_the_name_of_who_wrote(
    supervisor: Supervisor, service: Callable[..., Service], said: list[str]
) -> None:
    supervisor.start(service("web"))
    supervisor._show_logs()
    supervisor._show_logs()
    assert said == ["web        | up"]


def test_a_long_log_is_put_aside(supervisor: Supervisor, service: Callable[..., Service]) -> None:
    supervisor.log("web").write_bytes(b"x" * (6 * 1024 * 1024))
    supervisor.start(service("web", ready=None))
    assert processes.wait_until(lambda: supervisor.log("web").read_text() == "up\n", seconds=10)


def test_waiting_for_a_moment_takes_no_longer_than_said() -> None:
    began = time.monotonic()
    assert not processes.wait_until(lambda: False, seconds=0.2)
    assert time.monotonic() - began < 2
