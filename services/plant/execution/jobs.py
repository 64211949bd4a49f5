"""The one job of an execution: "advance it". Safe to run twice; the execution's row holds the state."""

from datetime import datetime

from shared.db import Session
from shared.ids import CorrelationId, CustomerId, ExecutionId
from shared.jobs import defer_job

QUEUE = "executions"
ADVANCE = "advance_execution"


async def defer_advance(
    session: Session,
    *,
    customer_id: CustomerId,
    execution_id: ExecutionId,
    correlation_id: CorrelationId,
    at: datetime | None = None,
) -> None:
    args = {
        "customer_id": str(customer_id),
        "execution_id": str(execution_id),
        "correlation_id": str(correlation_id),
    }
    await defer_job(session, queue=QUEUE, task=ADVANCE, args=args, at=at)
