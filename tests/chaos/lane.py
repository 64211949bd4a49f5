"""A customer of a chaos run: approves and executes one order after the other, each with what befalls it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.chaos.client import Client, GaveUpError, Verdict
from tests.chaos.database import PASSING_TROUBLE, Seen, repeat_job
from tests.chaos.plan import PlannedOrder
from tests.chaos.points import STRIKES, Scene, Strike
from tests.chaos.scene import Chaos, Placed
from tests.chaos.trouble import Fault, Play, Point, Trouble, title
from tests.trades import Approved, Trader

SETTLING_PATIENCE_S = 90.0
_STRIKE_PATIENCE_S = 15.0
_OWNER_PATIENCE_S = 15.0
_HEADROOM_ORDERS, _HEADROOM_LOTS, _HEADROOM = 6, 1_400, 5
_DUPLICATE_WINDOW_S = 8.0


@dataclass(frozen=True, slots=True)
class Lane:
    chaos: Chaos
    trader: Trader
    client: Client

    async def work(self, orders: list[PlannedOrder]) -> None:
        for order in orders:
            try:
                await self._place(order)
            except GaveUpError as error:
                self.chaos.problems.append(f"order {order.number} ({title(order.trouble)}): {error}")
            self.chaos.done += 1

    async def _place(self, order: PlannedOrder) -> None:
        if order.trouble is Play.LAST_HEADROOM:
            await self._play_last_headroom(order)
            return
        approved = await self.client.approved(self.client.wish(order))
        placed = await self._play(order, approved)
        self.chaos.placed.append(placed)
        if placed.verdict.execution_id is not None:
            await self._settled(approved)

    async def _play(self, order: PlannedOrder, approved: Approved) -> Placed:
        match order.trouble:
            case None:
                return await self._execute(order, approved)
            case Fault() as fault:
                return await self._play_fault(order, approved, fault)
            case Point() as point:
                lock = self.chaos.plant_down if point.value.startswith("release") else self.chaos.worker_down
                async with lock:
                    return await self._strike(order, approved, STRIKES[point], restart=True)
            case Play.DATABASE_DIES:
                async with self.chaos.worker_down, self.chaos.plant_down:
                    return await self._strike(order, approved, self._kill_database, restart=False)
            case _:
                return await self._plays()[order.trouble](order, approved)

    def _plays(self) -> dict[Trouble, Any]:
        return {
            Play.CLIENT_REPEATS: self._play_client_repeats,
            Play.OTHER_BODY: self._play_other_body,
            Play.JOB_TWICE: self._play_job_twice,
            Play.OWNER_CANCELS_PART: self._play_owner_cancels,
            Play.CANCEL_RACES_FILL: self._play_owner_cancels,
            Play.KILL_SWITCH: self._play_kill_switch,
            Play.SAME_TRADE_AGAIN: self._play_same_trade_again,
        }

    async def _execute(self, order: PlannedOrder, approved: Approved) -> Placed:
        verdict = await self.client.execute(approved)
        return _placed(order, approved, verdict)

    async def _play_fault(self, order: PlannedOrder, approved: Approved, fault: Fault) -> Placed:
        path = "/v2/orders" if fault.method == "POST" else "/v2/"
        await self.trader.exchange.plant(
            fault.name, self.trader.account, method=fault.method, path=path, times=fault.times, **fault.params
        )
        self.chaos.met[fault.title] += 1
        return await self._execute(order, approved)

    async def _strike(
        self, order: PlannedOrder, approved: Approved, strike: Strike, *, restart: bool
    ) -> Placed:
        """Execute the order, and kill a process when it is at the point; start that process again."""
        name = title(order.trouble)
        killed: list[str] = []
        executing: list[asyncio.Task[Verdict]] = []

        def start() -> None:
            executing.append(asyncio.create_task(self.client.execute(approved)))

        def kill(process: str) -> None:
            self.chaos.kill(process, cause=name)
            killed.append(process)

        scene = Scene(self.chaos.fleet, self.trader, approved, order.late, start, kill)
        try:
            async with asyncio.timeout(_STRIKE_PATIENCE_S):
                await strike(scene)
        except PASSING_TROUBLE:
            self.chaos.missed[name] += 0 if killed else 1
        for process in killed:
            await self.chaos.fleet.restart(process)
        if killed or not restart:
            self.chaos.met[name] += 1
        if not executing:
            start()
        return _placed(order, approved, await executing[0])

    async def _kill_database(self, scene: Scene) -> None:
        """The exchange has taken the order; the database is gone before that can be written down."""
        async with scene.caught(scene.is_order, "answer") as answer:
            scene.fleet.kill_database()
            answer.let_go()
            await asyncio.sleep(0.5)
            await scene.fleet.restart_database()
            self.chaos.watch.recovered("PostgreSQL was away", now_s=time.time())

    async def _play_client_repeats(self, order: PlannedOrder, approved: Approved) -> Placed:
        verdicts = await asyncio.gather(*(self.client.execute(approved) for _ in range(8)))
        self.chaos.met[title(order.trouble)] += 1
        return _placed(order, approved, *verdicts)

    async def _play_other_body(self, order: PlannedOrder, approved: Approved) -> Placed:
        other = {**approved.intent, "units": "0.009"}
        answers = [await self.client.run(other)]
        placed = await self._execute(order, approved)
        answers.append(await self.client.run(other))
        reasons = [answer.json().get("reason") for answer in answers]
        if reasons != ["approval_action_mismatch"] * 2:
            self.chaos.problems.append(f"order {order.number}: another body under its approval got {reasons}")
        self.chaos.met[title(order.trouble)] += 1
        return placed

    async def _play_job_twice(self, order: PlannedOrder, approved: Approved) -> Placed:
        placed = await self._execute(order, approved)
        try:
            await repeat_job(self.chaos.fleet.stack, approved.approval.approval_id, times=5)
            self.chaos.met[title(order.trouble)] += 1
        except PASSING_TROUBLE:
            self.chaos.missed[title(order.trouble)] += 1
        return placed

    async def _play_owner_cancels(self, order: PlannedOrder, approved: Approved) -> Placed:
        """The owner cancels in the exchange's own app: after a part is filled, or just when all would be."""
        is_part = order.trouble is Play.OWNER_CANCELS_PART
        params: dict[str, Any] = {"size": 4} if is_part else {"delay_s": 0.8}
        fault = "partial_fill" if is_part else "late_fill"
        await self.trader.exchange.plant(fault, self.trader.account, **params)
        placed = await self._execute(order, approved)
        await self._seen(approved, lambda row: row.state in ("open", "partially_filled"), _OWNER_PATIENCE_S)
        await asyncio.sleep(0 if is_part else 0.5)
        owner = self.trader.exchange.as_owner(self.trader.account)
        for live in await self.trader.exchange.orders(self.trader.account):
            if live["state"] == "open":
                await owner.call(
                    "DELETE", "/v2/orders", body={"id": live["id"], "product_id": live["product_id"]}
                )
                self.chaos.met[title(order.trouble)] += 1
        return placed

    async def _play_kill_switch(self, order: PlannedOrder, approved: Approved) -> Placed:
        """Engage the customer's kill switch when the worker has the key for the order in hand."""

        async def strike(scene: Scene) -> None:
            async with scene.caught(scene.is_key_for_order, "answer"):
                await self._switch(engaged=True)

        placed = await self._strike(order, approved, strike, restart=False)
        await self._settled(approved)
        await self._switch(engaged=False)
        return placed

    async def _switch(self, *, engaged: bool) -> None:
        path = f"/api/pp/kill-switches/customer:{self.trader.customer.customer_id}"
        body = {"engaged": engaged, "reason": "chaos"}
        while (await self.chaos.operator.http.put(path, json=body)).status_code != 200:
            await asyncio.sleep(0.3)

    async def _play_same_trade_again(self, order: PlannedOrder, approved: Approved) -> Placed:
        """An agent in a loop asks for the same trade with other words; the size is written differently."""
        placed = await self._execute(order, approved)
        loop = asyncio.get_running_loop()
        released_at_s = loop.time()
        wish = {**approved.body, "units": f"{approved.body['units']}00"}
        again = await self.client.approved(wish)
        repeated = await self.client.execute(again)
        self.chaos.placed.append(_placed(order, again, repeated))
        if "DUPLICATE_INTENT" in repeated.risk_codes:
            self.chaos.met[title(order.trouble)] += 1
        elif loop.time() - released_at_s < _DUPLICATE_WINDOW_S:
            self.chaos.problems.append(f"order {order.number}: the same trade again got {repeated}")
        return placed

    async def _play_last_headroom(self, order: PlannedOrder) -> None:
        """Six approved orders at once on a fresh account whose position limit leaves room for five."""
        wishes = [
            self.trader.wish(units=f"{(_HEADROOM_LOTS + number) / 1000:.3f}")
            for number in range(_HEADROOM_ORDERS)
        ]
        approvals = [await self.client.approved(wish) for wish in wishes]
        verdicts = await asyncio.gather(*(self.client.execute(approved) for approved in approvals))
        self.chaos.placed += [
            _placed(order, approved, verdict) for approved, verdict in zip(approvals, verdicts, strict=True)
        ]
        released = [pair[0] for pair in zip(approvals, verdicts, strict=True) if pair[1].execution_id]
        for approved in released:
            await self._settled(approved)
        if len(released) > _HEADROOM:
            self.chaos.problems.append(
                f"order {order.number}: {len(released)} passed, headroom was for {_HEADROOM}"
            )
        self.chaos.met[title(order.trouble)] += 1

    async def _settled(self, approved: Approved) -> None:
        await self._seen(approved, lambda row: row.settled, SETTLING_PATIENCE_S)

    async def _seen(self, approved: Approved, is_so: Callable[[Seen], bool], patience_s: float) -> None:
        await self.chaos.watch.until(
            approved.approval.approval_id, lambda row: row.settled or is_so(row), patience_s=patience_s
        )


def _placed(order: PlannedOrder, approved: Approved, *verdicts: Verdict) -> Placed:
    told: frozenset[UUID] = frozenset(v.execution_id for v in verdicts if v.execution_id is not None)
    released = [verdict for verdict in verdicts if verdict.execution_id is not None]
    return Placed(order, approved.approval.approval_id, (released or list(verdicts))[0], told)
