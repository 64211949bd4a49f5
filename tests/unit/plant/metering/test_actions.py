"""Standing with a plan on a real database: who waits for another's use of it counts that use."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from cli.stack.databases import Databases
from plant.agent_types import store as agent_types
from plant.evidence import actions as evidence
from plant.evidence.model import Subject, Trace, Usage
from plant.hired_agents import store as hired_agents
from plant.metering.actions import count_for_instance, standing
from plant.metering.model import InstanceStanding
from plant.subscriptions import store as subscriptions
from plant.subscriptions.model import SubscriptionId
from shared.contracts.hired_agents import SubscriptionNotice
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


async def test_standing_of_an_unknown_hired_agent_says_so(database: Database) -> None:
    async with database.tenant(CustomerId(uuid4())) as session:
        assert (await standing(session, uuid4())).instance is None


async def test_hired_agents_use_is_counted_beside_the_customers(database: Database) -> None:
    customer_a, customer_b = CustomerId(uuid4()), CustomerId(uuid4())
    hired_instance_id = await hire(database, customer_a)

    async with database.tenant(customer_a) as session:
        before = await standing(session, hired_instance_id)
        for cost in ("0.01", "0.02"):
            await count_for_instance(session, hired_instance_id, cost=Decimal(cost))
        after = await standing(session, hired_instance_id)
    async with database.tenant(customer_b) as session:
        of_another = await standing(session, hired_instance_id)

    assert before.instance == InstanceStanding("trial", 5, Decimal("1.5"), None, None, 0, Decimal(0))
    assert after.instance is not None
    assert (after.instance.tasks_used, after.instance.cost_used) == (2, Decimal("0.03"))
    assert (after.tasks_used, of_another.instance) == (0, None)


async def hire(database: Database, customer_id: CustomerId) -> UUID:
    """Rows of a hired agent, as if announced and drafted."""
    async with database.oversight(actor="service:test") as session:
        definition, name = {"made": "up"}, f"office.made_up_{uuid4().hex[:8]}.v1"
        await agent_types.seed(session, name, definition=definition, content_hash="sha256:0")
    async with database.tenant(customer_id) as session:
        notice = SubscriptionNotice(
            subscription_id=uuid7(),
            customer_id=customer_id,
            agent_type_id=name,
            plan="trial",
            task_limit=5,
            budget_limit=Decimal("1.5"),
            trial_ends_at=None,
            ends_at=None,
            retained_until=None,
            version=1,
        )
        await subscriptions.upsert(session, notice)
        subscription = await subscriptions.find(session, SubscriptionId(notice.subscription_id))
        assert subscription is not None
        instance = await hired_agents.insert(session, hired_agents.New(subscription, 1, {}))
        assert instance is not None
    return instance
