"""The folders of a data directory, made with the rights that each needs."""

import os
import stat
from pathlib import Path

from reviewapp.embedded import addresses
from reviewapp.embedded.problems import StartProblem

OWNER_ONLY = 0o700
PASSABLE = 0o711  # as root: PostgreSQL's own user must pass through to what is its


def make(data_dir: Path) -> None:
    """Make the data directory and its folders. Raises StartProblem where it can't be written."""
    passable = PASSABLE if os.geteuid() == 0 else OWNER_ONLY
    sockets = addresses.socket_folder(data_dir)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        for folder, mode in (
            (data_dir, passable),
            (data_dir / "run", passable),
            (data_dir / "logs", OWNER_ONLY),
        ):
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
        sockets.mkdir(exist_ok=True, mode=passable)
        _refuse_foreign(sockets)
        sockets.chmod(passable)
        for server in (
            addresses.postgres_folder(data_dir),
            addresses.broker_socket(data_dir).parent,
        ):
            server.mkdir(exist_ok=True, mode=OWNER_ONLY)
        probe = data_dir / "run" / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StartProblem(
            f"The data directory {data_dir} can't be written ({error.strerror}). Nothing was changed. Make it writable "
            f"for this user, or choose another with the environment variable DATA_DIR."
        ) from error


def _refuse_foreign(folder: Path) -> None:
    """A folder under /tmp could have been laid there by someone else, to listen in our place."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise StartProblem(f"{folder} belongs to another user. Remove it, or move reviewapp to a shorter path.")


def open_way(path: Path) -> None:
    """As root: let others pass (not list, not read) the folders above `path`, so that PostgreSQL's user gets in."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
