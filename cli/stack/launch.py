"""The whole local stack as one context: everything started and ready inside, nothing running afterwards."""

import os
import shutil
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from cli.stack.databases import Databases, close_databases, open_databases
from cli.stack.errors import StackError
from cli.stack.home import Home, locked, make_home
from cli.stack.keys import make_missing_keys
from cli.stack.migrate import migrate
from cli.stack.ports import is_free
from cli.stack.services import (
    Service,
    address,
    seeds,
    services_with_database,
    services_without_database,
)
from cli.stack.settings import Ports, StackSettings
from cli.stack.stack_file import RunningProcess, StackFile, find_stack_file, write_stack_file
from cli.stack.supervisor import (
    Child,
    check_alive,
    start_child,
    stop_children,
    stop_orphans,
    wait_until_done,
    wait_until_ready,
)

READY_PATIENCE_S = 60.0
_NEEDED_DISK_BYTES = 500 * 1024 * 1024
_LISTENERS = ("cp", "pp", "gateway", "plant", "worker", "sandbox")
_STOP_ORDER = (("cp", "pp"), ("gateway",), ("worker", "plant"), ("sandbox",))


@dataclass(frozen=True, slots=True)
class Watch:
    """How a starting stack talks to whoever started it."""

    report: Callable[[str], None] = lambda _line: None
    is_stop_requested: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class RunningStack:
    home: Home
    ports: Ports
    databases: Databases | None = None
    children: dict[str, Child] = field(default_factory=dict[str, Child])


@contextmanager
def running_stack(settings: StackSettings, *, watch: Watch) -> Generator[RunningStack]:
    """Start everything, stop everything. Raises: StackError; StopRequestedError while starting."""
    home = make_home(settings.home)
    with locked(home):
        _stop_orphans(home)
        _check_machine(settings.ports, home=home)
        _keep_previous_logs(home)
        stack = RunningStack(home, settings.ports)
        try:
            _start(stack, settings=settings, watch=watch)
            yield stack
        finally:
            _stop(stack)


def check_children(stack: RunningStack) -> None:
    """Raises: StackError when one has died by itself."""
    check_alive(stack.children.values())


def restart_child(stack: RunningStack, name: str) -> None:
    """Stop one process, start it again with the same settings, wait until it is ready."""
    child = stack.children[name]
    stop_children([child])
    _start_services(stack, [child.service])
    _wait(stack, [name], watch=Watch())
    _write_stack_file(stack, ready=True)


def _start(stack: RunningStack, *, settings: StackSettings, watch: Watch) -> None:
    home, ports = stack.home, stack.ports
    if make_missing_keys(home.keys, trust_file=home.trust_file):
        watch.report("keys made")
    _start_services(stack, services_without_database(ports, home=home))
    databases = stack.databases = open_databases(settings, home=home)
    watch.report(
        "database open" if databases.server is None else f"PostgreSQL on port {databases.server.port}"
    )
    migrate(databases.urls.owner)
    watch.report("databases migrated")
    _start_services(stack, services_with_database(ports, home=home, urls=databases.urls))
    seeding = [
        start_child(seed, log=home.log(seed.name)) for seed in seeds(ports, home=home, urls=databases.urls)
    ]
    try:
        wait_until_done(seeding, patience_s=READY_PATIENCE_S, is_stop_requested=watch.is_stop_requested)
    finally:
        stop_children(seeding)
    _wait(stack, list(stack.children), watch=watch)
    watch.report("services ready")
    _write_stack_file(stack, ready=True)


def _start_services(stack: RunningStack, services: Sequence[Service]) -> None:
    for service in services:
        stack.children[service.name] = start_child(service, log=stack.home.log(service.name))
    _write_stack_file(stack, ready=False)


def _wait(stack: RunningStack, names: Sequence[str], *, watch: Watch) -> None:
    wait_until_ready(
        [stack.children[name] for name in names],
        patience_s=READY_PATIENCE_S,
        is_stop_requested=watch.is_stop_requested,
    )


def _stop(stack: RunningStack) -> None:
    for names in _STOP_ORDER:
        stop_children([stack.children[name] for name in names if name in stack.children])
    if stack.databases is not None:
        close_databases(stack.databases)
    stack.home.stack_file.unlink(missing_ok=True)


def _write_stack_file(stack: RunningStack, *, ready: bool) -> None:
    addresses = {name: address(getattr(stack.ports, name)) for name in _LISTENERS}
    processes = {
        name: RunningProcess(pid=child.process.pid, command=" ".join(child.service.command))
        for name, child in stack.children.items()
    }
    server = stack.databases.server if stack.databases else None
    content = StackFile(
        pid=os.getpid(),
        ready=ready,
        postgres_port=server.port if server else None,
        addresses=addresses,
        processes=processes,
    )
    write_stack_file(stack.home.stack_file, content)


def _stop_orphans(home: Home) -> None:
    left = find_stack_file(home.stack_file)
    if left is not None:
        stop_orphans({process.pid: process.command for process in left.processes.values()})
    home.stack_file.unlink(missing_ok=True)


def _is_free_soon(port: int, *, patience_s: float = 3.0) -> bool:
    """A process that was just stopped holds its port a moment longer than its command line."""
    deadline = time.monotonic() + patience_s
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _check_machine(ports: Ports, *, home: Home) -> None:
    for name in _LISTENERS:
        port = getattr(ports, name)
        if not _is_free_soon(port):
            raise StackError(
                f"port {port} ({name}) is taken: stop what listens there, set "
                f"COUNTERSIGN_{name.upper()}_PORT, or move every port with COUNTERSIGN_PORT_OFFSET=100"
            )
    free = shutil.disk_usage(home.root).free
    if free < _NEEDED_DISK_BYTES:
        raise StackError(
            f"only {free // 2**20} MB free for {home.root}: make room (500 MB), or set COUNTERSIGN_HOME"
        )


def _keep_previous_logs(home: Home) -> None:
    for log in home.logs.glob("*.log"):
        log.replace(log.with_suffix(".log.1"))
