"""`countersign up`: start the local stack, say where everything is, stop it cleanly on Ctrl-C."""

import signal
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from rich.table import Table

from cli.console import console, done
from cli.stack.launch import RunningStack, Watch, check_children, running_stack
from cli.stack.settings import Ports, load_settings
from cli.stack.supervisor import StopRequestedError
from cli.stack.welcome import welcome
from shared.contracts.sign_in import Role
from shared.demo import CUSTOMER_EMAILS, OPERATOR_EMAILS, PASSWORD

_LOOK_EVERY_S = 0.25


def up() -> None:
    """Start the whole stack on this machine and keep it running until Ctrl-C."""
    settings = load_settings()
    console.print(f"Starting Countersign in [bold]{settings.home}[/]")
    started = time.monotonic()
    with _stop_on_signal() as stop:
        watch = Watch(report=done, is_stop_requested=stop.is_set)
        try:
            with running_stack(settings, watch=watch) as stack:
                seconds = time.monotonic() - started
                if settings.welcome:
                    welcome(stack.ports, report=done)
                _print_addresses(stack, seconds=seconds)
                while not stop.wait(_LOOK_EVERY_S):
                    check_children(stack)
                console.print("\nStopping ...")
        except StopRequestedError:
            pass
    done("stopped, nothing is left running")


@contextmanager
def _stop_on_signal() -> Generator[threading.Event]:
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = {number: signal.signal(number, lambda _number, _frame: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _print_addresses(stack: RunningStack, *, seconds: float) -> None:
    console.print(f"\n[bold green]Countersign is running[/] (after {seconds:.1f} s)\n")
    console.print(_addresses(stack.ports))
    console.print(_sign_ins())
    console.print(_first_steps(stack.ports), soft_wrap=True)
    console.print("\n  Try it: [bold]make demo[/] in another terminal. Stop it: [bold]Ctrl-C[/].\n")


def _first_steps(ports: Ports) -> str:
    """Who is best to begin as, on each of the two pages."""
    begin = ((ports.cp, CUSTOMER_EMAILS[0]), (ports.pp, OPERATOR_EMAILS[Role.ADMIN]))
    return "\n" + "\n".join(
        f"  Open [cyan]http://localhost:{port}[/] and sign in as [bold]{email}[/], "
        f"password [bold]{PASSWORD.get_secret_value()}[/]"
        for port, email in begin
    )


def _addresses(ports: Ports) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2))
    rows = (
        ("Customer portal", ports.cp, "for customers"),
        ("Platform portal", ports.pp, "for operators"),
        ("Gateway", ports.gateway, "the only way into Plant"),
        ("Sandbox", ports.sandbox, "the imitated exchange"),
    )
    for name, port, what in rows:
        table.add_row(name, f"[cyan]http://localhost:{port}[/]", f"[dim]{what}[/]")
    return table


def _sign_ins() -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_row("\nCustomers", "\n" + ", ".join(CUSTOMER_EMAILS))
    table.add_row("Operators", ", ".join(OPERATOR_EMAILS.values()))
    table.add_row(
        "Password", f"[bold]{PASSWORD.get_secret_value()}[/] [dim](all of them, on this machine only)[/]"
    )
    return table
