"""A backup's manifest: what it was written for is taken, and anything else is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.stack.errors import StackError
from cli.stack.manifest import NAME, dump_file, read_manifest, write_manifest

TAKEN_AT = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    for service in ("cp", "pp", "plant"):
        dump_file(tmp_path, service).write_text(f"the dump of {service}")
    write_manifest(tmp_path, taken_at=TAKEN_AT, revisions={"cp": "0001", "pp": "0001", "plant": "0002"})
    return tmp_path


def test_whole_backup_is_read_as_it_was_written(backup: Path) -> None:
    manifest = read_manifest(backup)

    assert manifest.taken_at == TAKEN_AT
    assert manifest.databases["plant"].revision == "0002"
    assert manifest.databases["cp"].size == len("the dump of cp")
    assert (backup / NAME).stat().st_mode & 0o077 == 0


def lose_manifest(folder: Path) -> None:
    (folder / NAME).unlink()


def empty_manifest(folder: Path) -> None:
    (folder / NAME).write_text("{}")


def lose_dump(folder: Path) -> None:
    dump_file(folder, "pp").unlink()


def edit_dump(folder: Path) -> None:
    dump_file(folder, "pp").write_text("the dump of xx")


def cut_dump(folder: Path) -> None:
    dump_file(folder, "plant").write_text("the")


def forget_databases(folder: Path) -> None:
    write_manifest(folder, taken_at=TAKEN_AT, revisions={"cp": "0001"})


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lose_manifest, "is no finished backup"),
        (empty_manifest, "is not a manifest of this version"),
        (lose_dump, "lacks pp.dump"),
        (edit_dump, "size or SHA-256 differ"),
        (cut_dump, "size or SHA-256 differ"),
        (forget_databases, "must name the databases"),
    ],
)
def test_anything_else_is_refused(backup: Path, spoil: Callable[[Path], None], complaint: str) -> None:
    spoil(backup)

    with pytest.raises(StackError, match=complaint):
        read_manifest(backup)
