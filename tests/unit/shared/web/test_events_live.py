"""Who is told of what: one question for all pages of a customer, limits, sessions that end, a server that stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from cli.stack.databases import Databases
from shared.contracts.changes import Changes
from shared.errors import PlatformError, unavailable
from shared.portal import Portal
from shared.sign_in.actions import find_signed_in
from shared.sign_in.model import SessionKind
from shared.web import events_live
from shared.web.events import SIGNED_OUT, Stream
from shared.web.events_live import LiveUpdates
from tests.portals import PASSWORD, RunningPortal, unique_email


@dataclass(slots=True)
class Plant:
    """Answers with the markers that the test sets, or not at all."""

    markers: dict[str, str] = field(default_factory=lambda: {"goals": "1", "usage": "1"})
    is_away: bool = False
    questions: int = 0

    async def ask(self, _portal: Portal) -> Changes:
        self.questions += 1
        if self.is_away:
            raise unavailable("away")
        return Changes(markers=dict(self.markers))

    async def asked_again(self) -> None:
        seen = self.questions
        async with asyncio.timeout(2):
            while self.questions < seen + 2:
                await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_live, "ASK_EVERY_S", 0.01)
    monkeypatch.setattr(events_live, "_LONGEST_PAUSE_S", 0.01)
    monkeypatch.setattr(events_live, "_LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(events_live, "_LOOKS_PER_SESSION_CHECK", 2)


@pytest.fixture
def plant() -> Plant:
    return Plant()


@dataclass(slots=True)
class Desk:
    """Opens streams of people who are signed in, until the test ends."""

    live: LiveUpdates
    portal: Portal
    plant: Plant
    session_id: UUID
    stack: AsyncExitStack

    async def opened(self, *, subject: UUID | None = None, account_id: UUID | None = None) -> Stream:
        stream = Stream(account_id or uuid4(), self.session_id)
        attending = self.live.attend(stream, portal=self.portal, subject=subject, ask=self.plant.ask)
        await self.stack.enter_async_context(attending)
        return stream


@pytest.fixture
def stopping() -> list[bool]:
    """Empty as long as the server is not asked to stop."""
    return []


@pytest_asyncio.fixture
async def desk(cp: RunningPortal, plant: Plant, stopping: list[bool]) -> AsyncIterator[Desk]:
    live = LiveUpdates(is_stopping=lambda: bool(stopping))
    async with AsyncExitStack() as stack:
        yield Desk(live, cp.portal, plant, await _session_of_somebody(cp), stack)


async def next_text(stream: Stream) -> bytes | None:
    return await asyncio.wait_for(stream.next_text(), timeout=2)


async def test_all_pages_of_a_customer_are_told_by_one_question(desk: Desk, plant: Plant) -> None:
    customer = uuid4()
    one, two = await desk.opened(subject=customer), await desk.opened(subject=customer)
    before = plant.questions
    await plant.asked_again()
    asked = plant.questions - before

    plant.markers["goals"] = "2"

    expected = b'event: changed\ndata: {"topics":["goals"]}\n\n'
    assert (await next_text(one), await next_text(two)) == (expected, expected)
    assert asked <= 3


async def test_page_is_told_of_nothing_while_markers_stand(desk: Desk, plant: Plant) -> None:
    stream = await desk.opened()

    await plant.asked_again()
    stream.end()

    assert await next_text(stream) is None


async def test_topic_that_is_new_has_changed(desk: Desk, plant: Plant) -> None:
    stream = await desk.opened()

    plant.markers["audit"] = "1"

    assert await next_text(stream) == b'event: changed\ndata: {"topics":["audit"]}\n\n'


async def test_what_changed_while_plant_was_away_is_told_when_it_is_back(desk: Desk, plant: Plant) -> None:
    plant.is_away = True
    stream = await desk.opened()
    await plant.asked_again()

    plant.is_away = False

    assert await next_text(stream) == b'event: changed\ndata: {"topics":["goals","usage"]}\n\n'


async def test_nobody_asks_for_a_customer_whose_last_page_is_closed(desk: Desk, plant: Plant) -> None:
    await desk.opened()
    await desk.stack.aclose()
    seen = plant.questions

    await asyncio.sleep(0.05)

    assert plant.questions == seen


async def test_one_page_more_than_an_account_may_have_is_429(desk: Desk) -> None:
    account_id = uuid4()
    for _ in range(events_live.MOST_PER_ACCOUNT):
        await desk.opened(account_id=account_id)

    with pytest.raises(PlatformError) as refused:
        await desk.opened(account_id=account_id)

    assert refused.value.status == 429
    await desk.opened(account_id=uuid4())


async def test_one_page_more_than_fit_is_503(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_live, "MOST_STREAMS", 1)
    await desk.opened()

    with pytest.raises(PlatformError) as refused:
        await desk.opened()

    assert refused.value.status == 503


async def test_page_whose_session_ended_is_told_so(desk: Desk) -> None:
    stream = await desk.opened()
    desk.session_id = uuid4()
    signed_out = await desk.opened()

    assert await next_text(signed_out) == SIGNED_OUT
    assert await next_text(signed_out) is None
    stream.end()
    assert await next_text(stream) is None


async def test_page_that_is_opened_while_sessions_are_looked_up_goes_on(
    desk: Desk, cp: RunningPortal, databases: Databases
) -> None:
    """The look-up began before this page was there, so it says nothing of it."""
    await desk.opened()
    desk.session_id = await _session_of_somebody(cp)
    connection = await asyncpg.connect(databases.urls.owner["cp"])
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE")
            await asyncio.sleep(0.1)
            late = await desk.opened()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(late.next_text(), timeout=0.3)
    finally:
        await connection.close()


async def test_streams_end_when_the_server_stops_and_none_is_opened(desk: Desk, stopping: list[bool]) -> None:
    stream = await desk.opened()

    stopping.append(True)

    assert await next_text(stream) is None
    with pytest.raises(PlatformError) as refused:
        await desk.opened()
    assert refused.value.status == 503


async def _session_of_somebody(cp: RunningPortal) -> UUID:
    http = cp.client()
    await http.post("/api/auth/sign-up", json={"email": unique_email(), "password": PASSWORD})
    token = http.cookies["countersign_cp"]
    person = await find_signed_in(cp.portal.sign_in, token=token, kind=SessionKind.COOKIE)
    assert person is not None
    return person.session_id
