"""How a service starts: with whole settings and a migrated database, or with one line that says what to do.

A revision of a database is the number that its script's file name begins with (`0001_portal.py`).
"""

import re
import sys
from pathlib import Path
from typing import NoReturn, TypeVar

import psycopg
from pydantic import ValidationError

from shared.settings import EnvironmentSettings

_CONNECT_TIMEOUT_S = 10
_SCRIPT = re.compile(r"(\d+)_\w+\.py")
Settings = TypeVar("Settings", bound=EnvironmentSettings)


def settings_at_start(kind: type[Settings]) -> Settings:
    """Read the settings from the environment. Raises: SystemExit that names each setting that is wrong."""
    try:
        return kind()
    except ValidationError as error:
        problems = [_problem(kind, detail["loc"], detail["msg"]) for detail in error.errors()]
        _refuse("; ".join(problems))


def check_migrated_at_start(url: str, *, migrations: Path) -> None:
    """Raises: SystemExit when the database is not at the revision of this version, or cannot be reached."""
    needed = newest_revision(migrations)
    try:
        found = _found_revision(url)
    except psycopg.OperationalError as error:
        _refuse(f"its database cannot be reached: {_first_line(error)}")
    if found != needed:
        _refuse(
            f"its database is at revision {found!r}, this version needs {needed!r}: run `countersign migrate`"
        )


def newest_revision(migrations: Path) -> str:
    names = (_SCRIPT.fullmatch(path.name) for path in (migrations / "versions").iterdir())
    return max(name[1] for name in names if name)


def _found_revision(url: str) -> str | None:
    """None: there is no table of revisions yet, or not one that a service may read."""
    with psycopg.connect(url, connect_timeout=_CONNECT_TIMEOUT_S) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
            return None
    return row[0] if row else None


def _problem(kind: type[EnvironmentSettings], location: tuple[int | str, ...], message: str) -> str:
    """Our own validators name the setting themselves."""
    message = message.removeprefix("Value error, ")
    prefix = kind.model_config.get("env_prefix", "")
    return f"{prefix}{location[0]}".upper() + f": {message}" if location else message


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _refuse(why: str) -> NoReturn:
    sys.exit(f"The service does not start: {why}")
