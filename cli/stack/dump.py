"""pg_dump and pg_restore of one database, as its owner; the password goes by the environment, never by an argument.

A dump leaves out which revision the database is at. So a database that was restored and is not made safe
yet has none, and no service starts on it (shared/start.py).
"""

import os
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cli.stack.errors import StackError
from cli.stack.postgres import binaries
from cli.stack.settings import StackSettings

_REVISION_TABLE = "public.alembic_version"
_DUMP_OPTIONS = ("--format=custom", "--enable-row-security", f"--exclude-table-data={_REVISION_TABLE}")
_RESTORE_OPTIONS = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
# Row security is forced on the owner too: as an overseer it sees all rows, without one it would dump none.
_SEES_ALL_ROWS = "-c app.actor=service:backup"
_LEAVING_S = 1.0  # a session that has just been closed is listed for a moment
_INHERITED = ("HOME", "PATH", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY")


def client_programs(settings: StackSettings) -> Path:
    """The folder of pg_dump and pg_restore. Raises: StackError when they are not there."""
    folder = settings.postgres_bin or binaries()
    for program in ("pg_dump", "pg_restore"):
        if not (folder / program).exists():
            raise StackError(
                f"no {program} in {folder}: set COUNTERSIGN_POSTGRES_BIN to the folder of your server's"
            )
    return folder


def dump(url: str, *, file: Path, programs: Path) -> None:
    """Write one consistent copy; whoever works with the database is not held up. Raises: StackError."""
    _run(programs / "pg_dump", *_DUMP_OPTIONS, f"--file={file}", url=url)


def restore(url: str, *, file: Path, programs: Path) -> None:
    """Put the copy in the place of what is there, all of it or nothing. Raises: StackError."""
    _run(programs / "pg_restore", *_RESTORE_OPTIONS, str(file), url=url)


def roles_at_work(url: str) -> list[str]:
    """Who else stays connected to the database. Raises: StackError when it does not answer."""
    deadline = time.monotonic() + _LEAVING_S
    try:
        with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
            while (found := _others(connection)) and time.monotonic() < deadline:
                time.sleep(0.05)
    except psycopg.Error as error:
        raise StackError(f"the database does not answer: {' '.join(str(error).split())}") from error
    return found


def _others(connection: psycopg.Connection) -> list[str]:
    """The server's own processes have no user; what others do is hidden from us, who they are is not."""
    rows = connection.execute(
        "SELECT DISTINCT usename::text FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL ORDER BY 1"
    )
    return [str(row[0]) for row in rows]


def _run(program: Path, *arguments: str, url: str) -> None:
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", None) or "")
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    secret = {"PGPASSWORD": password} if password else {}
    finished = subprocess.run(  # noqa: S603  PostgreSQL's own programs, no shell
        (str(program), "--no-password", f"--dbname={make_conninfo('', **parts)}", *arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**kept, **secret, "PGOPTIONS": _SEES_ALL_ROWS, "LC_ALL": "C.UTF-8"},
        umask=0o077,
        check=False,
    )
    if finished.returncode:
        reason = next((line for line in finished.stderr.splitlines() if "error:" in line), "no reason given")
        raise StackError(f"{program.name} of database {parts.get('dbname')!r}: {reason.strip()}")
