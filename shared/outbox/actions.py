"""Getting messages to Plant: at once after the commit that wrote them, and again until it has answered.

A message is claimed with a lease, sent outside any transaction, and settled; a crash in between means it
is sent again, so everything that Plant takes from here is idempotent.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.correlation import bind_correlation_id
from shared.db import Database, OversightSession, Session
from shared.errors import PlatformError
from shared.ids import CustomerId
from shared.logs import get_logger
from shared.outbox import store
from shared.outbox.model import DEFINITIVE_REFUSALS, MAX_ATTEMPTS, Message, MessageKind, Settled, back_off_s
from shared.plant_client import PlantAnswer, PlantClient, service_caller

INLINE_TIMEOUT_S = 3.0
HEAD_START_S = 4.0  # longer than the one who posts a message tries to send it
SEND_TIMEOUT_S = 8.0
POLL_S = 0.5
_BATCH = 8
_ACTOR = "service:outbox"

OnSettled = Callable[[OversightSession, Settled], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outbox:
    """`on_settled` is what a kind's final answer changes; it runs in the transaction that settles."""

    database: Database
    plant: PlantClient
    on_settled: Mapping[MessageKind, OnSettled]


async def post(
    session: Session,
    *,
    kind: MessageKind,
    subject: UUID,
    customer_id: CustomerId,
    method: str,
    path: str,
    body: Mapping[str, Any],
    is_claimed: bool = False,
) -> Message:
    """Whoever posts a message as claimed sends it with `deliver` after the commit; it must be its subject's first.

    Requires: an open transaction; the message exists if and only if it commits.
    """
    return await store.insert_message(
        session,
        kind=kind,
        subject=subject,
        customer_id=customer_id,
        method=method,
        path=path,
        body=body,
        head_start_s=HEAD_START_S,
        is_claimed=is_claimed,
    )


async def deliver(outbox: Outbox, message: Message, *, timeout_s: float = INLINE_TIMEOUT_S) -> Settled | None:
    """Send one claimed message; None: it could not be settled in time and stays for the background loop."""
    sending = _send(outbox, message, timeout_s=timeout_s)
    return await asyncio.create_task(sending)  # in a context of its own, for its correlation id


async def deliver_now(outbox: Outbox, subject: UUID, *, timeout_s: float = INLINE_TIMEOUT_S) -> list[Settled]:
    """Send what waits about one subject, in order, and return what was settled.

    Whatever cannot be sent in time stays for the background loop.
    """
    deadline = time.monotonic() + timeout_s
    settled: list[Settled] = []
    while (left_s := deadline - time.monotonic()) > 0:
        messages = await _claim(outbox, subject=subject, limit=1)
        if not messages and not await _has_waiting(outbox, subject):
            break
        if not messages:
            await asyncio.sleep(0.05)
            continue
        outcome = await deliver(outbox, messages[0], timeout_s=max(0.2, left_s))
        if outcome is None:
            break
        settled.append(outcome)
    return settled


async def run_deliveries(outbox: Outbox) -> None:
    """Send due messages for ever; start it as a task and cancel it to stop."""
    while True:
        try:
            sent = await _deliver_due(outbox)
        except Exception:  # noqa: BLE001  an outermost loop: logged, and the messages are still there
            get_logger().exception("outbox.round_failed")
            sent = 0
        if sent < _BATCH:
            await asyncio.sleep(POLL_S)


async def _deliver_due(outbox: Outbox) -> int:
    messages = await _claim(outbox, subject=None, limit=_BATCH)
    async with asyncio.TaskGroup() as tasks:
        for message in messages:
            tasks.create_task(_send(outbox, message, timeout_s=SEND_TIMEOUT_S))
    return len(messages)


async def _send(outbox: Outbox, message: Message, *, timeout_s: float) -> Settled | None:
    bind_correlation_id(message.correlation_id)
    try:
        answer = await outbox.plant.call(
            message.method,
            message.path,
            caller=service_caller(outbox.plant.issuer, customer_id=message.customer_id),
            body=json.dumps(message.body).encode(),
            timeout_s=timeout_s,
        )
    except PlatformError as error:
        await _postpone(outbox, message, error=error.reason)
        return None
    if not answer.is_success and answer.status not in DEFINITIVE_REFUSALS:
        await _postpone(outbox, message, error=f"answered with {answer.status}")
        return None
    return await _settle(outbox, message, answer)


async def _settle(outbox: Outbox, message: Message, answer: PlantAnswer) -> Settled:
    settled = Settled(message, answer.is_success, answer.status, answer.json_object())
    async with outbox.database.oversight(actor=_ACTOR) as session:
        if await store.settle_message(session, settled) and message.kind in outbox.on_settled:
            await outbox.on_settled[message.kind](session, settled)
    get_logger().info(
        "outbox.settled",
        kind=message.kind,
        subject=message.subject,
        status=answer.status,
        attempts=message.attempts,
    )
    return settled


async def _postpone(outbox: Outbox, message: Message, *, error: str) -> None:
    is_dead = message.attempts >= MAX_ATTEMPTS
    event = "outbox.given_up" if is_dead else "outbox.postponed"
    get_logger().warning(event, kind=message.kind, subject=message.subject, error=error)
    async with outbox.database.oversight(actor=_ACTOR) as session:
        await store.postpone_message(
            session, message, error=error, wait_s=back_off_s(message.attempts), is_dead=is_dead
        )


async def _claim(outbox: Outbox, *, subject: UUID | None, limit: int) -> list[Message]:
    async with outbox.database.oversight(actor=_ACTOR) as session:
        return await store.claim_messages(session, limit=limit, subject=subject)


async def _has_waiting(outbox: Outbox, subject: UUID) -> bool:
    async with outbox.database.oversight(actor=_ACTOR) as session:
        return await store.has_waiting(session, subject=subject)
