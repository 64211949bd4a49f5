"""Brings the three databases to the revision that this version of the code needs."""

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cli.stack.errors import StackError
from shared.migrations import MigrationError, check_current, find_revision, mark_current, upgrade
from shared.start import newest_revision

_PACKAGES = {"cp": "cp_backend", "pp": "pp_backend", "plant": "plant"}


def migrate(owner_urls: Mapping[str, str]) -> None:
    """Shape: owner_urls maps a service (`cp`, `pp`, `plant`) to its owner's URL.

    Raises: StackError that names the database.
    """
    _for_each(owner_urls, lambda url, folder: upgrade(url, folder=folder))


def check_migrated(owner_urls: Mapping[str, str]) -> None:
    """Raises: StackError that names the first database that is behind."""
    _for_each(owner_urls, lambda url, folder: check_current(url, folder=folder))


def mark_migrated(owner_urls: Mapping[str, str]) -> None:
    """Note that the databases, just restored, are at this version's revision. Raises: StackError."""
    _for_each(owner_urls, lambda url, folder: mark_current(url, folder=folder))


def revisions_of(owner_urls: Mapping[str, str]) -> dict[str, str | None]:
    """None: the database is empty, or restored and not safe yet. Raises: StackError."""
    found: dict[str, str | None] = {}
    for service, url in owner_urls.items():
        try:
            found[service] = find_revision(url)
        except MigrationError as error:
            raise StackError(f"database {service!r}: {error}") from error
    return found


def newest_revisions(services: Iterable[str]) -> dict[str, str]:
    """The revisions that this version of the code needs."""
    return {service: newest_revision(_migrations_folder(service)) for service in services}


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
