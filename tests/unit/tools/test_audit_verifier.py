"""The verifier that stands alone: run as its own process, on files, as an auditor would."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.keys import Issuer, Purpose, SigningKey, make_signing_key, trust
from tests.unit.plant.evidence.test_audit_chain import create_chain, create_checkpoint

VERIFIER = Path(__file__).parents[3] / "tools" / "audit_verifier.py"
Lines = list[dict[str, Any]]


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    key = make_signing_key(tmp_path / "keys", issuer=Issuer.PLANT, purpose=Purpose.CHECKPOINT)
    trust(tmp_path / "trust.json", key=key)
    return key


def create_export(key: SigningKey, *, length: int = 6) -> Lines:
    chain = create_chain(length)
    rows: Lines = [
        {
            "type": "row",
            "customer_id": str(row.customer_id),
            "seq": row.seq,
            "at": row.at.isoformat(),
            "kind": row.kind,
            "body": row.body,
            "body_hash": row.body_hash,
            "prev_hash": row.prev_hash,
            "hash": row.hash,
        }
        for row in chain
    ]
    checkpoint = create_checkpoint(chain[3], key)
    mark = {"type": "checkpoint", "seq": checkpoint.seq, "statement": checkpoint.statement}
    return [*rows, mark, {"type": "head", "seq": length}]


def write(path: Path, lines: Lines) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def run_verifier(export: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-I",
        str(VERIFIER),
        str(export),
        "--trust",
        str(export.parent / "trust.json"),
        *more,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_untouched_export_is_ok(key: SigningKey, tmp_path: Path) -> None:
    done = run_verifier(write(tmp_path / "export.jsonl", create_export(key)))

    assert (done.returncode, done.stdout) == (0, "ok: 6 rows, 1 signed checkpoints\n")


def _edit_body(lines: Lines) -> Lines:
    return [lines[0], {**lines[1], "body": "{}"}, *lines[2:]]


def _edit_kind(lines: Lines) -> Lines:
    return [lines[0], {**lines[1], "kind": "other"}, *lines[2:]]


def _cut_middle(lines: Lines) -> Lines:
    return [lines[0], *lines[2:]]


def _cut_tail(lines: Lines) -> Lines:
    return [*lines[:3], lines[6], {"type": "head", "seq": 3}]


def _cut_behind_the_checkpoint(lines: Lines) -> Lines:
    return [*lines[:5], *lines[6:]]


@pytest.mark.parametrize(
    ("tamper", "seq"),
    [(_edit_body, 2), (_edit_kind, 2), (_cut_middle, 2), (_cut_tail, 4), (_cut_behind_the_checkpoint, 6)],
)
def test_tampered_export_is_named(
    tamper: Callable[[Lines], Lines], seq: int, key: SigningKey, tmp_path: Path
) -> None:
    done = run_verifier(write(tmp_path / "export.jsonl", tamper(create_export(key))))

    assert done.returncode == 1
    assert done.stderr.startswith(f"TAMPERED: seq {seq}:")


def test_restored_backup_does_not_continue_the_earlier_export(key: SigningKey, tmp_path: Path) -> None:
    earlier = write(tmp_path / "earlier.jsonl", create_export(key, length=6))
    restored = write(tmp_path / "export.jsonl", create_export(key, length=5))
    assert run_verifier(restored).returncode == 0

    done = run_verifier(restored, "--earlier", str(earlier))

    assert done.returncode == 1
    assert "seq 6" in done.stderr


def test_file_that_is_no_export_says_so(key: SigningKey, tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text("not json\n")

    assert run_verifier(path).returncode == 2
