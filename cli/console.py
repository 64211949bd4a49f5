"""How the command line speaks: one console, short lines."""

from rich.console import Console

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False)


def done(line: str) -> None:
    console.print(f"[green]✓[/] {line}", soft_wrap=True)
