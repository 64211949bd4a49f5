"""Per service: a database, an owner role for migrations, a runtime role that owns nothing.

Safe to repeat. Works on the embedded PostgreSQL and on any server where the admin may create roles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

from cli.stack.errors import StackError
from cli.stack.passwords import SERVICES, Passwords

_ROLE_LIMITS = SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION")


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """Shape: both map a service (`cp`, `pp`, `plant`) to a URL with its password."""

    owner: Mapping[str, str] = field(repr=False)
    runtime: Mapping[str, str] = field(repr=False)


def provision(admin_url: str, *, passwords: Passwords) -> DatabaseUrls:
    """Make what is missing and set every role's password.

    Raises: StackError when the server cannot be reached or refuses.
    """
    try:
        with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as admin:
            for role, password in passwords.roles.items():
                _make_role(admin, role=role, password=password)
            for service in SERVICES:
                _make_database(admin, service=service)
        for service in SERVICES:
            _close_public_schema(admin_url, service=service)
    except psycopg.Error as error:
        raise StackError(f"the databases could not be set up: {_one_line(error)}") from error
    return database_urls(admin_url, passwords=passwords)


def database_urls(admin_url: str, *, passwords: Passwords) -> DatabaseUrls:
    def url(service: str, kind: str) -> str:
        role = f"{service}_{kind}"
        return _with_login(admin_url, user=role, password=passwords.roles[role], database=service)

    return DatabaseUrls(
        owner={service: url(service, "owner") for service in SERVICES},
        runtime={service: url(service, "runtime") for service in SERVICES},
    )


def _make_role(admin: psycopg.Connection, *, role: str, password: str) -> None:
    exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = SQL("ALTER" if exists else "CREATE")
    hashed = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    admin.execute(
        SQL("{} ROLE {} {} PASSWORD {}").format(verb, Identifier(role), _ROLE_LIMITS, Literal(hashed))
    )


def _make_database(admin: psycopg.Connection, *, service: str) -> None:
    owner, runtime = Identifier(f"{service}_owner"), Identifier(f"{service}_runtime")
    name = Identifier(service)
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [service]).fetchone():
        if not _is_superuser(admin):
            admin.execute(SQL("GRANT {} TO CURRENT_USER").format(owner))
        admin.execute(SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
    for statement in (
        SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
        SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, runtime),
    ):
        admin.execute(statement)


def _close_public_schema(admin_url: str, *, service: str) -> None:
    statements: tuple[Composed | SQL, ...] = (
        SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
        SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(Identifier(f"{service}_owner")),
        SQL("GRANT USAGE ON SCHEMA public TO {}").format(Identifier(f"{service}_runtime")),
    )
    with psycopg.connect(_in_database(admin_url, service), autocommit=True, connect_timeout=10) as admin:
        for statement in statements:
            admin.execute(statement)


def _is_superuser(admin: psycopg.Connection) -> bool:
    row = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _with_login(url: str, *, user: str, password: str, database: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{quote(user, safe='')}:{quote(password, safe='')}@{host}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}"))


def _in_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
