"""`countersign attack`: tries every known failure that applies on the running stack, and prints the scorecard."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.attack.catalogue import ATTACKS, FOUR_EYES, NOT_TRIED
from cli.attack.four_eyes import is_demanded
from cli.attack.model import Attack, AttackFailedError, NotTried, Result, Verdict
from cli.attack.play import play_attacks
from cli.attack.scorecard import count_verdicts, print_scorecard, scorecard_json
from cli.attack.target import Target, find_target
from cli.console import console
from cli.stack.errors import StackError
from cli.stack.home import Home
from cli.stack.settings import load_settings


def attack(
    line: Annotated[list[str] | None, typer.Option(help="Only this line; may be repeated.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the scorecard to this file too.")] = None,
) -> None:
    """Try the known ways round gates, vaults, runs and audits on the running stack; exit code 1 on a breach."""
    target = find_target(Home(load_settings().home.absolute()))
    attacks, not_tried = _chosen(line or [], four_eyes=asyncio.run(is_demanded(target)))
    results = _play(attacks, target)
    print_scorecard(results, not_tried=not_tried)
    if json is not None:
        json.write_text(scorecard_json(results, not_tried=not_tried))
    counts = count_verdicts(results, not_tried=not_tried)
    failed = sum(result.verdict is not Verdict.HELD for result in results)
    if failed:
        raise AttackFailedError(f"{failed} attack(s) were not held ({counts})")
    console.print(f"[bold green]No breach[/]: {counts}.")


def _chosen(lines: Sequence[str], *, four_eyes: bool) -> tuple[list[Attack], list[NotTried]]:
    """Raises: StackError for a line that is not in the catalogue."""
    known = {entry.line for entry in (*ATTACKS, *NOT_TRIED)}
    unknown = [line for line in lines if line not in known]
    if unknown:
        raise StackError(f"no such line: {', '.join(unknown)}; docs/attacks.md lists them")
    applying = (*ATTACKS, *FOUR_EYES) if four_eyes else ATTACKS
    attacks = [entry for entry in applying if not lines or entry.line in lines]
    tried = {entry.title for entry in attacks}
    not_tried = [entry for entry in NOT_TRIED if entry.title not in tried]
    return attacks, [entry for entry in not_tried if not lines or entry.line in lines]


def _play(attacks: Sequence[Attack], target: Target) -> list[Result]:
    columns = (TextColumn("attacking"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(attacks))
        return asyncio.run(
            play_attacks(
                attacks,
                target=target,
                report=lambda result: progress.update(task, advance=1, description=result.attack.title),
            )
        )
