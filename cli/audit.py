"""`countersign audit`: verify the hash chains, or export one for a verifier of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO
from uuid import UUID

import typer

from cli.console import console
from cli.operator_portal import OperatorPortal, operator_portal
from cli.stack.errors import StackError
from cli.stack.home import Home
from cli.stack.settings import load_settings
from shared.contracts.evidence import AuditExport, AuditHeadList, AuditVerdict
from shared.keys import Purpose

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


@app.command()
def export(
    customer: Annotated[UUID, typer.Option(help="Whose chain.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write (JSON lines).")],
) -> None:
    """Write a chain to a file that tools/audit_verifier.py checks without the rest of Countersign."""
    with operator_portal() as portal, output.open("w") as file:
        rows = _write_chain(portal, customer, file)
        for key in json.loads(Home(load_settings().home.absolute()).trust_file.read_text())["keys"]:
            if key["purpose"] == Purpose.CHECKPOINT:
                _write_line(file, "key", key)
    console.print(f"[green]✓[/] {rows} rows in {output}; check them: python tools/audit_verifier.py {output}")


def _write_chain(portal: OperatorPortal, customer: UUID, file: TextIO) -> int:
    after: int | None = 0
    written = head = 0
    while after is not None:
        query = {"customer_id": str(customer), "after": str(after)}
        stretch = portal.read(AuditExport, "/api/pp/audit/export", query=query)
        for row in stretch.rows:
            _write_line(file, "row", row.model_dump(mode="json"))
        for checkpoint in stretch.checkpoints:
            _write_line(file, "checkpoint", checkpoint.model_dump(mode="json"))
        written += len(stretch.rows)
        head, after = stretch.head_seq, stretch.next_after
    _write_line(file, "head", {"seq": max(head, written)})
    return written


def _write_line(file: TextIO, kind: str, entry: dict[str, Any]) -> None:
    file.write(json.dumps({"type": kind, **entry}) + "\n")


def _all_customers(portal: OperatorPortal) -> Iterator[UUID]:
    query: dict[str, str] = {"limit": "200"}
    while True:
        heads = portal.read(AuditHeadList, "/api/pp/audit/heads", query=query)
        yield from (head.customer_id for head in heads.items)
        if heads.next_cursor is None:
            return
        query["cursor"] = heads.next_cursor
