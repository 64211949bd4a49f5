"""The comparison at the end of a chaos run finds each kind of damage, and nothing where there is none."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.ids import uuid7
from tests.chaos.client import Verdict
from tests.chaos.evidence import Evidence
from tests.chaos.plan import make_plan, short_size
from tests.chaos.scene import Placed
from tests.chaos.verdict import Kind, judge

APPROVAL, EXECUTION, DELIVERABLE, ACCOUNT, OTHER = (uuid7() for _ in range(5))
ORDER = {"id": 1, "client_order_id": "cs1", "size": 10, "unfilled_size": 0}
Tables = dict[str, list[Any]]


def create_evidence() -> Evidence:
    """One order that was approved, executed and filled."""
    (order, *_) = make_plan(1, short_size()).orders
    return Evidence(
        placed=(Placed(order, APPROVAL, Verdict(EXECUTION), frozenset({EXECUTION})),),
        orders=[dict(ORDER)],
        positions={str(ACCOUNT): 10},
        tables=create_tables(),
        broken_chains=(),
    )


def create_tables() -> Tables:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    execution = {
        "execution_id": EXECUTION,
        "approval_id": APPROVAL,
        "deliverable_id": DELIVERABLE,
        "credential_ref": ACCOUNT,
        "client_order_id": "cs1",
        "side": "buy",
        "state": "filled",
        "filled_size": Decimal(10),
        "verified": True,
        "settled": True,
    }
    events = [
        {"execution_id": EXECUTION, "state": state, "at": at + timedelta(seconds=number)}
        for number, state in enumerate(("released", "sending", "unknown", "filled", "filled"))
    ]
    return {
        "approvals": [
            {"approval_id": APPROVAL, "consumed_at": at},
            {"approval_id": OTHER, "consumed_at": None},
        ],
        "executions": [execution],
        "execution_events": events,
        "deliverables": [{"deliverable_id": DELIVERABLE, "state": "executed"}],
        "fills": [
            {"execution_id": EXECUTION, "size": Decimal(4)},
            {"execution_id": EXECUTION, "size": Decimal(6)},
        ],
        "usage_events": [{"kind": "execution"}, {"kind": "draft"}],
        "decision_traces": [{"execution_id": EXECUTION}, {"execution_id": None}],
        "trace_outcomes": [{"execution_id": EXECUTION}],
    }


def set_in(table: str, **changes: Any) -> Callable[[Tables], None]:
    return lambda tables: tables[table][0].update(changes)


def drop(table: str) -> Callable[[Tables], None]:
    def damage(tables: Tables) -> None:
        tables[table].pop(0)

    return damage


def repeat(table: str) -> Callable[[Tables], None]:
    return lambda tables: tables[table].append(dict(tables[table][0]))


def test_one_approval_with_one_order_is_as_it_must_be() -> None:
    assert judge(create_evidence()) == []


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (set_in("executions", settled=False), Kind.STUCK),
        (set_in("executions", state="open"), Kind.STUCK),
        (set_in("deliverables", state="executing"), Kind.STUCK),
        (set_in("deliverables", state="failed"), Kind.EVIDENCE),
        (set_in("executions", state="absent"), Kind.ORPHAN),
        (set_in("executions", client_order_id="cs2"), Kind.ORPHAN),
        (set_in("executions", side="sell"), Kind.ORPHAN),
        (set_in("executions", filled_size=Decimal(9)), Kind.LOST),
        (set_in("executions", verified=False), Kind.LOST),
        (set_in("approvals", consumed_at=None), Kind.ORPHAN),
        (drop("executions"), Kind.LOST),
        (drop("fills"), Kind.LOST),
        (repeat("executions"), Kind.DUPLICATE),
        (repeat("usage_events"), Kind.EVIDENCE),
        (repeat("trace_outcomes"), Kind.EVIDENCE),
        (drop("decision_traces"), Kind.EVIDENCE),
        (set_in("execution_events", state="absent"), Kind.EVIDENCE),
    ],
)
def test_damage_in_the_database_is_found(damage: Callable[[Tables], None], kind: Kind) -> None:
    tables = create_tables()
    damage(tables)

    found = judge(replace(create_evidence(), tables=tables))

    assert kind in {finding.kind for finding in found}


def test_second_order_under_one_id_is_a_duplicate() -> None:
    evidence = create_evidence()

    found = judge(replace(evidence, orders=[*evidence.orders, deepcopy(ORDER)]))

    assert [finding.kind for finding in found] == [Kind.DUPLICATE]


def test_execution_without_its_order_is_lost() -> None:
    found = judge(replace(create_evidence(), orders=[]))

    assert Kind.LOST in {finding.kind for finding in found}


def test_position_that_no_execution_explains_is_an_orphan() -> None:
    found = judge(replace(create_evidence(), positions={str(ACCOUNT): 20}))

    assert [finding.kind for finding in found] == [Kind.ORPHAN]


def test_customer_who_was_told_of_two_executions_has_a_duplicate() -> None:
    evidence = create_evidence()
    told = replace(evidence.placed[0], told=frozenset({EXECUTION, OTHER}))

    found = judge(replace(evidence, placed=(told,)))

    assert [finding.kind for finding in found] == [Kind.DUPLICATE]


def test_customer_who_was_denied_what_was_executed_has_an_orphan() -> None:
    evidence = create_evidence()
    denied = replace(evidence.placed[0], verdict=Verdict(None, "risk_denied"), told=frozenset())

    found = judge(replace(evidence, placed=(denied,)))

    assert [finding.kind for finding in found] == [Kind.ORPHAN]


def test_broken_audit_chain_is_found() -> None:
    found = judge(replace(create_evidence(), broken_chains=("customer-a",)))

    assert [finding.kind for finding in found] == [Kind.EVIDENCE]
