"""Kill switches on a real database: which scopes there are, and that a change waits for whoever decides now."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from cli.stack.databases import Databases
from plant.enforcement.actions import engaged_over, list_kill_switches, set_kill_switch
from shared.contracts.evidence import KillSwitchRequest
from shared.db import Database, open_database
from shared.errors import PlatformError
from shared.identity import ActorType, Identity
from shared.ids import CorrelationId, CustomerId, uuid7
from shared.keys import Issuer
from tests.unit.plant.risk.create import create_action

CUSTOMER = CustomerId(UUID("5b0c6a52-9a5c-4d6e-8f51-0d7f3a2c9e10"))
ACTION = create_action(customer_id=CUSTOMER)
SWITCH = f"customer:{CUSTOMER}"


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.urls.runtime["plant"], name="test") as opened:
        yield opened


def operator() -> Identity:
    return Identity(Issuer.PP, ActorType.OPERATOR, str(uuid4()), None, CorrelationId(uuid7()))


async def turn(database: Database, scope: str, *, engaged: bool) -> None:
    wanted = KillSwitchRequest(engaged=engaged, reason="test")
    await set_kill_switch(database, scope, wanted=wanted, caller=operator())


async def engaged(database: Database) -> tuple[str, ...]:
    async with database.tenant(CUSTOMER) as session:
        return await engaged_over(session, ACTION)


async def test_engaged_switch_is_over_the_customers_actions_until_released(database: Database) -> None:
    assert await engaged(database) == ()

    await turn(database, SWITCH, engaged=True)
    while_engaged = await engaged(database)
    await turn(database, SWITCH, engaged=False)

    assert while_engaged == (SWITCH,)
    assert await engaged(database) == ()
    listed = await list_kill_switches(database, caller=operator())
    assert [switch.engaged for switch in listed if switch.scope == SWITCH] == [False]


async def test_switch_waits_for_a_decision_under_way_so_that_none_is_taken_under_the_old_state_after(
    database: Database,
) -> None:
    async with database.tenant(CUSTOMER) as session:
        assert await engaged_over(session, ACTION) == ()
        turning = asyncio.create_task(turn(database, SWITCH, engaged=True))
        done, _ = await asyncio.wait([turning], timeout=0.3)
        assert not done

    await turning
    assert await engaged(database) == (SWITCH,)
    await turn(database, SWITCH, engaged=False)


@pytest.mark.parametrize(
    "scope",
    [
        "everything",
        "platform:",
        "provider:delta_exchange",
        "provider:",
        "customer:all",
        f"customer:{str(CUSTOMER).upper()}A",
        f"hired_agent:{CUSTOMER} ",
    ],
)
async def test_scope_that_would_stop_nothing_is_refused(database: Database, scope: str) -> None:
    with pytest.raises(PlatformError) as refused:
        await turn(database, scope, engaged=True)

    assert refused.value.status == 422
