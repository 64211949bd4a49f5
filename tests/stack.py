"""The whole real stack for tests: every process as `countersign up` starts it, on free ports, in a temporary home.

Addresses: `stack.cp_url`, `stack.pp_url`, `stack.gateway_url`, `stack.plant_url`, `stack.sandbox_url`; metrics only:
`stack.worker_url`.
"""

import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cli.stack.launch import RunningStack, Watch, restart_child, running_stack
from cli.stack.ports import free_ports, is_free
from cli.stack.postgres import running_pid, start_postgres, stop_postgres
from cli.stack.services import address
from cli.stack.settings import StackSettings
from tests.databases import temporary_home

Service = Literal["cp", "pp", "plant"]
DATABASE = "postgres"


@dataclass(frozen=True, slots=True)
class Stack:
    running: RunningStack

    @property
    def cp_url(self) -> str:
        return address(self.running.ports.cp)

    @property
    def pp_url(self) -> str:
        return address(self.running.ports.pp)

    @property
    def gateway_url(self) -> str:
        return address(self.running.ports.gateway)

    @property
    def plant_url(self) -> str:
        return address(self.running.ports.plant)

    @property
    def worker_url(self) -> str:
        """Metrics only."""
        return address(self.running.ports.worker)

    @property
    def sandbox_url(self) -> str:
        return address(self.running.ports.sandbox)

    @property
    def keys(self) -> Path:
        """Where the services' private keys are: `keys / "cp"` and so on."""
        return self.running.home.keys

    @property
    def trust_file(self) -> Path:
        return self.running.home.trust_file

    def database_url(self, service: Service, *, role: Literal["owner", "runtime"] = "runtime") -> str:
        assert self.running.databases is not None
        urls = self.running.databases.urls
        return (urls.owner if role == "owner" else urls.runtime)[service]

    @property
    def admin_database_url(self) -> str:
        """A superuser's URL: sees every row; only for looking at what the services stored."""
        assert self.running.databases is not None
        assert self.running.databases.server is not None
        return self.running.databases.server.admin_url

    def restart(self, name: str) -> None:
        """Start one process again (also after `kill`) and wait until it is ready; `postgres` is one of them."""
        if name == DATABASE:
            self._restart_postgres()
        else:
            restart_child(self.running, name)

    def kill(self, name: str, *, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal and, unless it only pauses or resumes, wait until the process has ended."""
        if name == DATABASE:
            os.kill(self._postgres_pid(), number)
            return
        process = self.running.children[name].process
        process.send_signal(number)
        if number not in (signal.SIGSTOP, signal.SIGCONT):
            process.wait(timeout=20)

    def log_text(self, name: str) -> str:
        return self.running.home.log(name).read_text(errors="replace")

    def _postgres_pid(self) -> int:
        pid = running_pid(self.running.home.postgres_data)
        assert pid is not None, "PostgreSQL is not running"
        return pid

    def _restart_postgres(self) -> None:
        assert self.running.databases is not None
        server = self.running.databases.server
        assert server is not None
        stop_postgres(server.data)
        _wait_until_free(server.port)
        log = self.running.home.log(DATABASE)
        again = start_postgres(server.data, log=log, port=server.port, password=server.password)
        assert again.port == server.port


@contextmanager
def running_test_stack() -> Generator[Stack]:
    with temporary_home() as root, running_stack(stack_settings(root), watch=Watch()) as running:
        yield Stack(running)


def stack_settings(root: Path) -> StackSettings:
    cp, pp, gateway, plant, worker, sandbox, postgres = free_ports(7)
    return StackSettings(
        home=root,
        port_offset=0,
        cp_port=cp,
        pp_port=pp,
        gateway_port=gateway,
        plant_port=plant,
        worker_port=worker,
        sandbox_port=sandbox,
        postgres_port=postgres,
    )


def _wait_until_free(port: int, *, patience_s: float = 10) -> None:
    """A killed server's children hold its port for a moment."""
    deadline = time.monotonic() + patience_s
    while not is_free(port) and time.monotonic() < deadline:
        time.sleep(0.05)
