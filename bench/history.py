"""Past executions with what they leave behind, made in bulk: to see how a release fares when there are many."""

from bench.made_ids import LANE_SIZE, Kind, made_id
from bench.world import PROVIDER, SYMBOL, World
from plant.exchange_accounts.model import Account

_HISTORY_LANE = 990
_STATEMENTS = (
    """
    INSERT INTO approvals (approval_id, customer_id, issuer, kid, action_hash, approver, statement,
        issued_at, expires_at, execute_by, consumed_at)
    SELECT bench_id($4, n), $3, 'cp', 'cp', bench_hash(n), '{}', 'past', at, at, at, at FROM past
    """,
    """
    INSERT INTO executions (execution_id, customer_id, approval_id, deliverable_id, credential_ref, agent_id,
        correlation_id, action, action_hash, kind, provider, symbol, side, size, reduce_only, notional,
        client_order_id, broker_order_ids, state, filled_size, verified, settled, execute_by,
        created_at, updated_at, wake_at)
    SELECT bench_id($4, n), $3, bench_id($4, n), $5, $6, 'past', bench_id($4, n), '{}', bench_hash(n), 'place_order',
        $7, $8, 'buy', 1, false, 65, 'past-' || n, '{1}', 'filled', 1, true, true, at, at, at, at FROM past
    """,
    """
    INSERT INTO execution_events (customer_id, execution_id, at, state, detail)
    SELECT $3, bench_id($4, n), at, state, 'past' FROM past, unnest(ARRAY['released', 'filled']) AS state
    """,
    """
    INSERT INTO decision_traces (trace_id, correlation_id, customer_id, verdict, at, inputs, decision, explanation)
    SELECT bench_id($4, n), bench_id($4, n), $3, 'allow', at, '{}', '{}', 'past' FROM past
    """,
    """
    INSERT INTO usage_events (event_id, correlation_id, customer_id, kind, quantity, cost, at, details)
    SELECT bench_id($4, n), bench_id($4, n), $3, 'execution', 1, 0.01, at, '{}' FROM past
    """,
    """
    INSERT INTO audit_log (customer_id, seq, at, kind, body, body_hash, prev_hash, hash)
    SELECT $3, n, at, 'execution.released', '{}', '', '', '' FROM past
    """,
)
_PAST = """
WITH past AS (
    SELECT n, now() - interval '2 days' - n * interval '30 seconds' AS at
    FROM generate_series($1::bigint, $2::bigint) AS n
)
"""


async def add_history(world: World, account: Account, *, start: int, end: int) -> None:
    """Give the account settled executions numbered from `start` up to, not including, `end`."""
    first = _HISTORY_LANE * LANE_SIZE
    values = {
        "1": first + start,
        "2": first + end - 1,
        "3": account.customer_id,
        "4": Kind.PAST,
        "5": made_id(Kind.PAST, first),
        "6": account.credential_ref,
        "7": PROVIDER,
        "8": SYMBOL,
    }
    async with world.admin.transaction():
        await world.admin.execute("SET LOCAL session_replication_role = replica")
        for statement in _STATEMENTS:
            used = max(int(n) for n in values if f"${n}" in statement)
            await world.admin.execute(_PAST + statement, *[values[str(n)] for n in range(1, used + 1)])
    await world.admin.execute("VACUUM ANALYZE")
