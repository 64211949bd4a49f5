"""A container's health check: well, unwell, and not there."""

import os
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools.healthy import FRESH_S, main


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1), (404, 1)])
def test_service_is_well_when_it_says_that_it_is_ready(status: int, exit_code: int) -> None:
    with server(status) as port:
        assert main(str(port)) == exit_code


def test_service_that_does_not_answer_is_unwell() -> None:
    with server(200) as port:
        pass

    assert main(str(port)) == 1


@pytest.mark.parametrize(("age_s", "exit_code"), [(0, 0), (FRESH_S + 1, 1)])
def test_worker_is_well_while_its_file_is_fresh(tmp_path: Path, age_s: float, exit_code: int) -> None:
    file = tmp_path / "alive"
    file.touch()
    touched = time.time() - age_s
    os.utime(file, (touched, touched))

    assert main(str(file)) == exit_code


def test_worker_without_a_file_is_unwell(tmp_path: Path) -> None:
    assert main(str(tmp_path / "alive")) == 1


@contextmanager
def server(status: int) -> Generator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/ready" else 500)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  given by the base
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    try:
        yield listening.server_address[1]
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
