"""`countersign up` as a user runs it: started, stopped, started twice, killed, and with trouble of every kind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.stack.home import Home
from cli.stack.ports import LOOPBACK, free_ports, is_free
from cli.stack.postgres import running_pid
from cli.stack.processes import command_line
from shared.demo import CUSTOMER_EMAILS, PASSWORD
from tests.databases import temporary_home
from tests.stack import Stack

ROOT = Path(__file__).parents[2]
PORT_NAMES = ("CP", "PP", "GATEWAY", "PLANT", "WORKER", "SANDBOX", "POSTGRES")
READY = "Countersign is running"
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """A home folder and seven ports for one stack."""

    home: Home
    ports: dict[str, int]
    welcome: bool = False

    @property
    def environment(self) -> dict[str, str]:
        ports = {f"COUNTERSIGN_{name}_PORT": str(port) for name, port in self.ports.items()}
        paths = os.pathsep.join([str(ROOT), str(ROOT / "services")])
        own = {"COUNTERSIGN_HOME": str(self.home.root), "COUNTERSIGN_WELCOME": "1" if self.welcome else "0"}
        return {**os.environ, **ports, **own, "PYTHONPATH": paths}

    def processes(self) -> dict[str, dict[str, Any]]:
        return json.loads(self.home.stack_file.read_text())["processes"]

    def still_running(self, processes: dict[str, dict[str, Any]]) -> list[str]:
        left = [
            name for name, process in processes.items() if command_line(process["pid"]) == process["command"]
        ]
        return left + (["postgres"] if running_pid(self.home.postgres_data) else [])


@pytest.fixture
def place() -> Iterator[Place]:
    with temporary_home() as root:
        yield Place(Home(root), dict(zip(PORT_NAMES, free_ports(7), strict=True)))


def test_a_killed_stack_is_cleared_away_by_the_next_which_ctrl_c_stops_cleanly(place: Place) -> None:
    with up(place) as killed:
        orphans = place.processes()
        refused = countersign(place, "up")
        killed.kill()
        killed.wait()
    assert set(orphans) == {"sandbox", "gateway", "plant", "worker", "cp", "pp"}
    assert len(place.still_running(orphans)) == 7

    with up(place) as running:
        orphans_left = [name for name, process in orphans.items() if command_line(process["pid"])]
        processes = place.processes()
        told = countersign(place, "demo")
        running.send_signal(signal.SIGINT)
        exit_code = running.wait(timeout=PATIENCE_S)

    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "already running" in refused.stderr
    assert orphans_left == []
    assert told.returncode == 0, told.stdout + told.stderr
    assert exit_code == 0
    assert place.still_running(processes) == []
    assert not place.home.stack_file.exists()
    assert all(is_free(port) for port in place.ports.values())


def test_a_newcomer_finds_an_agent_with_a_draft_and_the_demo_plays_beside_it(place: Place) -> None:
    welcoming = replace(place, welcome=True)
    with up_and_told(welcoming) as (first, told):
        drafts = drafts_waiting(welcoming)
        demo = countersign(welcoming, "demo")
        first.terminate()
        first.wait(timeout=PATIENCE_S)
    with up(welcoming):
        drafts_again = drafts_waiting(welcoming)

    assert f"http://localhost:{place.ports['CP']}" in told
    assert "customer-a@example.test has a trading agent" in told
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert [draft["kind"] for draft in drafts] == ["trade_order"]
    assert [draft["deliverable_id"] for draft in drafts_again] == [drafts[0]["deliverable_id"]]


def test_a_service_that_dies_ends_the_stack_with_its_last_words(place: Place) -> None:
    with up(place) as running:
        processes = place.processes()
        os.kill(processes["plant"]["pid"], signal.SIGKILL)
        assert running.wait(timeout=PATIENCE_S) == 1
        assert running.stderr is not None
        told = running.stderr.read()

    assert "plant ended by itself (exit code -9)" in told
    assert f"the last lines of {place.home.log('plant')}" in told
    assert place.still_running(processes) == []


def test_a_taken_port_is_one_line_that_names_the_setting(place: Place) -> None:
    with socket.create_server((LOOPBACK, place.ports["CP"])):
        found = countersign(place, "up")

    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert f"port {place.ports['CP']} (cp) is taken" in found.stderr
    assert "COUNTERSIGN_CP_PORT" in found.stderr


def test_a_stop_while_starting_leaves_nothing_running(place: Place) -> None:
    process = start(place, "up")
    wait_for(place.home.stack_file.exists)
    processes = place.processes()

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=PATIENCE_S) == 0
    assert place.still_running(processes) == []
    assert all(is_free(port) for port in place.ports.values())


def test_demo_without_a_stack_says_how_to_start_one(place: Place) -> None:
    found = countersign(place, "demo")

    assert found.returncode == 1
    assert "make run" in found.stderr
    assert found.stderr.count("\n") == 1


def test_doctor_finds_a_running_stack_well_and_a_dead_service_not(stack: Stack) -> None:
    place = Place(stack.running.home, {})

    well = countersign(place, "doctor")
    stack.kill("pp")
    unwell = countersign(place, "doctor")
    stack.restart("pp")

    assert well.returncode == 0, well.stdout
    assert unwell.returncode == 1
    assert "not ready: pp" in unwell.stdout


def test_a_new_key_encryption_key_keeps_what_the_vault_holds(stack: Stack) -> None:
    place = Place(stack.running.home, {})
    before = countersign(place, "demo")

    rewrapped = countersign(place, "keys", "rewrap", "cp")
    after = countersign(place, "demo")

    assert (before.returncode, rewrapped.returncode, after.returncode) == (0, 0, 0), after.stdout
    assert "key-encryption key 2 is active" in rewrapped.stdout
    assert "0 credentials" not in rewrapped.stdout


def countersign(place: Place, *arguments: str) -> subprocess.CompletedProcess[str]:
    process = start(place, *arguments)
    told, complaints = process.communicate(timeout=PATIENCE_S)
    return subprocess.CompletedProcess(arguments, process.returncode, told, complaints)


def start(place: Place, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", *arguments],
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def up(place: Place) -> Generator[subprocess.Popen[str]]:
    with up_and_told(place) as (process, _told):
        yield process


@contextmanager
def up_and_told(place: Place) -> Generator[tuple[subprocess.Popen[str], str]]:
    """The running command, and what it said until it was ready."""
    process = start(place, "up")
    try:
        assert process.stdout is not None
        told: list[str] = []
        for line in process.stdout:
            told.append(line)
            if "Stop it" in line:
                break
        assert any(READY in line for line in told), "".join(told) + _complaints(process)
        yield process, "".join(told)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def drafts_waiting(place: Place) -> list[dict[str, Any]]:
    """What the first demo customer's hired agents have drafted and nobody has decided yet."""
    credentials = {"email": CUSTOMER_EMAILS[0], "password": PASSWORD.get_secret_value()}
    with httpx.Client(base_url=f"http://{LOOPBACK}:{place.ports['CP']}") as http:
        token = http.post("/api/auth/token", json=credentials).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        found = http.get("/api/v1/deliverables", params={"state": "pending_review"}).json()["items"]
    return [draft for draft in found if draft["hired_instance_id"]]


def _complaints(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    return process.stderr.read()


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)
