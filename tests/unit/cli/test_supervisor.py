import os
import time
from pathlib import Path

import pytest

from cli.stack.errors import StackError
from cli.stack.ports import LOOPBACK, free_ports
from cli.stack.processes import command_line
from cli.stack.services import Service
from cli.stack.supervisor import (
    Child,
    StopRequestedError,
    check_alive,
    start_child,
    stop_children,
    stop_orphans,
    wait_until_done,
    wait_until_ready,
)

SLEEPS = "import time; time.sleep(60)"
IGNORES_SIGTERM = (
    f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEPS}"
)


def start(code: str, folder: Path, *, health_url: str | None = None) -> Child:
    service = Service("child", ("-c", code), dict(os.environ), health_url)
    return start_child(service, log=folder / "child.log")


def wait(child: Child, *, patience_s: float = 10, is_stopping: bool = False) -> None:
    wait_until_ready([child], patience_s=patience_s, is_stop_requested=lambda: is_stopping)


def test_a_child_that_answers_its_health_check_is_ready(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    server = f"h.HTTPServer(('{LOOPBACK}', {port}), h.SimpleHTTPRequestHandler)"
    child = start(
        f"import http.server as h; {server}.serve_forever()",
        tmp_path,
        health_url=f"http://{LOOPBACK}:{port}/",
    )

    wait(child)

    assert not child.is_dead
    stop_children([child])
    assert child.is_dead


def test_a_child_that_dies_is_told_with_its_exit_code_and_last_lines(tmp_path: Path) -> None:
    child = start("print('what went wrong'); raise SystemExit(3)", tmp_path)
    child.process.wait()

    with pytest.raises(StackError, match=r"child ended by itself \(exit code 3\)[\s\S]*what went wrong"):
        check_alive([child])


def test_a_child_that_never_gets_ready_is_named(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    child = start(SLEEPS, tmp_path, health_url=f"http://{LOOPBACK}:{port}/")

    with pytest.raises(StackError, match="not ready in time: child"):
        wait(child, patience_s=0.2)

    stop_children([child])


def test_a_stop_while_starting_ends_the_waiting(tmp_path: Path) -> None:
    child = start(SLEEPS, tmp_path)

    with pytest.raises(StopRequestedError):
        wait(child, is_stopping=True)

    stop_children([child])


def test_a_failed_job_is_told_and_a_finished_one_is_not(tmp_path: Path) -> None:
    fine = start("pass", tmp_path)
    wait_until_done([fine], patience_s=10, is_stop_requested=lambda: False)

    failing = start("raise SystemExit('no room')", tmp_path)
    with pytest.raises(StackError, match="no room"):
        wait_until_done([failing], patience_s=10, is_stop_requested=lambda: False)


def test_a_child_that_does_not_listen_is_killed_when_patience_ends(tmp_path: Path) -> None:
    child = start(IGNORES_SIGTERM, tmp_path)
    wait_for_line(child, "deaf")

    stop_children([child], patience_s=0.3)

    assert child.process.returncode == -9


def test_an_orphan_is_stopped_only_if_it_is_still_the_same_program(tmp_path: Path) -> None:
    child = start(SLEEPS, tmp_path)
    pid, command = child.process.pid, " ".join(child.service.command)
    wait_for_command(child, command)

    stop_orphans({pid: "another program"})
    survived = not child.is_dead
    stop_orphans({pid: command})

    assert survived
    assert child.process.wait(timeout=5) == -15


def wait_for_line(child: Child, line: str) -> None:
    while line not in child.log.read_text():
        time.sleep(0.01)


def wait_for_command(child: Child, command: str) -> None:
    """A process that was just started has no command line yet."""
    while command_line(child.process.pid) != command:
        time.sleep(0.01)
