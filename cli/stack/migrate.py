"""Brings the three databases to the revision that this version of the code needs."""

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path

from cli.stack.errors import StackError
from shared.migrations import MigrationError, check_current, upgrade

_PACKAGES = {"cp": "cp_backend", "pp": "pp_backend", "plant": "plant"}


def migrate(owner_urls: Mapping[str, str]) -> None:
    """Shape: owner_urls maps a service (`cp`, `pp`, `plant`) to its owner's URL.

    Raises: StackError that names the database.
    """
    _for_each(owner_urls, lambda url, folder: upgrade(url, folder=folder))


def check_migrated(owner_urls: Mapping[str, str]) -> None:
    """Raises: StackError that names the first database that is behind."""
    _for_each(owner_urls, lambda url, folder: check_current(url, folder=folder))


def _for_each(owner_urls: Mapping[str, str], act: Callable[[str, Path], None]) -> None:
    for service, url in owner_urls.items():
        folder = _migrations_folder(service)
        if not folder.is_dir():
            continue
        try:
            act(url, folder)
        except MigrationError as error:
            raise StackError(f"database {service!r}: {error}") from error


def _migrations_folder(service: str) -> Path:
    spec = importlib.util.find_spec(_PACKAGES[service])
    if spec is None or spec.origin is None:
        raise StackError(f"the package {_PACKAGES[service]!r} is not installed: run `make .venv`")
    return Path(spec.origin).parent / "migrations"
