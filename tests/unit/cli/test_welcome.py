"""The welcome never keeps the stack from running: whatever is wrong is one line."""

import socket
import time
from dataclasses import replace

import pytest

from cli.stack import welcome as module
from cli.stack.ports import LOOPBACK, free_ports
from cli.stack.settings import StackSettings
from cli.stack.welcome import welcome


def test_portal_that_cannot_be_reached_is_one_line() -> None:
    (nobody,) = free_ports(1)
    told: list[str] = []

    welcome(replace(StackSettings().ports, cp=nobody), report=told.append)

    assert len(told) == 1
    assert told[0].startswith("no draft waits for customer-a@example.test: ")


def test_portal_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    told: list[str] = []
    with socket.create_server((LOOPBACK, 0)) as silent:
        began = time.monotonic()
        welcome(replace(StackSettings().ports, cp=silent.getsockname()[1]), report=told.append)
        took_s = time.monotonic() - began

    assert len(told) == 1
    assert took_s < 2
