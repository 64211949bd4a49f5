"""The sandbox as a process of its own, for clients that make their own connections."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 15
STOP_TIMEOUT_S = 5


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    environment = {**os.environ, "COUNTERSIGN_SANDBOX_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "sandbox"], env=environment, cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(STOP_TIMEOUT_S)


@pytest.fixture
def platforms(running_sandbox: str) -> str:
    httpx.post(f"{running_sandbox}/_control/reset").raise_for_status()
    return running_sandbox


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the sandbox ended before it was ready"
        try:
            if httpx.get(f"{url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"the sandbox was not ready within {START_TIMEOUT_S} s")
