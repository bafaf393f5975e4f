"""`manage.py up`: everything that one machine needs, under one supervisor, until Ctrl-C.

With DATABASE_URL and CELERY_BROKER_URL it uses those servers; whichever is missing is started from a wheel.
"""

import contextlib
import errno
import fcntl
import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reviewapp import embedded, mail
from reviewapp.embedded import addresses, cluster, folders, postgres
from reviewapp.embedded.problems import StartProblem
from reviewapp.management import preparation, services
from reviewapp.management.supervisor import StopAskedError, Supervisor


class Command(BaseCommand):
    """See the module."""

    help = "Run the web server, the workers, the clock and, where none are configured, the database and the broker."
    requires_system_checks = []  # the database may not be there yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options; PORT and HOST may come from the environment too."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--host", default=os.environ.get("HOST_ADDRESS") or "127.0.0.1")
        parser.add_argument("--demo", action="store_true", help="load the invented demonstration review")
        parser.add_argument("--logs", action="store_true", help="print what the services log, too")

    def handle(self, *_: Any, **options: Any) -> None:
        """Start, watch and stop. Ends with code 1 and one sentence when it can't start."""
        data_dir = Path(os.path.abspath(settings.DATA_DIR))
        supervisor = Supervisor(data_dir, self._say, echo=options["logs"])
        try:
            folders.make(data_dir)
            with _alone(data_dir):
                self._run(supervisor, **options)
        except StartProblem as problem:
            self.stderr.write(self.style.ERROR(str(problem)))
            sys.exit(1)

    def _run(self, supervisor: Supervisor, *, host: str, port: int, demo: bool, **_: Any) -> None:
        supervisor.listen()
        if found := supervisor.clear_up():
            self._say(f"The last run did not end in order; stopped what it had left running: {', '.join(found)}.")
        _refuse_busy_port(host, port)
        supervisor.address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
        (supervisor.data_dir / "run" / "up.lock").write_text(f"{os.getpid()} {supervisor.address}\n")
        try:
            sign_ins = self._start(supervisor, host=host, port=port, demo=demo)
            mails = mail.said(settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT)
            self._say(f"\nreviewapp is ready: {supervisor.address}\n{sign_ins}{mails}\nCtrl-C stops it.")
            supervisor.watch()
        except StopAskedError:
            pass
        finally:
            self._say("Stopping …")
            supervisor.stop()
            self._say(f"Stopped. Your data is in {supervisor.data_dir}.")

    def _start(self, supervisor: Supervisor, *, host: str, port: int, demo: bool) -> str:
        """Start all in order; answers what the demonstration has to say about signing in."""
        data_dir, base = supervisor.data_dir, Path(settings.BASE_DIR)
        env = {
            **os.environ,
            "DATA_DIR": str(data_dir),
            "PYTHONUNBUFFERED": "1",
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "SITE_URL": supervisor.address if settings.SITE_URL == mail.NOWHERE else settings.SITE_URL,
        }
        if str(addresses.postgres_folder(data_dir)) == settings.DATABASES["default"]["HOST"]:
            if not (data_dir / "postgres").exists():
                self._say("First start: laying out the database …")
            cluster.prepare(data_dir, supervisor.log("postgres"))
            supervisor.start(services.database(data_dir, calls_in_flight=settings.LLM_CALLS_IN_FLIGHT))
            postgres.ensure_database(data_dir)
        if embedded.broker_url(data_dir) == settings.CELERY_BROKER_URL:
            supervisor.start(services.message_broker(data_dir))
        preparation.migrate(self._say)
        preparation.collect_static(data_dir, self._say)
        said = ""
        if demo:
            self._say("Loading the demonstration, unless it is there (about a minute) …")
            command = [sys.executable, str(base / "manage.py"), "load_demonstration"]
            said = supervisor.run_once("load_demonstration", command, env=env, cwd=base)
        supervisor.start(services.web(base, env, host=host, port=port))
        for service in services.background(base, env, data_dir, calls_in_flight=settings.LLM_CALLS_IN_FLIGHT):
            supervisor.start(service)
        return said and f"{said.rstrip()}\n"

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


@contextlib.contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Hold the data directory. The kernel lets go of the lock however this process ends."""
    with (data_dir / "run" / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            pid, _, address = lock.read().strip().partition(" ")
            raise StartProblem(
                f"reviewapp is already running on {data_dir} (process {pid or 'unknown'}, "
                f"{address or 'still starting'}). "
                f"Use that one, stop it (Ctrl-C in its terminal, or `kill {pid or 'its process'}`), or choose another "
                f"directory with DATA_DIR."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _refuse_busy_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except (OSError, OverflowError) as error:
            code = getattr(error, "errno", None)
            why = "is in use by another program" if code == errno.EADDRINUSE else f"can't be used ({error})"
            other = port + 1 if port < 65535 else 8000
            raise StartProblem(
                f"Port {port} of {host} {why}. Nothing was started. Choose another: `make demo PORT={other}`, or "
                f"`manage.py up --port {other}`."
            ) from error
