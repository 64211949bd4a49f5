"""Envelopes open for their own record only, survive key rotation, and never open when damaged."""

import base64
import json
import os
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from shared.vault.envelope import (
    Envelope,
    EnvelopeError,
    FileKeyEncryption,
    WrappedKey,
    add_key_version,
    check_private,
    record_context,
    rewrap,
    seal,
    unseal,
)

REF, CUSTOMER, ANOTHER = UUID(int=1), UUID(int=2), UUID(int=3)
CONTEXT = record_context(credential_ref=REF, customer_id=CUSTOMER, version=1)


@pytest.fixture
def kek_file(tmp_path: Path) -> Path:
    path = tmp_path / "kek.json"
    path.write_text(json.dumps({"active": "1", "keys": {"1": base64.b64encode(os.urandom(32)).decode()}}))
    path.chmod(0o600)
    return path


async def test_sealed_record_opens_again(kek_file: Path) -> None:
    keys = FileKeyEncryption(kek_file)

    envelope = await seal(b"plain", context=CONTEXT, keys=keys)

    assert b"plain" not in envelope.ciphertext
    assert await unseal(envelope, context=CONTEXT, keys=keys) == b"plain"


async def test_same_plaintext_is_never_sealed_alike(kek_file: Path) -> None:
    keys = FileKeyEncryption(kek_file)

    first, second = [await seal(b"plain", context=CONTEXT, keys=keys) for _ in range(2)]

    assert first.ciphertext != second.ciphertext
    assert first.key.wrapped != second.key.wrapped


@pytest.mark.parametrize(
    "other",
    [
        record_context(credential_ref=ANOTHER, customer_id=CUSTOMER, version=1),
        record_context(credential_ref=REF, customer_id=ANOTHER, version=1),
        record_context(credential_ref=REF, customer_id=CUSTOMER, version=2),
    ],
)
async def test_envelope_moved_to_another_record_does_not_open(kek_file: Path, other: bytes) -> None:
    keys = FileKeyEncryption(kek_file)
    envelope = await seal(b"plain", context=CONTEXT, keys=keys)

    with pytest.raises(EnvelopeError):
        await unseal(envelope, context=other, keys=keys)


@pytest.mark.parametrize("damage", ["ciphertext", "wrapped", "version", "empty"])
async def test_damaged_envelope_does_not_open(kek_file: Path, damage: str) -> None:
    keys = FileKeyEncryption(kek_file)
    good = await seal(b"plain", context=CONTEXT, keys=keys)
    flipped = bytes([good.ciphertext[-1] ^ 1])
    damaged = {
        "ciphertext": replace(good, ciphertext=good.ciphertext[:-1] + flipped),
        "wrapped": replace(good, key=WrappedKey("1", good.key.wrapped[:-1])),
        "version": replace(good, key=WrappedKey("7", good.key.wrapped)),
        "empty": Envelope(good.key, b""),
    }[damage]

    with pytest.raises(EnvelopeError):
        await unseal(damaged, context=CONTEXT, keys=keys)


async def test_rotation_keeps_old_records_readable_and_rewraps_them(kek_file: Path) -> None:
    keys = FileKeyEncryption(kek_file)
    old = await seal(b"plain", context=CONTEXT, keys=keys)

    version = add_key_version(kek_file)

    assert keys.active_version() == version == "2"
    assert await unseal(old, context=CONTEXT, keys=keys) == b"plain"
    new = replace(old, key=await rewrap(old.key, context=CONTEXT, keys=keys))
    assert new.key.key_version == "2"
    assert await unseal(new, context=CONTEXT, keys=keys) == b"plain"
    assert kek_file.stat().st_mode & 0o777 == 0o600


def test_key_file_open_to_others_is_refused(kek_file: Path) -> None:
    check_private(kek_file)
    kek_file.chmod(0o640)

    with pytest.raises(ValueError, match="chmod 600"):
        check_private(kek_file)


async def test_representations_show_no_key_material(kek_file: Path) -> None:
    keys = FileKeyEncryption(kek_file)

    envelope = await seal(b"plain", context=CONTEXT, keys=keys)

    assert repr(envelope) == "Envelope(key=WrappedKey(key_version='1'))"
    assert "AESGCM" not in repr(keys)
