"""The audit chain: each way of tampering with it is found, and the first broken row is named."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from plant.evidence.audit_chain import (
    CHECKPOINT_TYP,
    GENESIS,
    ChainRow,
    Checkpoint,
    Recorded,
    row_hash,
    verify_chain,
    verify_records,
)
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, make_signing_key, trust
from shared.tokens import sign

CUSTOMER = UUID(int=5)
START = datetime(2026, 11, 20, 12, 0, 0, 123456, UTC)
Rows = list[ChainRow]


def create_row(seq: int, *, prev_hash: str, body: str = "{}") -> ChainRow:
    body_hash = hashlib.sha256(body.encode()).hexdigest()
    row = ChainRow(CUSTOMER, seq, START + timedelta(seconds=seq), "kind", body, body_hash, prev_hash, "")
    return replace(row, hash=row_hash(row))


def create_chain(length: int) -> Rows:
    rows: Rows = []
    for seq in range(1, length + 1):
        rows.append(create_row(seq, prev_hash=rows[-1].hash if rows else GENESIS, body=f'{{"n":{seq}}}'))
    return rows


def create_checkpoint(row: ChainRow, key: SigningKey) -> Checkpoint:
    claims = {"iss": "plant", "sub": str(CUSTOMER), "seq": row.seq, "hash": row.hash, "iat": 1}
    return Checkpoint(row.seq, sign(claims, key=key, typ=CHECKPOINT_TYP))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[SigningKey, TrustStore]:
    folder: Path = tmp_path_factory.mktemp("keys")
    key = make_signing_key(folder, issuer=Issuer.PLANT, purpose=Purpose.CHECKPOINT)
    trust(folder / "trust.json", key=key)
    return key, TrustStore(folder / "trust.json")


def test_untouched_chain_is_ok(keys: tuple[SigningKey, TrustStore]) -> None:
    rows = create_chain(5)

    verdict = verify_chain(rows, checkpoints=[create_checkpoint(rows[2], keys[0])], head_seq=5, trust=keys[1])

    assert verdict.ok
    assert verdict.rows == 5


def test_empty_chain_is_ok(keys: tuple[SigningKey, TrustStore]) -> None:
    assert verify_chain([], checkpoints=[], head_seq=0, trust=keys[1]).ok


def _edit_body(rows: Rows) -> Rows:
    return [*rows[:2], replace(rows[2], body='{"n":99}'), *rows[3:]]


def _edit_kind(rows: Rows) -> Rows:
    return [*rows[:2], replace(rows[2], kind="other"), *rows[3:]]


def _edit_time(rows: Rows) -> Rows:
    return [*rows[:2], replace(rows[2], at=rows[2].at + timedelta(microseconds=1)), *rows[3:]]


def _edit_body_and_hashes(rows: Rows) -> Rows:
    forged = create_row(3, prev_hash=rows[1].hash, body='{"n":99}')
    return [*rows[:2], forged, *rows[3:]]


def _cut_middle(rows: Rows) -> Rows:
    return [*rows[:2], *rows[3:]]


def _reorder(rows: Rows) -> Rows:
    return [*rows[:2], rows[3], rows[2], *rows[4:]]


def _borrow(rows: Rows) -> Rows:
    return [*rows[:2], replace(rows[2], customer_id=UUID(int=6)), *rows[3:]]


@pytest.mark.parametrize(
    ("tamper", "first_broken"),
    [
        (_edit_body, 3),
        (_edit_kind, 3),
        (_edit_time, 3),
        (_edit_body_and_hashes, 4),
        (_cut_middle, 3),
        (_reorder, 3),
        (_borrow, 3),
    ],
)
def test_tampered_chain_names_the_first_broken_row(
    tamper: Callable[[Rows], Rows], first_broken: int, keys: tuple[SigningKey, TrustStore]
) -> None:
    rows = create_chain(6)
    assert verify_chain(rows, checkpoints=[], head_seq=6, trust=keys[1]).ok

    verdict = verify_chain(tamper(rows), checkpoints=[], head_seq=6, trust=keys[1])

    assert not verdict.ok
    assert verdict.first_broken_seq == first_broken


def test_cut_tail_with_the_head_turned_back_meets_the_checkpoint(keys: tuple[SigningKey, TrustStore]) -> None:
    rows = create_chain(6)
    checkpoint = create_checkpoint(rows[5], keys[0])

    verdict = verify_chain(rows[:4], checkpoints=[checkpoint], head_seq=4, trust=keys[1])

    assert verdict.first_broken_seq == 6


def test_cut_tail_is_noticed_at_the_head(keys: tuple[SigningKey, TrustStore]) -> None:
    assert verify_chain(create_chain(6)[:4], checkpoints=[], head_seq=6, trust=keys[1]).first_broken_seq == 5


def test_chain_rewritten_as_a_whole_meets_the_checkpoint(keys: tuple[SigningKey, TrustStore]) -> None:
    checkpoint = create_checkpoint(create_chain(6)[3], keys[0])
    rewritten: Rows = []
    for seq in range(1, 7):
        rewritten.append(create_row(seq, prev_hash=rewritten[-1].hash if rewritten else GENESIS, body="{}"))

    verdict = verify_chain(rewritten, checkpoints=[checkpoint], head_seq=6, trust=keys[1])

    assert verdict.first_broken_seq == 4


def test_checkpoint_of_another_key_proves_nothing(
    keys: tuple[SigningKey, TrustStore], tmp_path: Path
) -> None:
    rows = create_chain(3)
    stranger = make_signing_key(tmp_path, issuer=Issuer.PLANT, purpose=Purpose.CHECKPOINT)

    verdict = verify_chain(
        rows, checkpoints=[create_checkpoint(rows[1], stranger)], head_seq=3, trust=keys[1]
    )

    assert verdict.first_broken_seq == 2


DENIED = Recorded("decision.denied", "d-1", "kill_switch")
RELEASED = Recorded("execution.released", "e-1", "")


def create_logged() -> Rows:
    """A log of one denial and one release."""
    bodies = {
        DENIED.kind: '{"decision_id":"d-1","reason":"kill_switch"}',
        RELEASED.kind: '{"execution_id":"e-1"}',
    }
    return [
        replace(create_row(seq, prev_hash="", body=body), kind=kind)
        for seq, (kind, body) in enumerate(bodies.items(), start=1)
    ]


@pytest.mark.parametrize(
    ("recorded", "broken_seq"),
    [
        ({DENIED, RELEASED}, None),
        ({RELEASED}, 1),
        ({DENIED}, 2),
        ({DENIED._replace(reason="risk_denied"), RELEASED}, 1),
        ({DENIED, RELEASED, RELEASED._replace(subject="e-2")}, 3),
    ],
)
def test_record_without_its_row_or_row_without_its_record_is_found(
    recorded: set[Recorded], broken_seq: int | None
) -> None:
    verdict = verify_records(create_logged(), recorded)

    assert (verdict.ok, verdict.first_broken_seq) == (broken_seq is None, broken_seq)


def test_chain_that_is_gone_is_missed_by_its_records() -> None:
    assert verify_records([], set()).ok
    assert not verify_records([], {DENIED}).ok
