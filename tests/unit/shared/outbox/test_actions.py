"""Messages reach Plant once it answers: retried, in order per subject, settled by a definite answer."""

import asyncio
import contextlib
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from shared.ids import CustomerId
from shared.outbox.actions import HEAD_START_S, deliver_now, post, run_deliveries
from shared.outbox.model import MessageKind, back_off_s
from tests.portals import RunningPortal


async def enqueue(cp: RunningPortal, subject: UUID, *paths: str, is_claimed: bool = False) -> None:
    customer_id = CustomerId(uuid4())
    for path in paths:
        async with cp.portal.database.tenant(customer_id) as session:
            await post(
                session,
                kind=MessageKind.EXCHANGE_ACCOUNT,
                subject=subject,
                customer_id=customer_id,
                method="POST",
                path=path,
                body={"n": path},
                is_claimed=is_claimed,
            )


async def test_message_of_a_rolled_back_transaction_is_never_sent(cp: RunningPortal) -> None:
    subject, customer_id = uuid4(), CustomerId(uuid4())
    with contextlib.suppress(LookupError):
        async with cp.portal.database.tenant(customer_id) as session:
            await post(
                session,
                kind=MessageKind.EXCHANGE_ACCOUNT,
                subject=subject,
                customer_id=customer_id,
                method="POST",
                path="/never",
                body={},
            )
            raise LookupError

    settled = await deliver_now(cp.portal.outbox, subject)

    assert (settled, cp.plant.calls) == ([], [])


async def test_messages_of_a_subject_go_out_in_order(cp: RunningPortal) -> None:
    subject = uuid4()
    await enqueue(cp, subject, "/a", "/b", "/c")

    settled = await deliver_now(cp.portal.outbox, subject)

    assert [outcome.is_delivered for outcome in settled] == [True, True, True]
    assert cp.plant.paths() == ["POST /a", "POST /b", "POST /c"]


async def test_failed_message_holds_back_the_later_ones(cp: RunningPortal) -> None:
    subject = uuid4()
    await enqueue(cp, subject, "/a", "/b")
    cp.plant.scripted["POST", "/a"] = lambda _request: httpx.Response(500)

    settled = await deliver_now(cp.portal.outbox, subject)

    assert (settled, cp.plant.paths()) == ([], ["POST /a"])


@pytest.mark.parametrize("status", [400, 403, 409, 410, 413, 422])
async def test_definite_refusal_settles_and_lets_the_next_one_go(cp: RunningPortal, status: int) -> None:
    subject = uuid4()
    await enqueue(cp, subject, "/a", "/b")
    cp.plant.refuse("POST", "/a", status=status, reason="no")

    settled = await deliver_now(cp.portal.outbox, subject)

    assert [outcome.status for outcome in settled] == [status, 200]
    assert await deliver_now(cp.portal.outbox, subject) == []


@pytest.mark.parametrize("status", [401, 404, 429, 500, 502, 503])
async def test_indefinite_answer_is_tried_again(cp: RunningPortal, status: int) -> None:
    subject = uuid4()
    await enqueue(cp, subject, "/a")
    cp.plant.scripted["POST", "/a"] = lambda _request: httpx.Response(status)
    assert await deliver_now(cp.portal.outbox, subject) == []
    cp.plant.scripted.clear()

    settled = await deliver_now(cp.portal.outbox, subject)

    assert [outcome.is_delivered for outcome in settled] == [True]
    assert settled[0].message.attempts == 2


async def test_many_deliverers_send_a_message_once(cp: RunningPortal) -> None:
    subject = uuid4()
    await enqueue(cp, subject, "/a", "/b", "/c", "/d")

    await asyncio.gather(*(deliver_now(cp.portal.outbox, subject) for _ in range(8)))

    assert cp.plant.paths() == ["POST /a", "POST /b", "POST /c", "POST /d"]


async def test_background_loop_delivers_what_was_left(cp: RunningPortal) -> None:
    subject = uuid4()
    await enqueue(cp, subject, "/left")
    cp.plant.is_down = True
    await deliver_now(cp.portal.outbox, subject)
    cp.plant.is_down = False

    loop = asyncio.create_task(run_deliveries(cp.portal.outbox))
    try:
        async with asyncio.timeout(8):
            while "POST /left" not in cp.plant.paths():
                await asyncio.sleep(0.05)
    finally:
        loop.cancel()

    assert cp.plant.paths().count("POST /left") == 1


async def test_message_whose_poster_died_is_left_alone_at_first_and_then_delivered(cp: RunningPortal) -> None:
    subject = uuid4()
    await enqueue(cp, subject, "/orphan", is_claimed=True)

    at_first = await deliver_now(cp.portal.outbox, subject, timeout_s=0.3)
    loop = asyncio.create_task(run_deliveries(cp.portal.outbox))
    try:
        async with asyncio.timeout(HEAD_START_S + 3):
            while "POST /orphan" not in cp.plant.paths():
                await asyncio.sleep(0.05)
    finally:
        loop.cancel()

    assert at_first == []
    assert cp.plant.paths().count("POST /orphan") == 1


async def test_tenant_cannot_see_messages_of_another(cp: RunningPortal) -> None:
    await enqueue(cp, uuid4(), "/a")

    async with cp.portal.database.tenant(CustomerId(uuid4())) as session:
        count = await session.connection.fetchval("SELECT count(*) FROM outbox")

    assert count == 0


async def test_tenant_cannot_write_messages_for_another(cp: RunningPortal) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with cp.portal.database.tenant(CustomerId(uuid4())) as session:
            await post(
                session,
                kind=MessageKind.EXCHANGE_ACCOUNT,
                subject=uuid4(),
                customer_id=CustomerId(uuid4()),
                method="POST",
                path="/a",
                body={},
            )


@pytest.mark.parametrize(("attempts", "wait_s"), [(1, 0.5), (2, 1), (6, 16), (7, 30), (5_000, 30)])
def test_back_off_doubles_up_to_half_a_minute(attempts: int, wait_s: float) -> None:
    assert back_off_s(attempts) == wait_s
