"""What an account has done lately, counted from the table executions: for the risk gate."""

from datetime import datetime, timedelta

from plant.execution.activity.model import RecentActivity
from plant.risk.model import Counters, InFlightOrder
from shared.approvals.action import Action
from shared.db import Lookup, TenantSession

_NO_EFFECT = "('rejected', 'expired', 'absent', 'vetoed')"
_COUNTED = "SELECT * FROM executions WHERE credential_ref = $1 AND"
_COUNT = f"""
WITH counted AS (
    {_COUNTED} created_at > statement_timestamp() - interval '1 day'
    UNION ALL
    {_COUNTED} NOT settled AND created_at <= statement_timestamp() - interval '1 day'
), midnight AS (
    SELECT date_trunc('day', statement_timestamp() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS utc
)
SELECT
    statement_timestamp() AS now,
    count(*) FILTER (WHERE created_at > statement_timestamp() - interval '1 second') AS orders_last_second,
    count(*) FILTER (WHERE created_at > statement_timestamp() - interval '1 minute') AS orders_last_minute,
    count(*) FILTER (WHERE created_at >= midnight.utc) AS orders_today,
    coalesce(sum(notional) FILTER (WHERE created_at >= midnight.utc AND state NOT IN {_NO_EFFECT}), 0)
        AS notional_today,
    count(*) FILTER (WHERE action_hash = $2 AND state NOT IN {_NO_EFFECT}
        AND created_at > statement_timestamp() - $3::interval) AS same_intent_recent,
    count(*) FILTER (WHERE state = 'unknown' AND symbol = $4 AND side = $5) AS unknown_outcome_same_side,
    coalesce(jsonb_agg(jsonb_build_object(
        'symbol', symbol, 'side', side, 'size', size::text, 'reduce_only', reduce_only
    )) FILTER (WHERE state IN ('released', 'sending', 'unknown')
        OR state NOT IN {_NO_EFFECT} AND updated_at > coalesce($6::timestamptz, '-infinity')), '[]') AS in_flight,
    max(updated_at) FILTER (WHERE state NOT IN {_NO_EFFECT}) AS last_change
FROM counted CROSS JOIN midnight
"""  # noqa: S608  constants


async def recent_activity(
    session: TenantSession, action: Action, *, duplicate_window: timedelta, snapshot_as_of: datetime | None
) -> RecentActivity:
    params = action.order
    row = await session.connection.fetchrow(
        _COUNT,
        action.credential_ref,
        action.action_hash(),
        duplicate_window,
        params.product_symbol,
        params.side,
        snapshot_as_of,
    )
    assert row is not None
    counters = Counters(
        orders_last_second=row["orders_last_second"],
        orders_last_minute=row["orders_last_minute"],
        orders_today=row["orders_today"],
        notional_today=row["notional_today"],
        same_intent_recent=row["same_intent_recent"],
        unknown_outcome_same_side=row["unknown_outcome_same_side"],
        in_flight=tuple(InFlightOrder.model_validate(entry) for entry in row["in_flight"]),
    )
    return RecentActivity(row["now"], counters, row["last_change"])


def clock() -> Lookup[datetime]:
    """The database's clock, as of the statement that reads it."""
    return Lookup("SELECT statement_timestamp()", (), lambda now: now)
