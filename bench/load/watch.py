"""Watching the services meanwhile: memory, open files, database connections."""

import asyncio
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from plant.settings import PlantSettings
from shared.portal import MAX_CONNECTIONS
from tests.stack import Stack

_EVERY_S = 5.0
_PAGE = 4096
SERVICES = ("gateway", "plant", "worker", "cp", "pp")
_UNSETTLED = "SELECT count(*) FROM executions WHERE NOT settled"
_COUNT = (
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, slots=True)
class Sample:
    """Units: `at` in seconds of the monotonic clock, `rss` in MiB by service."""

    at: float
    rss: dict[str, float]
    files: dict[str, int]
    connections: int


@dataclass(slots=True)
class Watcher:
    stack: Stack
    samples: list[Sample] = field(default_factory=list[Sample])

    async def run(self) -> None:
        """Sample until cancelled."""
        admin = await asyncpg.connect(self.stack.admin_database_url)
        try:
            while True:
                connections = await admin.fetchval(_COUNT)
                self.samples.append(Sample(time.monotonic(), self._rss(), self._files(), connections))
                await asyncio.sleep(_EVERY_S)
        finally:
            await admin.close()

    @property
    def most_connections(self) -> int:
        """What the pools allow: two portals, Plant, the worker's own and the queue's, and the migrations' none."""
        plant = PlantSettings.model_fields
        pool, jobs = plant["plant_max_connections"].default, plant["worker_concurrency"].default
        return 2 * MAX_CONNECTIONS + 2 * pool + jobs + 4

    async def until_settled(self, *, patience_s: float) -> int:
        """Wait for every execution to reach its end; return how many have not."""
        admin = await asyncpg.connect(at_database(self.stack.admin_database_url, "plant"))
        try:
            for _ in range(int(patience_s)):
                if not await admin.fetchval(_UNSETTLED):
                    break
                await asyncio.sleep(1)
            return await admin.fetchval(_UNSETTLED)
        finally:
            await admin.close()

    def drift(self, service: str, *, between: tuple[float, float]) -> tuple[float, float, float]:
        """MiB in the first fifth of the time, MiB in the last fifth, and the change as a share."""
        values = [sample.rss[service] for sample in self.samples if between[0] <= sample.at <= between[1]]
        fifth = max(1, len(values) // 5)
        before, after = statistics.median(values[:fifth]), statistics.median(values[-fifth:])
        return before, after, after / before - 1

    def _pids(self) -> dict[str, int]:
        return {name: self.stack.running.children[name].process.pid for name in SERVICES}

    def _rss(self) -> dict[str, float]:
        return {name: _rss_mib(pid) for name, pid in self._pids().items()}

    def _files(self) -> dict[str, int]:
        return {name: len(list(Path(f"/proc/{pid}/fd").iterdir())) for name, pid in self._pids().items()}


def _rss_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 2**20


def at_database(admin_url: str, name: str) -> str:
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{name}"))
