"""What a run left behind, at the exchange and in Plant's database, read once everything has come to rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.chaos.client import Client
from tests.chaos.database import Rows, read_all
from tests.chaos.scene import Placed
from tests.exchange import Exchange
from tests.stack import Stack

TABLES = (
    "approvals",
    "executions",
    "execution_events",
    "deliverables",
    "fills",
    "usage_events",
    "decision_traces",
    "trace_outcomes",
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Shape: `tables` maps a table of Plant to its rows; `positions` and `venue_fills` map a credential ref."""

    placed: tuple[Placed, ...]
    orders: Rows
    positions: Mapping[str, int]
    tables: Mapping[str, Rows]
    broken_chains: tuple[str, ...]


async def gather_evidence(
    stack: Stack, exchange: Exchange, clients: list[Client], placed: list[Placed]
) -> Evidence:
    orders: list[Mapping[str, Any]] = []
    positions: dict[str, int] = {}
    broken: list[str] = []
    for client in clients:
        account = client.trader.account
        orders += await exchange.orders(account)
        positions[str(account.credential_ref)] = await exchange.position(account)
        if not await client.is_audit_whole():
            broken.append(str(client.trader.customer.customer_id))
    return Evidence(tuple(placed), orders, positions, await read_all(stack, *TABLES), tuple(broken))
