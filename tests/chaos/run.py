"""A chaos run from its plan to its result: start everything, let it happen, heal, wait for rest, compare."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from tests.actors import demo_operator
from tests.chaos.blows import strike_by_schedule
from tests.chaos.client import Client
from tests.chaos.evidence import Evidence, gather_evidence
from tests.chaos.fleet import Fleet, running_fleet
from tests.chaos.lane import Lane
from tests.chaos.plan import Plan
from tests.chaos.scene import Chaos
from tests.chaos.verdict import Finding, Kind, judge
from tests.chaos.watch import Takeover, watching
from tests.exchange import open_exchange
from tests.stack import Stack
from tests.trades import Trader, new_trader

_REST_PATIENCE_S = 90.0
_BALANCE = "10000000"
_ROOM = 1_000_000_000

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """Units: `played_s`, `healed_s` seconds of chaos, and from healing everything until all was settled."""

    plan: Plan
    evidence: Evidence
    findings: tuple[Finding, ...]
    problems: tuple[str, ...]
    met: dict[str, int]
    missed: dict[str, int]
    retries: dict[str, int]
    takeovers: tuple[Takeover, ...]
    played_s: float
    healed_s: float

    def count(self, kind: Kind) -> int:
        return sum(finding.kind is kind for finding in self.findings)

    @property
    def longest_takeover_s(self) -> float:
        return max((takeover.seconds for takeover in self.takeovers), default=0.0)

    @property
    def unmet_points(self) -> list[str]:
        return [point.value for point in self.plan.size.points if not self.met.get(point.value)]

    @property
    def is_green(self) -> bool:
        return not (self.findings or self.problems or self.unmet_points) and self.is_takeover_in_time

    @property
    def is_takeover_in_time(self) -> bool:
        return self.longest_takeover_s <= self.plan.size.takeover_limit_s


async def run_chaos(stack: Stack, plan: Plan, *, tell: Tell = lambda _line: None) -> Result:
    async with running_fleet(stack, plants=plan.size.plants, workers=plan.size.workers) as fleet:
        tell("stack and fleet ready")
        async with (
            watching(stack) as watch,
            demo_operator(stack) as operator,
            _traders(fleet, plan) as traders,
        ):
            chaos = Chaos(plan, fleet, watch, operator)
            clients = [Client(trader) for trader in traders]
            tell(f"{len(clients)} customers connected")
            started_s = time.monotonic()
            await _play(chaos, clients, tell)
            played_s = time.monotonic() - started_s
            await _until_rest(chaos)
            healed_s = time.monotonic() - started_s - played_s
            evidence = await gather_evidence(stack, traders[0].exchange, clients, chaos.placed)
    return _result(chaos, clients, evidence, played_s=played_s, healed_s=healed_s)


async def _play(chaos: Chaos, clients: list[Client], tell: Tell) -> None:
    lanes = [Lane(chaos, client.trader, client) for client in clients]
    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(_keep_telling(chaos, tell))
        blows = tasks.create_task(strike_by_schedule(chaos))
        async with asyncio.TaskGroup() as working:
            for number, lane in enumerate(lanes):
                orders = [order for order in chaos.plan.orders if order.lane == number]
                working.create_task(lane.work(orders))
        await blows
        telling.cancel()


async def _keep_telling(chaos: Chaos, tell: Tell) -> None:
    while True:
        await asyncio.sleep(10)
        tell(f"{chaos.done} of {len(chaos.plan.orders)} orders done, {sum(chaos.met.values())} troubles met")


async def _until_rest(chaos: Chaos) -> None:
    """Wait until every execution is settled; whatever is not by then counts as stuck."""
    deadline = time.monotonic() + _REST_PATIENCE_S
    looked_s = time.time()
    while time.monotonic() < deadline:
        rows = chaos.watch.rows.values()
        if chaos.watch.latest_s > looked_s and all(row.settled for row in rows):
            return
        await asyncio.sleep(0.2)


@asynccontextmanager
async def _traders(fleet: Fleet, plan: Plan) -> AsyncGenerator[list[Trader]]:
    """A customer with an account for each lane; the exchange's rates are not what is tried here."""
    async with AsyncExitStack() as opened:
        exchange = await opened.enter_async_context(open_exchange(fleet.stack))
        room = {"venue": "delta", "units": _ROOM, "matching_operations_per_s": _ROOM}
        (await exchange.http.put("/_control/rate_limit", json=room)).raise_for_status()
        yield [
            await opened.enter_async_context(new_trader(fleet.stack, balance=_BALANCE))
            for _ in range(plan.lanes)
        ]


def _result(
    chaos: Chaos, clients: list[Client], evidence: Evidence, *, played_s: float, healed_s: float
) -> Result:
    retries: dict[str, int] = {}
    for client in clients:
        for what, count in client.retries.items():
            retries[what] = retries.get(what, 0) + count
    return Result(
        plan=chaos.plan,
        evidence=evidence,
        findings=tuple(judge(evidence)),
        problems=tuple(chaos.problems),
        met=dict(chaos.met),
        missed=dict(chaos.missed),
        retries=retries,
        takeovers=tuple(chaos.watch.takeovers),
        played_s=played_s,
        healed_s=healed_s,
    )
