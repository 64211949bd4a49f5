"""Child processes of the stack: start, wait until ready, notice a death, stop them all."""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cli.stack.errors import StackError
from cli.stack.processes import command_line
from cli.stack.services import Service

STOP_PATIENCE_S = 8.0
_POLL_S = 0.05
_LOG_LINES = 15


class StopRequestedError(Exception):
    """Somebody pressed Ctrl-C, or sent SIGTERM, while the stack was starting."""


@dataclass(slots=True)
class Child:
    service: Service
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def name(self) -> str:
        return self.service.name

    @property
    def is_dead(self) -> bool:
        return self.process.poll() is not None


def start_child(service: Service, *, log: Path) -> Child:
    """Start a process in a group of its own, so that a terminal's Ctrl-C reaches the stack only."""
    log.touch(mode=0o600)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  our own modules
            service.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(service.environment),
            start_new_session=True,
        )
    return Child(service, process, log)


def wait_until_ready(
    children: Iterable[Child], *, patience_s: float, is_stop_requested: Callable[[], bool]
) -> None:
    """Raises: StackError naming who died or did not get ready; StopRequestedError."""
    waiting = list(children)
    deadline = time.monotonic() + patience_s
    while waiting:
        _check_going(waiting, deadline=deadline, is_stop_requested=is_stop_requested)
        waiting = [child for child in waiting if not _is_ready(child)]
        time.sleep(_POLL_S if waiting else 0)


def wait_until_done(
    children: Iterable[Child], *, patience_s: float, is_stop_requested: Callable[[], bool]
) -> None:
    """Wait for processes that end by themselves. Raises: StackError, StopRequestedError."""
    waiting: list[Child] = list(children)
    deadline = time.monotonic() + patience_s
    while waiting:
        failed = next((child for child in waiting if child.process.poll()), None)
        if failed is not None:
            raise StackError(_obituary(failed))
        waiting = [child for child in waiting if not child.is_dead]
        _check_going((), deadline=deadline, is_stop_requested=is_stop_requested)
        time.sleep(_POLL_S if waiting else 0)


def check_alive(children: Iterable[Child]) -> None:
    """Raises: StackError with the last lines of its log, when a child has died by itself."""
    for child in children:
        if child.is_dead:
            raise StackError(_obituary(child))


def stop_children(children: Sequence[Child], *, patience_s: float = STOP_PATIENCE_S) -> None:
    """Stop all at once: SIGTERM, and when patience ends SIGKILL for the whole group."""
    deadline = time.monotonic() + patience_s
    for child in children:
        if not child.is_dead:
            _signal_group(child.process.pid, signal.SIGTERM)
    for child in children:
        try:
            child.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()


def stop_orphans(orphans: Mapping[int, str], *, patience_s: float = STOP_PATIENCE_S) -> None:
    """Stop what a crashed stack left running: those pids that are still the same program.

    Shape: orphans maps a pid to the command line it had.
    """
    deadline = time.monotonic() + patience_s
    _signal_all(orphans, signal.SIGTERM)
    while left := {pid: command for pid, command in orphans.items() if command_line(pid) == command}:
        if time.monotonic() > deadline:
            _signal_all(left, signal.SIGKILL)
        time.sleep(_POLL_S)


def last_lines(log: Path, *, count: int = _LOG_LINES) -> str:
    with suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    return ""


def is_healthy(url: str, *, timeout_s: float = 1.0) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout_s)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _check_going(
    children: Sequence[Child], *, deadline: float, is_stop_requested: Callable[[], bool]
) -> None:
    if is_stop_requested():
        raise StopRequestedError
    check_alive(children)
    if time.monotonic() > deadline:
        slow = ", ".join(child.name for child in children) or "a seed"
        logs = "\n".join(last_lines(child.log) for child in children)
        raise StackError(f"not ready in time: {slow}\n{logs}")


def _is_ready(child: Child) -> bool:
    url = child.service.health_url
    return url is None or is_healthy(url)


def _obituary(child: Child) -> str:
    return (
        f"{child.name} ended by itself (exit code {child.process.returncode}); "
        f"the last lines of {child.log}:\n{last_lines(child.log)}"
    )


def _signal_all(orphans: Mapping[int, str], number: signal.Signals) -> None:
    for pid, command in orphans.items():
        if command_line(pid) == command:
            _signal_group(pid, number)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
