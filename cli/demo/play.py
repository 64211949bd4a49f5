"""Plays the story and prints each step as it happens; the first step that goes otherwise ends it."""

import itertools
from collections.abc import Generator
from contextlib import contextmanager

import typer
from rich.markup import escape

from cli.console import console
from cli.demo.portal import signed_in
from cli.demo.story import Say, Step, tell_story
from cli.stack.errors import StackError
from cli.stack.home import Home
from cli.stack.running import running_stack_of
from cli.stack.settings import StackSettings, load_settings
from shared.demo import CUSTOMER_EMAILS, PASSWORD

CUSTOMER = CUSTOMER_EMAILS[0]


def demo() -> None:
    """Play the story of one order against the running stack: exactly one order, and only once approved."""
    cp_url, sandbox_url = _addresses(load_settings())
    console.print(f"\nOne order, from draft to fill, as [bold]{CUSTOMER}[/]:\n")
    with signed_in(cp_url, email=CUSTOMER, password=PASSWORD.get_secret_value()) as portal:
        tell_story(portal, sandbox_url=sandbox_url, step=_printed_steps())
    console.print("\n[bold green]One approval, one order.[/] Everything above is stored as evidence.\n")


def _addresses(settings: StackSettings) -> tuple[str, str]:
    """The customer portal's and the sandbox's: as given, else of the stack that runs on this home."""
    if settings.demo_cp_url and settings.demo_sandbox_url:
        return settings.demo_cp_url, settings.demo_sandbox_url
    addresses = running_stack_of(Home(settings.home.absolute())).addresses
    return addresses["cp"], addresses["sandbox"]


def _printed_steps() -> Step:
    numbers = itertools.count(1)

    @contextmanager
    def step(title: str) -> Generator[Say]:
        number = next(numbers)
        try:
            yield lambda told: _print(f"[green]✓[/] {number} {title:<33} [dim]{escape(told)}[/]")
        except StackError as error:
            _print(f"[red]✗[/] {number} {title}: [red]{escape(str(error))}[/]")
            raise typer.Exit(1) from error

    return step


def _print(line: str) -> None:
    console.print(f"  {line}", soft_wrap=True)
