"""Checks an exported audit chain. One file that needs nothing of Countersign: Python and `cryptography`.

    python tools/audit_verifier.py EXPORT.jsonl [--trust trust.json] [--earlier OLDER-EXPORT.jsonl]

An export is JSON lines: rows, signed checkpoints and public keys. Checked are each row's hash and its link
to the row before, each checkpoint's signature against the row it names, and, with an earlier export, that
nothing it held was changed or is missing (a restored backup). Give the trust file that you kept yourself:
keys inside the export prove nothing to somebody who doubts its maker. Exit code 1 when something is wrong.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

GENESIS = "0" * 64
CHECKPOINT_TYP = "audit-checkpoint+jwt"
Json = dict[str, Any]


@dataclass
class Export:
    """One customer's chain as it was exported; keys map a key id to its raw public bytes."""

    rows: list[Json] = field(default_factory=list[Json])
    checkpoints: list[Json] = field(default_factory=list[Json])
    keys: dict[str, bytes] = field(default_factory=dict[str, bytes])
    head_seq: int = 0


class TamperedError(Exception):
    """`seq` is the first row that is wrong, or the checkpoint that is not met."""

    def __init__(self, seq: int, what: str) -> None:
        super().__init__(f"seq {seq}: {what}")
        self.seq = seq


def read_export(path: Path) -> Export:
    """Raises: ValueError for a line that is not what an export holds."""
    export = Export()
    for line in path.read_text().splitlines():
        entry: Json = json.loads(line)
        match entry.pop("type", None):
            case "row":
                export.rows.append(entry)
            case "checkpoint":
                export.checkpoints.append(entry)
            case "key":
                export.keys[entry["kid"]] = _decode(entry["x"])
            case "head":
                export.head_seq = entry["seq"]
            case other:
                raise ValueError(f"unknown line of type {other!r}")
    return export


def read_trust(path: Path) -> dict[str, bytes]:
    keys: list[Json] = json.loads(path.read_text())["keys"]
    return {key["kid"]: _decode(key["x"]) for key in keys if key["purpose"] == "checkpoint"}


def verify(export: Export, *, keys: dict[str, bytes]) -> None:
    """Raises: TamperedError."""
    _check_rows(export.rows)
    if len(export.rows) != export.head_seq:
        raise TamperedError(len(export.rows) + 1, f"the head is at {export.head_seq}: rows are missing")
    hashes = {row["seq"]: row["hash"] for row in export.rows}
    owner = export.rows[0]["customer_id"] if export.rows else None
    for checkpoint in export.checkpoints:
        _check_checkpoint(checkpoint, hashes, keys, owner)


def verify_follows(export: Export, *, earlier: Export) -> None:
    """Check that everything the earlier export held is still there, unchanged.

    Raises: TamperedError.
    """
    hashes = {row["seq"]: row["hash"] for row in export.rows}
    for row in earlier.rows:
        if hashes.get(row["seq"]) != row["hash"]:
            raise TamperedError(
                row["seq"], "an earlier export holds another row here: rolled back or rewritten"
            )


def row_hash(row: Json) -> str:
    at = datetime.fromisoformat(row["at"]).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    parts = (row["customer_id"], str(row["seq"]), at, row["kind"], row["body_hash"], row["prev_hash"])
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _check_rows(rows: Iterable[Json]) -> None:
    previous = GENESIS
    for expected, row in enumerate(rows, start=1):
        if row["seq"] != expected:
            raise TamperedError(expected, f"found row {row['seq']} instead: cut or reordered")
        if row["prev_hash"] != previous:
            raise TamperedError(expected, "does not follow from the row before it")
        if row["body_hash"] != hashlib.sha256(row["body"].encode()).hexdigest():
            raise TamperedError(expected, "the body was edited")
        if row["hash"] != row_hash(row):
            raise TamperedError(expected, "a column was edited")
        previous = row["hash"]


def _check_checkpoint(
    checkpoint: Json, hashes: dict[int, str], keys: dict[str, bytes], owner: str | None
) -> None:
    seq: int = checkpoint["seq"]
    header_text, payload_text, signature = checkpoint["statement"].split(".")
    header: Json = json.loads(_decode(header_text))
    key = keys.get(header.get("kid", ""))
    if key is None or header.get("typ") != CHECKPOINT_TYP or header.get("alg") != "EdDSA":
        raise TamperedError(seq, "the checkpoint is not signed by a trusted checkpoint key")
    try:
        signed = f"{header_text}.{payload_text}".encode()
        Ed25519PublicKey.from_public_bytes(key).verify(_decode(signature), signed)
    except InvalidSignature as error:
        raise TamperedError(seq, "the checkpoint's signature does not verify") from error
    claims: Json = json.loads(_decode(payload_text))
    if (claims["sub"], claims["seq"], claims["hash"]) != (owner or claims["sub"], seq, hashes.get(seq)):
        raise TamperedError(seq, "the signed checkpoint names another row: cut, rewritten or rolled back")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def main() -> int:
    parser = argparse.ArgumentParser(description="Check an exported audit chain.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--trust", type=Path, help="the trust file that you kept yourself")
    parser.add_argument("--earlier", type=Path, help="an export made before, which this one must continue")
    wanted = parser.parse_args()
    try:
        export = read_export(wanted.export)
        verify(export, keys=read_trust(wanted.trust) if wanted.trust else export.keys)
        if wanted.earlier:
            verify_follows(export, earlier=read_export(wanted.earlier))
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"cannot be checked: {error}\n")
        return 2
    except TamperedError as error:
        sys.stderr.write(f"TAMPERED: {error}\n")
        return 1
    sys.stdout.write(f"ok: {len(export.rows)} rows, {len(export.checkpoints)} signed checkpoints\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
