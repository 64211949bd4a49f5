"""`countersign doctor`: what is needed, what is there, what runs; each line says what to do if it is wrong."""

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict

import psycopg
from rich.markup import escape

from cli.console import console
from cli.stack.errors import StackError
from cli.stack.home import Home
from cli.stack.keys import key_problems
from cli.stack.migrate import check_migrated
from cli.stack.ports import is_free
from cli.stack.postgres import binaries
from cli.stack.provision import DatabaseUrls
from cli.stack.running import find_database_urls, find_running_stack
from cli.stack.settings import StackSettings, load_settings
from cli.stack.stack_file import StackFile
from cli.stack.supervisor import is_healthy
from shared.clock import utc_now

NEEDED_DISK_MB = 500
ALLOWED_SKEW_S = 1.0

Check = Callable[[], str]


def doctor() -> None:
    """Look at this machine and the stack on it; exit code 1 when something is wrong."""
    settings = load_settings()
    home = Home(settings.home.absolute())
    wrong = [name for name, check in _checks(settings, home) if not _passes(name, check)]
    if wrong:
        raise StackError(f"{len(wrong)} of these need attention: {', '.join(wrong)}")


def _checks(settings: StackSettings, home: Home) -> list[tuple[str, Check]]:
    checks: list[tuple[str, Check]] = [
        ("Python", _check_python),
        ("PostgreSQL", lambda: _check_postgres(settings)),
        ("home", lambda: _check_home(home)),
    ]
    if home.trust_file.exists():
        checks.append(("keys", lambda: _check_keys(home)))
    stack = find_running_stack(home)
    if stack is None:
        return [
            *checks,
            ("ports", lambda: _check_ports(settings)),
            ("stack", lambda: "not running: make run"),
        ]
    return [
        *checks,
        ("services", lambda: _check_services(stack)),
        ("migrations", lambda: _check_migrations(find_database_urls(settings, home=home))),
        ("clock", lambda: _check_clock(find_database_urls(settings, home=home))),
    ]


def _passes(name: str, check: Check) -> bool:
    try:
        found, is_fine = check(), True
    except StackError as error:
        found, is_fine = str(error), False
    mark = "[green]✓[/]" if is_fine else "[red]✗[/]"
    console.print(f"  {mark} {name:<11} {escape(found)}", soft_wrap=True)
    return is_fine


def _check_python() -> str:
    if sys.version_info < (3, 11):  # noqa: UP036  a wrong interpreter is what this looks for
        raise StackError(f"{platform.python_version()}: 3.11 or newer is needed")
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _check_postgres(settings: StackSettings) -> str:
    if settings.given_databases is not None or settings.admin_database_url is not None:
        return "on a server of yours"
    folder = binaries()
    if not (folder / "postgres").exists():
        raise StackError(f"no PostgreSQL binaries in {folder}: run `make clean run`")
    return f"embedded, {folder.parent.name}"


def _check_home(home: Home) -> str:
    existing = next(path for path in (home.root, *home.root.parents) if path.exists())
    free_mb = shutil.disk_usage(existing).free // 2**20
    if free_mb < NEEDED_DISK_MB:
        raise StackError(f"{home.root}: {free_mb} MB free, {NEEDED_DISK_MB} are needed: make room")
    if home.passwords.exists() and home.passwords.stat().st_mode & 0o077:
        raise StackError(f"{home.passwords} is readable by others: chmod 600 it")
    return f"{home.root}, {free_mb / 1024:.0f} GB free"


def _check_keys(home: Home) -> str:
    problems = key_problems(home.keys, trust_file=home.trust_file)
    if problems:
        raise StackError(f"{'; '.join(problems)} (missing ones: `countersign keys init`)")
    return "all there, trusted, readable by their owner only"


def _check_ports(settings: StackSettings) -> str:
    taken = [f"{port} ({name})" for name, port in asdict(settings.ports).items() if not is_free(port)]
    if taken:
        raise StackError(
            f"taken: {', '.join(taken)}; stop what listens there, or set COUNTERSIGN_PORT_OFFSET"
        )
    return "free"


def _check_services(stack: StackFile) -> str:
    unwell = [name for name, url in stack.addresses.items() if not is_healthy(f"{url}/health/ready")]
    if unwell:
        raise StackError(f"not ready: {', '.join(unwell)}; look into the logs folder")
    return f"ready: {', '.join(stack.addresses)}"


def _check_migrations(urls: DatabaseUrls | None) -> str:
    if urls is None:
        raise StackError("the databases cannot be found: stop the stack and start it again")
    check_migrated(urls.owner)
    return "current"


def _check_clock(urls: DatabaseUrls | None) -> str:
    if urls is None:
        raise StackError("the databases cannot be found: stop the stack and start it again")
    try:
        with psycopg.connect(urls.runtime["plant"], connect_timeout=5) as connection:
            row = connection.execute("SELECT clock_timestamp()").fetchone()
    except psycopg.Error as error:
        raise StackError(f"Plant's database does not answer: {' '.join(str(error).split())}") from error
    skew_s = abs((utc_now() - row[0]).total_seconds()) if row else float("inf")
    if skew_s > ALLOWED_SKEW_S:
        raise StackError(f"{skew_s:.1f} s apart from the database: set this machine's clock (NTP)")
    return f"{skew_s * 1000:.0f} ms apart from the database"
