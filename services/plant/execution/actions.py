"""Showing executions, and executing a deliverable that was approved."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from plant.deliverables import actions as deliverables
from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.execution import accounts, jobs, store
from plant.execution.desk import Desk
from plant.execution.inputs import ReleaseCommand
from plant.execution.model import TERMINAL
from plant.execution.release import Released, execute
from shared.contracts.trading import Deliverable, Draft, ExecuteRequest, Execution, ExecutionList
from shared.db import Database, OversightSession
from shared.denials import DenialReason
from shared.errors import not_found, wrong_state
from shared.identity import Identity
from shared.ids import ApprovalId, CorrelationId, CustomerId, DeliverableId, ExecutionId
from shared.paging import Page, cut_page

RunStatus = Literal["executing", "executed", "failed"]


async def execute_deliverable(
    desk: Desk, deliverable_id: DeliverableId, *, request: ExecuteRequest, caller: Identity
) -> Released:
    """Raises: PlatformError 403 (denied), 404, 409 for a deliverable that holds no action."""
    assert caller.customer_id is not None
    async with desk.database.tenant(caller.customer_id) as session:
        deliverable = await deliverables.get(session, deliverable_id)
        draft = deliverable.draft
        if draft is None:
            raise wrong_state(
                "The deliverable holds no action; there is nothing to execute.", reason="no_action"
            )
        action = draft.action
        account = await accounts.find(session, action)
    if account is None:
        raise await evidence.deny(
            desk.database,
            DenialReason.CREDENTIAL_UNAVAILABLE,
            stage="account",
            detail="There is no such account.",
            subject=_subject(deliverable, draft, caller=caller),
        )
    command = ReleaseCommand(
        action=action,
        account=account,
        agent_id=deliverable.agent_id,
        actor=caller.actor,
        approval_id=ApprovalId(request.approval_id) if request.approval_id else None,
        intent=action.kind,
        deliverable_id=deliverable_id,
        submitted=request.model_dump(mode="json"),
    )
    return await execute(desk, command)


async def get(database: Database, customer_id: CustomerId, execution_id: UUID) -> Execution:
    """Raises: PlatformError 404."""
    async with database.tenant(customer_id) as session:
        execution = await store.show(session, execution_id)
    if execution is None:
        raise not_found("execution")
    return execution


async def list_own(database: Database, customer_id: CustomerId, *, page: Page) -> ExecutionList:
    async with database.tenant(customer_id) as session:
        return _cut(await store.list_newest(session, customer_id=customer_id, page=page), page)


async def list_all(session: OversightSession, *, customer_id: CustomerId | None, page: Page) -> ExecutionList:
    return _cut(await store.list_newest(session, customer_id=customer_id, page=page), page)


def _subject(deliverable: Deliverable, draft: Draft, *, caller: Identity) -> Subject:
    return Subject(
        CustomerId(deliverable.customer_id),
        caller.correlation_id,
        caller.actor,
        deliverable.agent_id,
        draft.action.kind,
        draft.action_hash,
    )


def run_status(execution: Execution) -> RunStatus:
    """How a run's answer names the execution's state: executing, executed or failed."""
    if execution.state not in TERMINAL:
        return "executing"
    return "executed" if execution.filled_size > 0 else "failed"


async def revive_overdue(database: Database, *, overdue_by_s: float) -> list[ExecutionId]:
    """Take executions whose next step is late, because their worker died, and leave each a new job."""
    late = timedelta(seconds=overdue_by_s)
    async with database.oversight(actor="service:recovery") as session:
        rows = await store.claim_overdue(session, overdue_by=late, limit=200)
        for row in rows:
            await jobs.defer_advance(
                session,
                customer_id=CustomerId(row["customer_id"]),
                execution_id=ExecutionId(row["execution_id"]),
                correlation_id=CorrelationId(row["correlation_id"]),
            )
    return [ExecutionId(row["execution_id"]) for row in rows]


def _cut(found: list[Execution], page: Page) -> ExecutionList:
    items, cursor = cut_page(found, page, id_of=lambda execution: execution.execution_id)
    return ExecutionList(items=tuple(items), next_cursor=cursor)
