"""The passwords of the local PostgreSQL, made once and kept in one file that only its owner can read."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.stack.errors import StackError

SERVICES = ("cp", "pp", "plant")


@dataclass(frozen=True, slots=True)
class Passwords:
    """Shape: roles maps a role name (`cp_owner`, `cp_runtime`, ...) to its password."""

    superuser: str = field(repr=False)
    roles: Mapping[str, str] = field(repr=False)


def load_or_make_passwords(path: Path, *, data_exists: bool) -> Passwords:
    """Raises: StackError when the file is gone or unreadable but the database is still there."""
    if not path.exists():
        if data_exists:
            raise StackError(
                f"{path} is gone, so the database cannot be opened: restore the file or start a new home"
            )
        write_private(path, _make())
    try:
        stored = json.loads(path.read_text())
        return Passwords(superuser=stored["superuser"], roles=stored["roles"])
    except (ValueError, KeyError) as error:
        raise StackError(f"{path} is damaged: restore it from a backup, or start a new home") from error


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, in one step."""
    scratch = path.with_suffix(".tmp")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    scratch.replace(path)


def _make() -> str:
    roles = {
        f"{service}_{kind}": secrets.token_urlsafe(24)
        for service in SERVICES
        for kind in ("owner", "runtime")
    }
    return json.dumps({"superuser": secrets.token_urlsafe(24), "roles": roles}, indent=2)
