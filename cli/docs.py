"""`countersign docs`: pages that are generated from the code."""

import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.attack.pages import render_aisvs, render_attacks
from cli.attack.scorecard import read_scorecard
from cli.console import done
from cli.stack.errors import StackError
from cli.stack.services import document_printer
from shared.denials import CATALOGUE

app = typer.Typer(help="Write the generated pages.", no_args_is_help=True)
DENIALS = Path("docs/denials.md")
ATTACKS = Path("docs/attacks.md")
AISVS = Path("docs/aisvs-c9.2.md")


class Portal(StrEnum):
    CP = "cp"
    PP = "pp"


@app.callback()
def docs() -> None:
    """Write the generated pages."""


@app.command()
def denials(path: Path = DENIALS) -> None:
    """Write the catalogue of denial reasons."""
    _write(path, render_denials())


@app.command()
def attacks(path: Path = ATTACKS) -> None:
    """Write the list of attacks."""
    _write(path, render_attacks())


@app.command()
def aisvs(
    results: Annotated[Path, typer.Option(help="What `countersign attack --json` wrote.")], path: Path = AISVS
) -> None:
    """Write what a run of the attacks proves of AISVS C9.2."""
    _write(path, render_aisvs(read_scorecard(results)))


@app.command()
def openapi(portal: Portal) -> None:
    """Print the OpenAPI document of a portal as JSON; nothing needs to be running."""
    sys.stdout.write(render_openapi(portal))


def render_openapi(portal: Portal) -> str:
    """Raises: StackError when the portal's code cannot be loaded."""
    printer = document_printer(portal)
    found = subprocess.run(  # noqa: S603  our own module
        printer.command, env=dict(printer.environment), capture_output=True, text=True, check=False
    )
    if found.returncode != 0:
        raise StackError(f"{printer.name} failed: {found.stderr.strip()}")
    return found.stdout


def render_denials() -> str:
    rows = [
        f"| `{reason}` | {entry.status} | {entry.meaning} | {entry.remedy} |"
        for reason, entry in CATALOGUE.items()
    ]
    head = [
        "# Why something was denied",
        "",
        "Every denial names one of these reasons. This page is generated from `shared/denials.py`:",
        "`countersign docs denials`.",
        "",
        "| reason | status | what it means | what to do |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows, ""])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    done(f"wrote {path}")
