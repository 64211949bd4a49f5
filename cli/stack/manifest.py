"""The manifest of a backup: when it was taken, which file is which database, and what each must hash to."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from cli.stack.errors import StackError
from cli.stack.passwords import SERVICES, write_private

NAME = "manifest.json"


class DumpFile(BaseModel):
    """Units: `size` in bytes. Shape: `revision` is the database's, `sha256` in hex."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    revision: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """Shape: databases maps `cp`, `pp` and `plant` to their files. `taken_at`: nothing later is in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    taken_at: AwareDatetime
    databases: Mapping[str, DumpFile]


def dump_file(folder: Path, service: str) -> Path:
    return folder / f"{service}.dump"


def write_manifest(folder: Path, *, taken_at: datetime, revisions: Mapping[str, str]) -> Manifest:
    """Describe the files that are there. Written last: a folder without it is no backup."""
    databases = {
        service: _describe(dump_file(folder, service), revision) for service, revision in revisions.items()
    }
    manifest = Manifest(taken_at=taken_at, databases=databases)
    write_private(folder / NAME, manifest.model_dump_json(indent=2) + "\n")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Raises: StackError unless the folder is a whole backup, to the byte."""
    path = folder / NAME
    try:
        manifest = Manifest.model_validate_json(path.read_text())
    except OSError as error:
        raise StackError(f"{folder} is no finished backup: {NAME} cannot be read") from error
    except ValidationError as error:
        raise StackError(f"{path} is not a manifest of this version") from error
    if set(manifest.databases) != set(SERVICES):
        raise StackError(f"{path} must name the databases {', '.join(SERVICES)}")
    for service, expected in manifest.databases.items():
        _check_file(dump_file(folder, service), expected)
    return manifest


def _check_file(path: Path, expected: DumpFile) -> None:
    try:
        found = _describe(path, expected.revision)
    except OSError as error:
        raise StackError(f"the backup lacks {path.name}, or it cannot be read") from error
    if found != expected:
        raise StackError(
            f"{path} is not what the manifest says (size or SHA-256 differ): nothing was restored"
        )


def _describe(path: Path, revision: str) -> DumpFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return DumpFile(name=path.name, revision=revision, size=path.stat().st_size, sha256=digest)
