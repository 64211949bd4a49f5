"""The stack that runs on a home folder, as its `stack.json` tells; and its databases, running or not."""

from collections.abc import Generator
from contextlib import contextmanager

from cli.stack.databases import close_databases, open_databases
from cli.stack.errors import StackError
from cli.stack.home import Home, locked
from cli.stack.passwords import load_or_make_passwords
from cli.stack.postgres import admin_url
from cli.stack.processes import command_line
from cli.stack.provision import DatabaseUrls, database_urls
from cli.stack.settings import StackSettings
from cli.stack.stack_file import StackFile, find_stack_file


def running_stack_of(home: Home) -> StackFile:
    """Raises: StackError when none runs, or it is not ready yet."""
    found = find_running_stack(home)
    if found is None:
        raise StackError(f"no stack is running on {home.root}: start one with `make run` in another terminal")
    if not found.ready:
        raise StackError(f"the stack on {home.root} is still starting: try again in a moment")
    return found


def find_running_stack(home: Home) -> StackFile | None:
    found = find_stack_file(home.stack_file)
    return found if found and command_line(found.pid) else None


def find_database_urls(settings: StackSettings, *, home: Home) -> DatabaseUrls | None:
    """Return the URLs of databases that can be reached now, without starting anything."""
    given = settings.given_databases
    if given is not None:
        return given
    stack = find_running_stack(home)
    if stack is None or not home.passwords.exists():
        return None
    passwords = load_or_make_passwords(home.passwords, data_exists=True)
    if settings.admin_database_url is not None:
        return database_urls(settings.admin_database_url.get_secret_value(), passwords=passwords)
    if stack.postgres_port is None:
        return None
    return database_urls(
        admin_url(port=stack.postgres_port, password=passwords.superuser), passwords=passwords
    )


@contextmanager
def reachable_databases(settings: StackSettings, *, home: Home) -> Generator[DatabaseUrls]:
    """Use the running stack's databases, or open them for as long as the block lasts.

    Raises: StackError.
    """
    urls = find_database_urls(settings, home=home)
    if urls is not None:
        yield urls
        return
    with locked(home):
        databases = open_databases(settings, home=home)
        try:
            yield databases.urls
        finally:
            close_databases(databases)
