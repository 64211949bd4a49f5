"""The processes that a run kills, freezes and starts again: several Plants, several workers, and PostgreSQL."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from signal import SIGCONT, SIGKILL, SIGSTOP

from cli.stack.ports import free_ports
from cli.stack.services import Service, address
from cli.stack.supervisor import Child, last_lines, start_child, wait_until_ready
from tests.chaos.line import Switchboard, open_line
from tests.processes import on_port
from tests.stack import DATABASE, Stack

_PATIENCE_S = 40.0
_READY = "worker.ready"


@dataclass(frozen=True, slots=True)
class Fleet:
    """`switchboard` reaches every line: gateway to Plants, and each worker to the exchange and to the vault."""

    stack: Stack
    switchboard: Switchboard
    children: dict[str, Child] = field(default_factory=dict[str, Child])

    @property
    def plants(self) -> list[str]:
        return [name for name in self.children if name.startswith("plant")]

    @property
    def workers(self) -> list[str]:
        return [name for name in self.children if name.startswith("worker")]

    def kill(self, name: str) -> None:
        process = self.children[name].process
        process.send_signal(SIGKILL)
        process.wait()

    def freeze(self, name: str) -> None:
        self.children[name].process.send_signal(SIGSTOP)

    def thaw(self, name: str) -> None:
        self.children[name].process.send_signal(SIGCONT)

    async def start(self, service: Service) -> None:
        """Start it, or start it again, and wait until it takes work."""
        log = self.stack.running.home.log(service.name)
        seen = log.stat().st_size if log.exists() else 0
        child = self.children[service.name] = start_child(service, log=log)
        await asyncio.to_thread(
            wait_until_ready, [child], patience_s=_PATIENCE_S, is_stop_requested=lambda: False
        )
        if service.name.startswith("worker"):
            await _until_logged(child, after=seen)

    async def restart(self, name: str) -> None:
        await self.start(replace(self.children[name].service, name=name))

    async def restart_database(self) -> None:
        await asyncio.to_thread(self.stack.restart, DATABASE)

    def kill_database(self) -> None:
        self.stack.kill(DATABASE)


@asynccontextmanager
async def running_fleet(stack: Stack, *, plants: int, workers: int) -> AsyncGenerator[Fleet]:
    """Put lines between the stack's processes, more Plants beside its own, and workers in the place of its own."""
    fleet = Fleet(stack, Switchboard())
    async with AsyncExitStack() as lines:
        try:
            await _start(fleet, lines, plants=plants, workers=workers)
            yield fleet
        finally:
            for child in fleet.children.values():
                child.process.kill()
                child.process.wait()


async def _start(fleet: Fleet, lines: AsyncExitStack, *, plants: int, workers: int) -> None:
    stack = fleet.stack
    for name in ("worker", "gateway"):
        stack.kill(name)
    first = fleet.children["plant-1"] = stack.running.children["plant"]
    ports = free_ports(plants - 1)
    services = [
        _plant(first.service, f"plant-{number}", port, stack) for number, port in enumerate(ports, start=2)
    ]
    names = ["plant-1", *(service.name for service in services)]
    ends = [*zip(names, [stack.running.ports.plant, *ports], strict=True)]
    to_plants = await lines.enter_async_context(open_line(fleet.switchboard, ends))
    gateway = stack.running.children["gateway"]
    environment = {**gateway.service.environment, "COUNTERSIGN_PLANT_URL": to_plants}
    services += [await _worker(fleet, lines, f"worker-{number}") for number in range(1, workers + 1)]
    gateway.service = replace(gateway.service, environment=environment)
    await asyncio.gather(
        asyncio.to_thread(stack.restart, "gateway"), *(fleet.start(service) for service in services)
    )


def _plant(known: Service, name: str, port: int, stack: Stack) -> Service:
    known_port = str(stack.running.ports.plant)
    arguments = tuple(str(port) if word == known_port else word for word in known.arguments)
    return replace(known, name=name, arguments=arguments, health_url=f"{address(port)}/health/ready")


async def _worker(fleet: Fleet, lines: AsyncExitStack, name: str) -> Service:
    """Each worker has lines of its own, so that what is caught on them tells which worker it is."""
    stack, known = fleet.stack, fleet.stack.running.children["worker"].service
    to_exchange, to_vault = [
        await lines.enter_async_context(open_line(fleet.switchboard, [(name, port)]))
        for port in (stack.running.ports.sandbox, stack.running.ports.cp)
    ]
    (port,) = free_ports(1)
    changes = {"COUNTERSIGN_DELTA_BASE_URL": f"{to_exchange}/delta", "COUNTERSIGN_CP_URL": to_vault}
    return on_port(known, port, name=name, **changes)


async def _until_logged(child: Child, *, after: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while _READY not in child.log.read_bytes()[after:].decode(errors="replace"):
        assert not child.is_dead, f"{child.name} ended by itself:\n{last_lines(child.log)}"
        assert time.monotonic() < deadline, f"{child.name} did not get ready"
        await asyncio.sleep(0.05)


def names_in_turn(names: Sequence[str], number: int) -> str:
    return names[number % len(names)]
