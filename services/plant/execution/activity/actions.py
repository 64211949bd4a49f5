"""Counting what an account has done lately, and the clock that it is counted by."""

from datetime import datetime, timedelta

from plant.execution.activity import store
from plant.execution.activity.model import RecentActivity
from shared.approvals.action import Action
from shared.db import Lookup, TenantSession


async def count_activity(
    session: TenantSession, action: Action, *, duplicate_window_s: int | str, snapshot_as_of: datetime | None
) -> RecentActivity:
    """A `duplicate_window_s` that is a text is a limit that is switched off."""
    window_s = 0 if isinstance(duplicate_window_s, str) else duplicate_window_s
    return await store.recent_activity(
        session, action, duplicate_window=timedelta(seconds=window_s), snapshot_as_of=snapshot_as_of
    )


def clock() -> Lookup[datetime]:
    """The database's clock, as of the statement that reads it."""
    return store.clock()
