"""What must be true before the web server may start: tables as this code has them, static files laid out."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from reviewapp.embedded.problems import StartProblem


def migrate(say: Callable[[str], None]) -> None:
    """Bring the database to this code's migrations. Raises StartProblem where it is ahead of them or out of reach."""
    try:
        executor = MigrationExecutor(connection)
        _refuse_newer(executor.loader)
        if waiting := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
            say(f"Preparing the database ({waiting} steps) …")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    except OperationalError as error:
        raise StartProblem(
            f"The database can't be reached: {str(error).strip()}\nSee that the server of DATABASE_URL is running, and "
            f"that the address is right; without DATABASE_URL reviewapp brings its own."
        ) from error
    except DatabaseError as error:
        raise StartProblem(
            f"The database could not be brought up to date: {str(error).strip()}\nThe step that failed was undone as a "
            f"whole; earlier ones and your data stand. Start again, and report it if it stays."
        ) from error
    finally:
        connection.close()


def _refuse_newer(loader: MigrationLoader) -> None:
    known = set(loader.disk_migrations or ()) | {
        old for migration in (loader.disk_migrations or {}).values() for old in migration.replaces
    }
    applied = loader.applied_migrations or {}
    newer = sorted(f"{app}.{name}" for app, name in applied if app in loader.migrated_apps and (app, name) not in known)
    if newer:
        raise StartProblem(
            f"The database was made by a newer reviewapp than this one: it has {newer[0]}, which this code does not "
            f"know ({len(newer)} such steps). Nothing was changed. Update reviewapp, or choose another data directory "
            f"with DATA_DIR (or another DATABASE_URL)."
        )


def collect_static(data_dir: Path, say: Callable[[str], None]) -> None:
    """Lay out static files with hashed names, unless nothing has changed since the last time."""
    stamp = data_dir / "run" / "static.stamp"
    now = _fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    say("Laying out static files …")
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = _kinds()  # 30 s, for nothing on one machine
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    except (ValueError, OSError) as error:
        raise StartProblem(
            f"The static files could not be laid out: {error}. Fetch the code again, and start anew."
        ) from error
    stamp.write_text(now)


def _files() -> Iterator[tuple[str, Path]]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield name, Path(storage.path(name))


def _kinds() -> list[str]:
    return sorted({path.suffix.removeprefix(".").lower() for _, path in _files()} - {""})


def _fingerprint() -> str:
    """A hash of names, sizes and times of every static file: quick, and any edit changes it."""
    digest = hashlib.sha256()
    for name, path in _files():
        about = path.stat()
        digest.update(f"{name}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
