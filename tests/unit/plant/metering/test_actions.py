"""Standing with a plan on a real database: who waits for another's use of it counts that use."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from cli.stack.databases import Databases
from plant.evidence import actions as evidence
from plant.evidence.model import Subject, Trace, Usage
from plant.metering.actions import standing
from shared.db import Database, open_database
from shared.ids import CorrelationId, CustomerId, uuid7


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.urls.runtime["plant"], name="test") as opened:
        yield opened


async def tasks_used(database: Database, customer_id: CustomerId) -> int:
    async with database.tenant(customer_id) as session:
        return (await standing(session)).tasks_used


async def test_who_waited_for_the_plan_counts_what_was_used_meanwhile(database: Database) -> None:
    customer_a = CustomerId(uuid4())
    assert await tasks_used(database, customer_a) == 0

    async with database.tenant(customer_a) as session:
        cost = (await standing(session)).task_cost
        waiting = asyncio.create_task(tasks_used(database, customer_a))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        trace = Trace(uuid7(), "allow", None, "{}", "{}", "allow")
        subject = Subject(customer_a, CorrelationId(uuid7()), "customer:a")
        usage = Usage("draft", 1, cost)
        await evidence.record_allow(session, trace, subject=subject, usage=usage, kind="deliverable.drafted")

    assert not done
    assert await waiting == 1
