"""The audit log's hash chain: how a row's hash is made, and how a chain is checked.

Each row's hash covers all its columns and the hash before it; signed checkpoints name a head, so that
a cut tail, a rewritten chain and a restored backup are noticed.
"""

import hashlib
import json
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from shared.contracts.evidence import AuditVerdict
from shared.keys import Purpose, TrustStore
from shared.tokens import MalformedTokenError, UntrustedKeyError, verify

GENESIS = "0" * 64
CHECKPOINT_TYP = "audit-checkpoint+jwt"
_SUBJECTS = {"decision.denied": "decision_id", "execution.released": "execution_id"}


@dataclass(frozen=True, slots=True)
class ChainRow:
    """Shape: `body` is the stored text, to the byte."""

    customer_id: UUID
    seq: int
    at: datetime
    kind: str
    body: str
    body_hash: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    seq: int
    statement: str


class Recorded(NamedTuple):
    """A denial or a release as the tables beside the log have it; `kind` is that of its row in the log."""

    kind: str
    subject: str
    reason: str


def row_hash(row: ChainRow) -> str:
    moment = row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    parts = (str(row.customer_id), str(row.seq), moment, row.kind, row.body_hash, row.prev_hash)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def verify_chain(
    rows: Sequence[ChainRow], *, checkpoints: Sequence[Checkpoint], head_seq: int, trust: TrustStore
) -> AuditVerdict:
    """Check one customer's rows, in order of seq, against each other, the checkpoints and the head."""
    broken = _first_broken(rows)
    if broken is not None:
        return _bad(rows, broken, "the row does not follow from the one before it")
    hashes = {row.seq: row.hash for row in rows}
    for checkpoint in checkpoints:
        if not _is_met(checkpoint, rows, hashes, trust):
            return _bad(
                rows, checkpoint.seq, "a signed checkpoint does not match the log: rows were cut or rewritten"
            )
    if len(rows) != head_seq:
        return _bad(rows, len(rows) + 1, f"the log ends at {len(rows)}, its head is at {head_seq}")
    return _good(rows)


def verify_records(rows: Sequence[ChainRow], recorded: Set[Recorded]) -> AuditVerdict:
    """Check an intact chain against the denials and releases that it is about: each has its row, and no row more."""
    seq_of = {_record_of(row): row.seq for row in rows if row.kind in _SUBJECTS}
    made_up, unlogged = seq_of.keys() - recorded, recorded - seq_of.keys()
    if made_up:
        seq = min(seq_of[record] for record in made_up)
        return _bad(rows, seq, "what the row records is missing, or was changed")
    if unlogged:
        return _bad(rows, len(rows) + 1, f"{len(unlogged)} denials or releases have no row in the log")
    return _good(rows)


def _record_of(row: ChainRow) -> Recorded:
    body = json.loads(row.body)
    return Recorded(row.kind, str(body.get(_SUBJECTS[row.kind])), str(body.get("reason", "")))


def _first_broken(rows: Sequence[ChainRow]) -> int | None:
    previous = GENESIS
    for expected_seq, row in enumerate(rows, start=1):
        body_hash = hashlib.sha256(row.body.encode()).hexdigest()
        intact = row.seq == expected_seq and row.prev_hash == previous and row.body_hash == body_hash
        if not intact or row.hash != row_hash(row):
            return expected_seq
        previous = row.hash
    return None


def _is_met(
    checkpoint: Checkpoint, rows: Sequence[ChainRow], hashes: dict[int, str], trust: TrustStore
) -> bool:
    try:
        claims = verify(
            checkpoint.statement, typ=CHECKPOINT_TYP, purpose=Purpose.CHECKPOINT, trust=trust
        ).claims
    except (MalformedTokenError, UntrustedKeyError):
        return False
    owner = str(rows[0].customer_id) if rows else claims.get("sub")
    named = (claims.get("sub"), claims.get("seq"), claims.get("hash"))
    return named == (owner, checkpoint.seq, hashes.get(checkpoint.seq))


def _good(rows: Sequence[ChainRow]) -> AuditVerdict:
    detail = "every row follows from the last"
    return AuditVerdict(ok=True, rows=len(rows), first_broken_seq=None, detail=detail)


def _bad(rows: Sequence[ChainRow], seq: int, detail: str) -> AuditVerdict:
    return AuditVerdict(ok=False, rows=len(rows), first_broken_seq=seq, detail=f"{detail} (seq {seq})")
