"""Comparing what customers were told, what Plant stored and what the exchange has: nothing twice, nothing lost."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from plant.execution.model import TERMINAL, may_become
from shared.contracts.trading import ExecutionState
from tests.chaos.evidence import Evidence

_WITHOUT_ORDER = ("absent", "vetoed", "expired", "rejected")
_CLOSED = ("executed", "failed")

Row = Mapping[str, Any]


class Kind(StrEnum):
    DUPLICATE = "duplicate"
    LOST = "lost"
    STUCK = "stuck"
    ORPHAN = "orphan"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    what: str


def judge(evidence: Evidence) -> list[Finding]:
    """Every deviation; none when each approval in use is one execution and at most one order, all the same."""
    return [finding for rule in _RULES for finding in rule(evidence)]


def _orders_once(evidence: Evidence) -> Iterator[Finding]:
    for client_order_id, count in Counter(order["client_order_id"] for order in evidence.orders).items():
        if count > 1:
            yield Finding(Kind.DUPLICATE, f"{count} orders under {client_order_id}")


def _approvals_once(evidence: Evidence) -> Iterator[Finding]:
    executions = Counter(row["approval_id"] for row in evidence.tables["executions"])
    consumed = {row["approval_id"] for row in evidence.tables["approvals"] if row["consumed_at"]}
    for approval_id, count in executions.items():
        if count > 1:
            yield Finding(Kind.DUPLICATE, f"approval {approval_id} has {count} executions")
        if approval_id not in consumed:
            yield Finding(Kind.ORPHAN, f"approval {approval_id} has an execution and is not used")
    for approval_id in consumed - set(executions):
        yield Finding(Kind.LOST, f"approval {approval_id} is used and has no execution")


def _customers_were_told_the_truth(evidence: Evidence) -> Iterator[Finding]:
    stored = {row["approval_id"]: row["execution_id"] for row in evidence.tables["executions"]}
    for placed in evidence.placed:
        approval_id = placed.approval_id
        execution_id = stored.get(approval_id)
        if len(placed.told) > 1:
            yield Finding(Kind.DUPLICATE, f"approval {approval_id}: told of {len(placed.told)} executions")
        if placed.told and execution_id not in placed.told:
            yield Finding(Kind.LOST, f"approval {approval_id}: told of an execution that is not stored")
        if placed.verdict.execution_id is None and execution_id is not None:
            yield Finding(
                Kind.ORPHAN, f"approval {approval_id}: denied ({placed.verdict.reason}), and executed"
            )


def _everything_is_settled(evidence: Evidence) -> Iterator[Finding]:
    deliverables = {row["deliverable_id"]: row["state"] for row in evidence.tables["deliverables"]}
    for row in evidence.tables["executions"]:
        state = deliverables[row["deliverable_id"]]
        if not row["settled"] or ExecutionState(row["state"]) not in TERMINAL:
            yield Finding(
                Kind.STUCK, f"execution {row['execution_id']} is {row['state']}, settled {row['settled']}"
            )
        elif state not in _CLOSED:
            yield Finding(Kind.STUCK, f"deliverable {row['deliverable_id']} is {state}")
        elif (state == "executed") is not (row["filled_size"] > 0):
            yield Finding(
                Kind.EVIDENCE, f"deliverable {row['deliverable_id']} is {state}, {row['filled_size']} filled"
            )


def _orders_and_executions_match(evidence: Evidence) -> Iterator[Finding]:
    executions = {row["client_order_id"]: row for row in evidence.tables["executions"]}
    orders = {order["client_order_id"]: order for order in evidence.orders}
    for client_order_id in orders.keys() - executions.keys():
        yield Finding(Kind.ORPHAN, f"order {orders[client_order_id]['id']} belongs to no execution")
    for client_order_id, execution in executions.items():
        yield from _compare(execution, orders.get(client_order_id))


def _compare(execution: Row, order: Row | None) -> Iterator[Finding]:
    name, state = f"execution {execution['execution_id']}", execution["state"]
    if order is None:
        if state not in _WITHOUT_ORDER:
            yield Finding(Kind.LOST, f"{name} is {state}, and the exchange has no order of it")
        return
    if state in _WITHOUT_ORDER:
        yield Finding(Kind.ORPHAN, f"{name} is {state}, and the exchange has order {order['id']} of it")
        return
    filled = Decimal(order["size"]) - Decimal(order["unfilled_size"])
    if execution["filled_size"] != filled or not execution["verified"]:
        found = f"{execution['filled_size']} filled, verified {execution['verified']}"
        yield Finding(Kind.LOST, f"{name}: {found}; the exchange filled {filled}")


def _fills_and_positions_match(evidence: Evidence) -> Iterator[Finding]:
    fills: dict[Any, Decimal] = defaultdict(Decimal)
    positions: dict[str, Decimal] = defaultdict(Decimal)
    for fill in evidence.tables["fills"]:
        fills[fill["execution_id"]] += fill["size"]
    for row in evidence.tables["executions"]:
        positions[str(row["credential_ref"])] += row["filled_size"] * (1 if row["side"] == "buy" else -1)
        if fills[row["execution_id"]] != row["filled_size"]:
            yield Finding(
                Kind.LOST, f"execution {row['execution_id']}: fills add up to {fills[row['execution_id']]}"
            )
    for account, position in evidence.positions.items():
        if positions[account] != position:
            yield Finding(
                Kind.ORPHAN, f"account {account}: position {position}, executions {positions[account]}"
            )


def _evidence_is_whole(evidence: Evidence) -> Iterator[Finding]:
    for customer_id in evidence.broken_chains:
        yield Finding(Kind.EVIDENCE, f"the audit chain of customer {customer_id} is broken")
    allowed = Counter(row["execution_id"] for row in evidence.tables["decision_traces"])
    outcomes = Counter(row["execution_id"] for row in evidence.tables["trace_outcomes"])
    for row in evidence.tables["executions"]:
        counts = allowed[row["execution_id"]], outcomes[row["execution_id"]]
        if counts != (1, 1):
            yield Finding(Kind.EVIDENCE, f"execution {row['execution_id']}: {counts} traces and outcomes")


def _usage_is_counted_once(evidence: Evidence) -> Iterator[Finding]:
    used = sum(row["kind"] == "execution" for row in evidence.tables["usage_events"])
    released = len(evidence.tables["executions"])
    if used != released:
        yield Finding(Kind.EVIDENCE, f"{used} executions were charged, {released} released")


def _steps_are_legal(evidence: Evidence) -> Iterator[Finding]:
    timelines: dict[Any, list[ExecutionState]] = defaultdict(list)
    for event in sorted(evidence.tables["execution_events"], key=lambda row: row["at"]):
        timelines[event["execution_id"]].append(ExecutionState(event["state"]))
    for execution_id, states in timelines.items():
        for before, after in pairwise(states):
            if before is not after and not may_become(before, after):
                yield Finding(Kind.EVIDENCE, f"execution {execution_id} went from {before} to {after}")


_RULES: tuple[Callable[[Evidence], Iterator[Finding]], ...] = (
    _orders_once,
    _approvals_once,
    _customers_were_told_the_truth,
    _everything_is_settled,
    _orders_and_executions_match,
    _fills_and_positions_match,
    _evidence_is_whole,
    _usage_is_counted_once,
    _steps_are_legal,
)
