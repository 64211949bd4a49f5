"""Watching the executions from outside: who is settled, and how long after a blow somebody went on with each."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from tests.chaos.database import PASSING_TROUBLE, Seen, plant_database, watch
from tests.stack import Stack

_PERIOD_S = 0.2
_FORGET_S = 60.0
_IN_HAND = ("released", "sending", "filled", "cancelled", "rejected", "expired", "absent", "vetoed")


@dataclass(frozen=True, slots=True)
class Abandoned:
    """An execution that may have been in the victim's hands. Units: `since_s` seconds of the epoch."""

    cause: str
    before: Seen
    since_s: float


@dataclass(frozen=True, slots=True)
class Takeover:
    cause: str
    state: str
    seconds: float


@dataclass(slots=True)
class Watch:
    rows: dict[UUID, Seen] = field(default_factory=dict[UUID, Seen])
    takeovers: list[Takeover] = field(default_factory=list[Takeover])
    latest_s: float = 0.0
    _blow: tuple[str, float] | None = None
    _abandoned: list[Abandoned] = field(default_factory=list[Abandoned])

    def struck(self, cause: str, *, now_s: float) -> None:
        """From now on, measure how long it takes until somebody goes on with what the victim had in hand.

        What had been taken from an earlier victim already counts anew: its second holder may be hit too.
        """
        self._abandoned = [left for left in self._abandoned if not self._was_taken_up(left)]
        self._blow = (cause, now_s)

    def recovered(self, cause: str, *, now_s: float) -> None:
        """Nobody could go on for a while: measure everything that is in hand from now on."""
        self._abandoned.clear()
        self._blow = (cause, now_s)

    async def until(
        self, approval_id: UUID, is_so: Callable[[Seen], bool], *, patience_s: float
    ) -> Seen | None:
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            row = self.rows.get(approval_id)
            if row is not None and is_so(row):
                return row
            await asyncio.sleep(_PERIOD_S / 2)
        return None

    def look(self, rows: list[Seen], *, now_s: float) -> None:
        self.rows = {row.approval_id: row for row in rows}
        self.latest_s = now_s
        self._abandoned = [left for left in self._abandoned if not self._is_taken(left, now_s)]
        if self._blow is not None:
            cause, struck_at_s = self._blow
            known = {left.before.approval_id for left in self._abandoned}
            in_hand = (row for row in rows if row.approval_id not in known and _is_in_hand(row, struck_at_s))
            self._abandoned += [Abandoned(cause, row, _since(row, struck_at_s)) for row in in_hand]
            self._blow = None

    def _was_taken_up(self, left: Abandoned) -> bool:
        row = self.rows.get(left.before.approval_id)
        return row is not None and row.wake_at_s != left.before.wake_at_s

    def _is_taken(self, left: Abandoned, now_s: float) -> bool:
        row = self.rows.get(left.before.approval_id)
        if row is not None and row.version == left.before.version and now_s - left.since_s < _FORGET_S:
            return False
        self.takeovers.append(Takeover(left.cause, left.before.state, max(0.0, now_s - left.since_s)))
        return True


@asynccontextmanager
async def watching(stack: Stack) -> AsyncGenerator[Watch]:
    seen = Watch()
    async with asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(_keep_looking(stack, seen))
        yield seen
        looking.cancel()


async def _keep_looking(stack: Stack, seen: Watch) -> None:
    """Look in turns; while the database is away, there is nothing to see."""
    while True:
        try:
            async with plant_database(stack) as connection:
                while True:
                    seen.look(await watch(connection), now_s=time.time())
                    await asyncio.sleep(_PERIOD_S)
        except PASSING_TROUBLE:
            await asyncio.sleep(_PERIOD_S)


def _is_in_hand(row: Seen, struck_at_s: float) -> bool:
    return not row.settled and (row.state in _IN_HAND or row.wake_at_s <= struck_at_s)


def _since(row: Seen, struck_at_s: float) -> float:
    """A sender may be taken over at its deadline at the earliest, and that counts; a planned pause does not."""
    return struck_at_s if row.state == "sending" else max(struck_at_s, row.wake_at_s)
