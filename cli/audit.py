"""`countersign audit verify`: check the hash chain of every customer, or of one."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

import typer

from cli.console import console
from cli.operator import OperatorPortal, operator_portal
from cli.stack.errors import StackError
from shared.contracts.evidence import AuditHeadList, AuditVerdict

app = typer.Typer(no_args_is_help=True, help="The audit log: hash-chained, with signed checkpoints.")


@app.callback()
def audit() -> None:
    """The audit log: hash-chained, with signed checkpoints."""


@app.command()
def verify(
    customer: Annotated[UUID | None, typer.Option(help="Only this customer's chain.")] = None,
) -> None:
    """Verify the chains and name the first broken row; exit code 1 when one is broken."""
    broken = 0
    with operator_portal() as portal:
        for customer_id in [customer] if customer else _all_customers(portal):
            query = {"customer_id": str(customer_id)}
            verdict = portal.read(AuditVerdict, "/api/pp/audit/verify", query=query)
            mark = "[green]✓[/]" if verdict.ok else "[red]✗[/]"
            console.print(f"{mark} {customer_id}  {verdict.rows} rows: {verdict.detail}", soft_wrap=True)
            broken += not verdict.ok
    if broken:
        raise StackError(
            f"{broken} chain(s) are broken: stop, keep the database as it is, compare with a backup"
        )


def _all_customers(portal: OperatorPortal) -> Iterator[UUID]:
    query: dict[str, str] = {"limit": "200"}
    while True:
        heads = portal.read(AuditHeadList, "/api/pp/audit/heads", query=query)
        yield from (head.customer_id for head in heads.items)
        if heads.next_cursor is None:
            return
        query["cursor"] = heads.next_cursor
