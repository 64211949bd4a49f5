"""`countersign replay`: decide a stored decision again; the same inputs must give the same bytes."""

import json
from typing import Annotated
from uuid import UUID

import rfc8785
import typer
from pydantic import ValidationError

from cli.console import console
from cli.operator_portal import operator_portal
from cli.stack.errors import StackError
from plant.risk.decision import decision_json
from plant.risk.replay import decide_again
from shared.approvals.action import ActionKind
from shared.contracts.evidence import DecisionTrace
from shared.posts.decision import decide_post_again


def replay(trace: Annotated[UUID, typer.Argument(help="The trace_id of a decision trace.")]) -> None:
    """Decide a stored decision again from its inputs, and compare; exit code 1 when they differ."""
    with operator_portal() as portal:
        stored = portal.read(DecisionTrace, f"/api/pp/decision-traces/{trace}")
    console.print(
        f"{stored.at:%Y-%m-%d %H:%M:%S} UTC  {stored.action_kind}  {stored.explanation}", soft_wrap=True
    )
    try:
        again = _decide_again(stored)
    except ValidationError as error:
        engine = stored.decision.get("engine_version", "an unknown engine")
        raise StackError(
            f"the inputs are not those that this version of Countersign decides by ({error.error_count()} fields"
            f" differ); replay with the version whose engine is {engine}"
        ) from error
    if again != rfc8785.dumps(stored.decision):
        differing = sorted(
            name for name, value in json.loads(again).items() if stored.decision.get(name) != value
        )
        raise StackError(f"the decision does not repeat; it differs in {', '.join(differing)}")
    console.print("[green]✓[/] the same decision, to the byte")


def _decide_again(stored: DecisionTrace) -> bytes:
    if stored.action_kind == ActionKind.PUBLISH_POST:
        return decide_post_again(stored.inputs)
    return decision_json(decide_again(stored.inputs))
