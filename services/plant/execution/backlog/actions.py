"""All unsettled executions together: measured for alarms; after a restore, put in doubt so that none is sent."""

from plant.enforcement.actions import READERS_PATIENCE
from plant.enforcement.allow_list import ALLOWED
from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.execution.backlog import store
from shared.contracts.trading import ExecutionState
from shared.db import Database, OversightSession
from shared.ids import CorrelationId, CustomerId
from shared.jobs import drop_all_jobs
from shared.metrics import EXECUTION_OVERDUE, EXECUTION_STATES, EXECUTIONS_OPEN


async def measure(database: Database) -> None:
    """Set the gauges. Terminal states count until they are verified and closed.

    Every state is shown from the start, so that the first order in it is seen as an increase.
    """
    async with database.oversight(actor="service:gauges") as session:
        backlog = await store.measure(session)
    for state in ExecutionState:
        EXECUTIONS_OPEN.labels(state).set(backlog.open.get(state, 0))
        for provider in ALLOWED:
            EXECUTION_STATES.labels(provider, state)
    EXECUTION_OVERDUE.set(max(0.0, backlog.late_s))


async def put_in_doubt(session: OversightSession, *, because: str) -> int:
    """Look up what may have been sent since the backup, and send none of it; return how many.

    Jobs are the backup's too and are dropped: workers find every execution by its own row.

    Requires: no worker runs; the transaction in which the kill switch is engaged.
    """
    detail = f"{because}: it may have been sent after the backup, so it is looked up and not sent"
    doubted = await store.put_in_doubt(session, signature_life=READERS_PATIENCE, detail=detail)
    for one in doubted:
        subject = Subject(
            CustomerId(one.customer_id),
            CorrelationId(one.correlation_id),
            session.actor,
            one.agent_id,
            one.kind,
            one.action_hash,
        )
        facts = {"execution_id": str(one.execution_id), "was": one.was, "because": because}
        await evidence.record_event(session, subject=subject, kind="execution.in_doubt", facts=facts)
    await store.wake_all(session)
    await drop_all_jobs(session)
    return len(doubted)
