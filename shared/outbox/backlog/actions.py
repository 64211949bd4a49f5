"""All messages of an outbox together: measured for alarms, and approvals withdrawn after a restore."""

import asyncio

from shared.db import Database, OversightSession
from shared.errors import PlatformError
from shared.logs import get_logger
from shared.metrics import MEASURE_EVERY_S, OUTBOX_MESSAGES, OUTBOX_OLDEST
from shared.outbox.backlog import store
from shared.outbox.model import MessageKind

_ACTOR = "service:gauges"


async def run_measurements(database: Database) -> None:
    """Measure for ever; start it as a task and cancel it to stop. Without a database the last figures stay."""
    while True:
        try:
            await measure(database)
        except PlatformError as error:
            get_logger().warning("outbox.not_measured", reason=error.reason)
        except Exception:  # noqa: BLE001  an outermost loop: logged, and measured again at its next turn
            get_logger().exception("outbox.measuring_crashed")
        await asyncio.sleep(MEASURE_EVERY_S)


async def measure(database: Database) -> None:
    async with database.oversight(actor=_ACTOR) as session:
        backlog = await store.measure(session)
    OUTBOX_MESSAGES.labels("waiting").set(backlog.waiting)
    OUTBOX_MESSAGES.labels("dead").set(backlog.given_up)
    OUTBOX_OLDEST.set(backlog.oldest_s)


async def withdraw_approvals(session: OversightSession, *, because: str) -> None:
    """Deliver no approval that a backup still has waiting."""
    await store.withdraw(session, MessageKind.APPROVAL, reason=because)
