"""`countersign docs`: pages that are generated from the code."""

from pathlib import Path

import typer

from cli.console import done
from shared.denials import CATALOGUE

app = typer.Typer(help="Write the generated pages.", no_args_is_help=True)
DENIALS = Path("docs/denials.md")


@app.callback()
def docs() -> None:
    """Write the generated pages."""


@app.command()
def denials(path: Path = DENIALS) -> None:
    """Write the catalogue of denial reasons."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_denials())
    done(f"wrote {path}")


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
