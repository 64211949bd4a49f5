"""The `countersign` command: every sub-command is registered here."""

from typing import Any

import typer
from rich.markup import escape
from typer.core import TyperGroup

from cli import audit, containers, docs, keys
from cli.attack.command import attack
from cli.backup import backup, restore
from cli.console import error_console
from cli.demo.play import demo
from cli.doctor import doctor
from cli.migrate import migrate
from cli.replay import replay
from cli.stack.errors import StackError
from cli.up import up


class OneLineErrors(TyperGroup):
    """Expected trouble ends as one line and exit code 1, never as a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except StackError as error:
            error_console.print(f"[red]✗[/] {escape(str(error))}", soft_wrap=True)
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=OneLineErrors, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
app.command()(up)
app.command()(demo)
app.command()(attack)
app.command()(doctor)
app.command()(migrate)
app.command()(backup)
app.command()(restore)
app.command()(replay)
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(containers.app, name="containers")
app.add_typer(docs.app, name="docs")


@app.callback()
def countersign() -> None:
    """Hire agents; nothing leaves the building until a person has approved exactly that action."""


if __name__ == "__main__":
    app()
