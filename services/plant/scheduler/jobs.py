"""The one job of a goal run: "run it". Safe to run twice; the run's row holds the state."""

from datetime import datetime
from uuid import UUID

from shared.db import Session
from shared.ids import CorrelationId, CustomerId
from shared.jobs import defer_job

QUEUE = "goal_runs"
RUN_GOAL = "run_goal"


async def defer_run(
    session: Session,
    *,
    customer_id: CustomerId,
    run_id: UUID,
    correlation_id: CorrelationId,
    at: datetime | None = None,
) -> None:
    args = {"customer_id": str(customer_id), "run_id": str(run_id), "correlation_id": str(correlation_id)}
    await defer_job(session, queue=QUEUE, task=RUN_GOAL, args=args, at=at)
