"""The three databases, ready to use: embedded, on a server of yours, or given one by one."""

from dataclasses import dataclass

from cli.stack.home import Home
from cli.stack.passwords import load_or_make_passwords
from cli.stack.postgres import PostgresServer, start_postgres, stop_postgres
from cli.stack.provision import DatabaseUrls, provision
from cli.stack.settings import StackSettings


@dataclass(frozen=True, slots=True)
class Databases:
    """`server` is None when the databases live on a server that we did not start."""

    urls: DatabaseUrls
    server: PostgresServer | None


def open_databases(settings: StackSettings, *, home: Home) -> Databases:
    """Start PostgreSQL where needed, make roles and databases; migrations come after.

    Requires: the home's lock.
    Raises: StackError.
    """
    given = settings.given_databases
    if given is not None:
        return Databases(given, server=None)
    passwords = load_or_make_passwords(home.passwords, data_exists=home.postgres_data.exists())
    if settings.admin_database_url is not None:
        admin_url = settings.admin_database_url.get_secret_value()
        return Databases(provision(admin_url, passwords=passwords), server=None)
    server = start_postgres(
        home.postgres_data,
        log=home.log("postgres"),
        port=settings.ports.postgres,
        password=passwords.superuser,
    )
    return Databases(provision(server.admin_url, passwords=passwords), server)


def close_databases(databases: Databases) -> None:
    if databases.server is not None:
        stop_postgres(databases.server.data)
