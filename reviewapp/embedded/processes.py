"""Starting, recognising and stopping processes, so that none is left behind and none is mistaken for another.

A process is known by its pid *and* the moment it started: a pid alone may by now belong to someone else.
"""

import ctypes
import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1  # prctl(2)
POLL_SECONDS = 0.05
LINUX = platform.system() == "Linux"


@dataclass(frozen=True, slots=True)
class Account:
    """The user of the operating system that a server runs as; `None` stands for "whoever started reviewapp"."""

    name: str
    uid: int
    gid: int


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    when_parent_dies: signal.Signals | None = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, writing to `log`; on Linux it gets a signal when its parent is killed.

    Raises OSError when the program can't be run.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=dict(env) if env is not None else None,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_leash(when_parent_dies) if when_parent_dies else None,  # noqa: PLW1509  # one system call, no locks
        )


def _leash(on_death: signal.Signals) -> Callable[[], None] | None:
    """What ties a child to this process's life. Only Linux knows it; elsewhere the next start clears up."""
    if not LINUX:
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(on_death), 0, 0, 0)
        if os.getppid() != parent:  # it died before the tie was made
            os._exit(1)

    return tie


def moment_of_start(pid: int) -> str:
    """When process `pid` started, in a form that is only good for comparing; empty when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        state, *fields = stat.rpartition(")")[2].split()
        return "" if state == "Z" else f"{_boot()}:{fields[18]}"  # field 22 of proc(5): ticks since boot
    except (FileNotFoundError, ProcessLookupError):
        if LINUX:
            return ""
    listed = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return listed.stdout.strip()


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
    except OSError:
        return ""


def command_line(pid: int) -> str:
    """The command of process `pid`, words joined by spaces; empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        if LINUX:
            return ""
    listed = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return listed.stdout.strip()


def is_same(pid: int, started: str) -> bool:
    """Whether process `pid` is alive and is still the one that started at `started`."""
    return bool(started) and moment_of_start(pid) == started


def stop(pid: int, *, with_signal: signal.Signals = signal.SIGTERM, grace: float = 10.0) -> bool:
    """Ask the process to end, wait `grace` seconds, then kill its whole group. Answers whether it ended by itself."""
    started = moment_of_start(pid)
    _send(os.kill, pid, with_signal)
    if wait_until(lambda: not is_same(pid, started), seconds=grace):
        return True
    kill_group(pid)
    _send(os.kill, pid, signal.SIGKILL)
    wait_until(lambda: not is_same(pid, started), seconds=5)
    return False


def kill_group(pid: int) -> None:
    """Kill what is left of the group that `spawn` made `pid` the leader of."""
    _send(os.killpg, pid, signal.SIGKILL)


def _send(by: Callable[[int, int], None], pid: int, which: signal.Signals) -> None:
    try:
        by(pid, which)
    except ProcessLookupError:
        return


def wait_until(done: Callable[[], bool], *, seconds: float) -> bool:
    """Ask `done` every 50 ms for at most `seconds`; answers its last word."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True
