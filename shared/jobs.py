"""Durable jobs: deferred inside our own transaction, so a rollback leaves none behind.

The domain tables hold the state; a job only says "advance this", and is safe to run twice.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from shared.db import Session

_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[
    ROW($1, $2, $3, NULL, NULL, $4::text::jsonb, $5)::procrastinate_job_to_defer_v1
])
"""


async def defer_job(
    session: Session,
    *,
    queue: str,
    task: str,
    args: Mapping[str, str],
    at: datetime | None = None,
    priority: int = 0,
) -> None:
    """Requires: an open transaction; the job exists if and only if it commits."""
    await session.connection.execute(_DEFER, queue, task, priority, json.dumps(dict(args)), at)


async def drop_all_jobs(session: Session) -> None:
    """Forget every job, and who worked on them. Requires: no worker runs; the domain's rows leave new jobs."""
    for table in ("procrastinate_jobs", "procrastinate_workers"):
        await session.connection.execute(f"DELETE FROM {table}")  # noqa: S608  constants
