"""`countersign containers`: the first steps of docker-compose.local.yml, each done before the next part starts.

Every service is given one folder with its keys and one with its database URL; it mounts no other.
"""

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import typer

from cli.console import done
from cli.stack.errors import StackError
from cli.stack.home import Home, make_home
from cli.stack.keys import make_missing_keys
from cli.stack.passwords import SERVICES, load_or_make_passwords, write_private
from cli.stack.provision import DatabaseUrls
from cli.stack.provision import provision as provision_databases
from cli.stack.settings import load_settings

app = typer.Typer(help="The first steps of a stack in containers.", no_args_is_help=True)


@app.command()
def secrets() -> None:
    """Make the keys and passwords that are missing; before PostgreSQL starts."""
    home = make_home(load_settings().home)
    for kid in make_missing_keys(home.keys, trust_file=home.trust_file):
        done(f"made {kid}")
    handed_out = _postgres_password(home)
    passwords = load_or_make_passwords(home.passwords, data_exists=handed_out.exists())
    handed_out.parent.mkdir(exist_ok=True)
    # PostgreSQL runs as another user: who may read this is decided by who mounts the folder.
    handed_out.write_text(passwords.superuser)
    done("keys and passwords are there")


@app.command()
def provision() -> None:
    """Make roles and databases, and give each service its URL; once PostgreSQL is ready."""
    settings = load_settings()
    if settings.admin_database_url is None:
        raise StackError("COUNTERSIGN_ADMIN_DATABASE_URL: say where PostgreSQL is")
    home = make_home(settings.home)
    passwords = load_or_make_passwords(home.passwords, data_exists=True)
    admin_url = with_password(settings.admin_database_url.get_secret_value(), password=passwords.superuser)
    _hand_out(provision_databases(admin_url, passwords=passwords), folder=home.root / "database-urls")
    done("cp, pp and plant have their roles and databases")


def with_password(url: str, *, password: str) -> str:
    """Add the password where the URL names a user without one."""
    parts = urlsplit(url)
    if parts.username is None or parts.password is not None:
        return url
    user, _, host = parts.netloc.partition("@")
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}"))


def _postgres_password(home: Home) -> Path:
    return home.root / "postgres-password" / "password"


def _hand_out(urls: DatabaseUrls, *, folder: Path) -> None:
    """Write each service's URL to its own folder, and all six to the migrations' folder."""
    for service in SERVICES:
        runtime, owner = f"countersign_{service}_database_url", f"countersign_{service}_owner_database_url"
        for path, url in (
            (folder / service / runtime, urls.runtime[service]),
            (folder / "migrations" / runtime, urls.runtime[service]),
            (folder / "migrations" / owner, urls.owner[service]),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_private(path, url)
