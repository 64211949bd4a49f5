"""The stack's processes as tests need them: frozen, killed, or one more of a kind than `countersign up` starts."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from signal import SIGCONT, SIGSTOP

from cli.stack.ports import free_ports
from cli.stack.services import Service, address
from cli.stack.supervisor import Child, start_child, wait_until_ready
from tests.stack import Stack

ROOT = Path(__file__).parents[1]
_PATIENCE_S = 30


@contextmanager
def frozen_worker(stack: Stack) -> Generator[None]:
    """The stack's worker does nothing inside, and goes on where it was afterwards."""
    stack.kill("worker", number=SIGSTOP)
    try:
        yield
    finally:
        stack.kill("worker", number=SIGCONT)


@contextmanager
def no_worker(stack: Stack) -> Generator[Callable[[], None]]:
    """The stack's worker is killed; what is yielded starts it again, at the latest when the block ends."""

    def start() -> None:
        if stack.running.children["worker"].is_dead:
            stack.restart("worker")

    stack.kill("worker")
    try:
        yield start
    finally:
        start()


@contextmanager
def another_worker(
    stack: Stack, *, called: str, exchange_url: str | None = None, **environment: str
) -> Generator[Child]:
    """One more worker; by its own `exchange_url` it reaches the exchange on another way."""
    known = stack.running.children["worker"].service
    (port,) = free_ports(1)
    changes = environment | ({"COUNTERSIGN_DELTA_BASE_URL": exchange_url} if exchange_url else {})
    service = on_port(known, port, name=called, **changes)
    with _running(start_child(service, log=stack.running.home.log(called))) as child:
        yield child


def on_port(worker: Service, port: int, *, name: str, **environment: str) -> Service:
    """A worker like this one, which serves its metrics on another port."""
    changed = {**worker.environment, "COUNTERSIGN_WORKER_PORT": str(port), **environment}
    return replace(worker, name=name, environment=changed, health_url=f"{address(port)}/health/ready")


@contextmanager
def lone_exchange(log: Path) -> Generator[str]:
    """An imitated exchange that outlives every stack which is told its address; yields that."""
    (port,) = free_ports(1)
    paths = os.pathsep.join([str(ROOT), str(ROOT / "services")])
    environment = {**os.environ, "COUNTERSIGN_SANDBOX_PORT": str(port), "PYTHONPATH": paths}
    service = Service("sandbox", ("-m", "sandbox"), environment, f"{address(port)}/health/ready")
    with _running(start_child(service, log=log)):
        yield address(port)


@contextmanager
def another_plant(stack: Stack) -> Generator[str]:
    """One more Plant behind one more gateway; yields the gateway's address."""
    (plant_port, gateway_port) = free_ports(2)
    plant_url = address(plant_port)
    with (
        _another_web(stack, "plant", port=plant_port),
        _another_web(stack, "gateway", port=gateway_port, COUNTERSIGN_PLANT_URL=plant_url),
    ):
        yield address(gateway_port)


@contextmanager
def _another_web(stack: Stack, name: str, *, port: int, **environment: str) -> Generator[Child]:
    known = stack.running.children[name].service
    known_port = str(getattr(stack.running.ports, name))
    service = replace(
        known,
        name=f"{name}-2",
        arguments=tuple(str(port) if word == known_port else word for word in known.arguments),
        environment={**known.environment, **environment},
        health_url=f"{address(port)}/health/ready",
    )
    with _running(start_child(service, log=stack.running.home.log(service.name))) as child:
        yield child


@contextmanager
def _running(child: Child) -> Generator[Child]:
    try:
        wait_until_ready([child], patience_s=_PATIENCE_S, is_stop_requested=lambda: False)
        yield child
    finally:
        child.process.kill()
        child.process.wait()
