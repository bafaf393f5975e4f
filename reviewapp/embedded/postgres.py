"""The embedded PostgreSQL as a running server: its command, whether it answers, and what is made inside it.

`cluster` makes its files; the supervisor owns its process. It listens on a Unix socket and on no port.
"""

import signal
from pathlib import Path

import psycopg
from psycopg import sql

from reviewapp.embedded import addresses, cluster, processes

DURABLE = {"fsync": "on", "synchronous_commit": "on"}
FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def command(data_dir: Path, *, durability: dict[str, str] | None = None, connections: int = 200) -> list[str]:
    """The command that serves this data directory."""
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(addresses.postgres_folder(data_dir)),
        "max_connections": str(connections),
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        # Matching words reads a kilobyte a row; at the usual 0.0025 it is taken for the comparison of two numbers, and
        # the words of a whole review are read where the index would have told.
        "cpu_operator_cost": "0.01",
        # Many short questions at once: helpers of one would take the cores from the others, and start in its time.
        "max_parallel_workers_per_gather": "0",
        "timezone": "UTC",
        **(durability or DURABLE),
    }
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    return [
        str(cluster.binaries() / "postgres"),
        "-D",
        str((data_dir / "postgres").resolve()),
        *settings,
    ]


def stop_stray(data_dir: Path) -> bool:
    """Stop a server that still serves this directory though nobody owns it; answers whether there was one.

    A leftover `postmaster.pid` whose number now belongs to another program is removed: PostgreSQL would not start.
    """
    note = data_dir / "postgres" / "postmaster.pid"
    if not note.exists():
        return False
    first = note.read_text().splitlines()[:1]
    pid = int(first[0]) if first and first[0].strip().isdigit() else 0
    running = processes.command_line(pid) if pid else ""
    if "postgres" in running and str((data_dir / "postgres").resolve()) in running:
        processes.stop(pid, with_signal=signal.SIGINT, grace=30)
        return True
    note.unlink()
    return False


def is_ready(data_dir: Path) -> bool:
    """Whether the server takes connections."""
    try:
        with connect(data_dir):
            return True
    except psycopg.OperationalError:
        return False


def connect(data_dir: Path, database: str = addresses.SUPERUSER) -> psycopg.Connection[tuple[object, ...]]:
    """A connection as PostgreSQL's superuser, in autocommit: for making databases, never for the application."""
    url = addresses.database_url(data_dir, database=database, user=addresses.SUPERUSER)
    return psycopg.connect(url, autocommit=True, connect_timeout=5)


def ensure_database(data_dir: Path, name: str = addresses.DATABASE) -> bool:
    """Make role, database and the vector extension where they are missing; answers whether the database was new.

    The application's role is no superuser: what triggers refuse can't be had by switching them off.
    """
    with connect(data_dir) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [addresses.ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(addresses.ROLE)))
        new = not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if new:
            make = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(make.format(sql.Identifier(name), sql.Identifier(addresses.ROLE)))
    with connect(data_dir, name) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    return new
