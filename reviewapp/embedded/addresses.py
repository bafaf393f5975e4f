"""Where the embedded servers of a data directory listen: Unix sockets only, never a port.

The place is arithmetic on the path, so every command finds the servers without asking anyone. A socket's path may be
107 bytes long and no more (`sun_path` of unix(7)): a deep checkout gets a short folder under `/tmp` instead.
"""

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import quote

LONGEST_SOCKET_PATH = 107
PLAIN_PATH = re.compile(r"[A-Za-z0-9._/@+-]+")
TEMPORARY = Path("/tmp")  # noqa: S108  fixed, not $TMPDIR: two shells must agree; the folder is 0700 and its owner is checked
DATABASE = ROLE = "reviewapp"
SUPERUSER = "postgres"


def socket_folder(data_dir: Path) -> Path:
    """The folder above both servers' sockets: `run/` of the data directory, or a short one where that is too long.

    A path with a space or a quotation mark is replaced too: broker addresses have no reliable way to write one.
    """
    folder = Path(os.path.abspath(data_dir)) / "run"
    longest = os.fsencode(folder / "postgres" / ".s.PGSQL.5432")
    if len(longest) <= LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(str(folder)):
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return TEMPORARY / f"reviewapp-{os.getuid()}-{digest}"


def postgres_folder(data_dir: Path) -> Path:
    """The folder of PostgreSQL's socket, which as root belongs to PostgreSQL's own user."""
    return socket_folder(data_dir) / "postgres"


def broker_socket(data_dir: Path) -> Path:
    """The broker's socket."""
    return socket_folder(data_dir) / "broker" / "redis.sock"


def database_url(data_dir: Path, *, database: str = DATABASE, user: str = ROLE) -> str:
    """A libpq address of the embedded PostgreSQL. Right whether or not the server is running."""
    return f"postgresql://{quote(user)}@/{quote(database)}?host={quote(str(postgres_folder(data_dir)), safe='/')}"


def broker_url(data_dir: Path) -> str:
    """A kombu address of the embedded broker. Right whether or not it is running."""
    return f"redis+socket://{broker_socket(data_dir)}"
