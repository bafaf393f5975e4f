"""Starts services in order, keeps them running, and stops them in the opposite order; single-threaded on purpose.

What runs is noted in a state file with pid and moment of start. A supervisor that was killed outright leaves that note,
and the next one clears up by it: first the leash (see `embedded.processes`), then the note, so nothing is orphaned.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from reviewapp.embedded import processes
from reviewapp.embedded.problems import StartProblem, last_words
from reviewapp.management.services import Service

LONGEST_LOG = 5 * 1024 * 1024
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
POLL = 0.2


class StopAskedError(Exception):
    """Someone pressed Ctrl-C, or the system asked us to end, before all was up."""


@dataclass
class Child:
    """A service and its process at the moment."""

    service: Service
    process: subprocess.Popen[bytes]
    since: float
    failures: int = 0
    again_at: float | None = None

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self.process.poll() is None


@dataclass
class Supervisor:
    """`say` prints a line for the person at the terminal; `echo` also prints what the services log."""

    data_dir: Path
    say: Callable[[str], None]
    echo: bool = False
    address: str = ""
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    hurry: bool = False
    _shown: dict[str, int] = field(default_factory=dict)

    @property
    def state_file(self) -> Path:
        """What runs, for the next supervisor and for curious people."""
        return self.data_dir / "run" / "servers.json"

    def log(self, name: str) -> Path:
        """Where a service's output goes."""
        return self.data_dir / "logs" / f"{name}.log"

    # -- signals ------------------------------------------------------------------------------------------------------
    def listen(self) -> None:
        """Take Ctrl-C and `kill` as the wish to end in order; a second one as the wish to end now."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, *_: object) -> None:
        self.hurry = self.stopping
        self.stopping = True

    def check(self) -> None:
        """Raise StopAskedError once someone asked us to stop."""
        if self.stopping:
            raise StopAskedError

    # -- starting -----------------------------------------------------------------------------------------------------
    def start(self, service: Service) -> None:
        """Start a service and wait until it serves. Raises StartProblem when it ends instead."""
        self.check()
        self._rotate(service.name)
        child = Child(service, self._spawn(service), time.monotonic())
        self.children.append(child)
        self._note()
        if service.ready:
            self.wait_ready(child)

    def wait_ready(self, child: Child) -> None:
        """Wait until the service serves, for as long as its patience lasts."""
        ready = child.service.ready or (lambda: True)
        answered = processes.wait_until(
            lambda: self.stopping or not child.alive or ready(),
            seconds=child.service.patience,
        )
        self.check()
        if not answered or not child.alive:
            log = self.log(child.service.name)
            raise StartProblem(
                f"The service {child.service.name!r} did not start; your data is untouched. {log} says why:\n"
                f"{last_words(log.read_text(errors='replace'))}"
            )

    def run_once(self, name: str, command: list[str], *, env: dict[str, str], cwd: Path) -> str:
        """Run a command to its end and answer what it printed. Raises StartProblem when it fails."""
        self.check()
        log = self.log(name)
        log.unlink(missing_ok=True)
        process = processes.spawn(command, log=log, cwd=cwd, env=env)
        while process.poll() is None:
            if self.stopping:
                processes.stop(process.pid, grace=0 if self.hurry else 10)
                raise StopAskedError
            time.sleep(processes.POLL_SECONDS)
        printed = log.read_text(errors="replace")
        if process.returncode != 0:
            raise StartProblem(f"The step {name!r} failed; {log} has all of it:\n{last_words(printed)}")
        return printed

    def _spawn(self, service: Service) -> subprocess.Popen[bytes]:
        try:
            return processes.spawn(
                service.command(),
                log=self.log(service.name),
                cwd=service.cwd,
                env=service.env,
                account=service.account,
                when_parent_dies=service.stop_signal,
            )
        except OSError as error:
            raise StartProblem(
                f"The service {service.name!r} can't be run ({error}). Your data is untouched. See that this user may "
                f"run that program; `rm -r .venv` and the same command again lay out all programs anew."
            ) from error

    def _rotate(self, name: str) -> None:
        log = self.log(name)
        if log.exists() and log.stat().st_size > LONGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        self._shown[name] = log.stat().st_size if log.exists() else 0

    def _note(self) -> None:
        running = [
            {"name": child.service.name, "pid": child.process.pid, "started": started}
            for child in self.children
            if (started := processes.moment_of_start(child.process.pid))
        ]
        note = {"supervisor": os.getpid(), "address": self.address, "running": running}
        fresh = self.state_file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(note, indent=1))
        fresh.replace(self.state_file)

    # -- running ------------------------------------------------------------------------------------------------------
    def watch(self) -> None:
        """Restart what ends by itself, until someone asks us to stop."""
        while not self.stopping:
            for child in self.children:
                self._look_after(child)
            if self.echo:
                self._show_logs()
            time.sleep(POLL)

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.alive:
            return
        if child.again_at is None:
            child.failures = 1 if now - child.since > STEADY_AFTER else child.failures + 1
            pause = min(2.0 ** (child.failures - 1), LONGEST_PAUSE)
            child.again_at = now + pause
            processes.kill_group(child.process.pid)  # what it may have left behind
            self.say(
                f"{child.service.name} ended by itself ({_how(child.process.returncode)}); starting it again in "
                f"{pause:.0f} s. Its last words are in {self.log(child.service.name)}"
            )
        elif now >= child.again_at:
            self._start_again(child)

    def _start_again(self, child: Child) -> None:
        self._rotate(child.service.name)
        try:
            child.process, child.since, child.again_at = self._spawn(child.service), time.monotonic(), None
        except StartProblem as problem:  # the others go on; this one may be mended meanwhile
            self.say(f"{problem} Trying again in {LONGEST_PAUSE:.0f} s.")
            child.again_at = time.monotonic() + LONGEST_PAUSE
        self._note()

    def _show_logs(self) -> None:
        for child in self.children:
            name, log = child.service.name, self.log(child.service.name)
            with log.open("rb") as text:
                text.seek(self._shown.get(name, 0))
                lines = text.read().splitlines(keepends=True)
            whole = [line for line in lines if line.endswith(b"\n")]
            self._shown[name] = self._shown.get(name, 0) + sum(map(len, whole))
            for line in whole:
                self.say(f"{name:<10} | {line.decode(errors='replace').rstrip()}")

    # -- stopping -----------------------------------------------------------------------------------------------------
    def stop(self) -> None:
        """Stop everything, the edges before the servers they stand on; ends with nothing running."""
        for tier in sorted({child.service.tier for child in self.children}, reverse=True):
            going = [child for child in reversed(self.children) if child.service.tier == tier and child.alive]
            for child in going:
                child.process.send_signal(child.service.stop_signal)
            for child in going:
                patience = child.service.grace
                processes.wait_until(lambda child=child: self.hurry or not child.alive, seconds=patience)  # type: ignore[misc]
            for child in (child for child in self.children if child.service.tier == tier):
                processes.kill_group(child.process.pid)
                child.process.wait()
        self.children.clear()
        self.state_file.unlink(missing_ok=True)

    def clear_up(self) -> list[str]:
        """Stop what a supervisor that was killed left running; answers the names of what was found."""
        try:
            left = json.loads(self.state_file.read_text())["running"]
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return []
        found = [entry for entry in reversed(left) if processes.is_same(entry["pid"], entry["started"])]
        for entry in found:
            processes.stop(
                entry["pid"],
                with_signal=signal.SIGINT if entry["name"] == "postgres" else signal.SIGTERM,
            )
        self.state_file.unlink()
        return [str(entry["name"]) for entry in found]


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
