"""The route table as data: what must be true of every row, whoever adds it."""

import re

import pytest

from gateway.route_table import CALLERS, ROUTE_TABLE, Caller, Row
from shared.identity import ActorType
from shared.keys import Issuer

_TEMPLATE = re.compile(r"/(api|internal)/v1(/([a-z-]+|{[a-z_]+}))+")

NOBODYS_DATA = {
    "/api/v1/reference-agents",
    "/api/v1/agent-types",
    "/api/v1/agent-types/{agent_type_id}",
}


def each_row() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", ROUTE_TABLE, ids=lambda row: f"{row.method} {row.path}")


def test_no_row_is_there_twice() -> None:
    rows = [(row.method, row.path) for row in ROUTE_TABLE]

    assert len(rows) == len(set(rows))


@each_row()
def test_a_row_is_a_plain_template_with_callers(row: Row) -> None:
    assert _TEMPLATE.fullmatch(row.path)
    assert row.callers
    assert row.summary


@each_row()
def test_only_a_row_that_writes_takes_a_body(row: Row) -> None:
    assert row.body_limit == 0 or row.method in ("POST", "PUT")
    assert row.body_limit > 0 or row.method != "PUT"


@each_row()
def test_a_row_for_customers_or_portals_names_the_customer(row: Row) -> None:
    assert row.names_customer or row.callers == {Caller.OPERATOR} or row.path in NOBODYS_DATA


@each_row()
def test_what_an_operator_changes_needs_more_than_a_viewer(row: Row) -> None:
    is_operators_write = Caller.OPERATOR in row.callers and row.method != "GET"

    assert (row.role.name != "VIEWER") == is_operators_write


def test_customers_speak_through_cp_only_and_operators_through_pp_only() -> None:
    assert {pair for pair, caller in CALLERS.items() if caller is Caller.CUSTOMER} == {
        (Issuer.CP, ActorType.CUSTOMER)
    }
    assert {pair for pair, caller in CALLERS.items() if caller is Caller.OPERATOR} == {
        (Issuer.PP, ActorType.OPERATOR)
    }
    assert not {issuer for issuer, _ in CALLERS} & {Issuer.PLANT, Issuer.GATEWAY}
