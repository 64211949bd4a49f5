"""Envelope encryption at rest: a fresh AES-256-GCM data key per record, wrapped by a versioned key-encryption key.

The record's ids and version are authenticated data, so an envelope moved to another record does not open.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, cast
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_KEY_BYTES = 32


class EnvelopeError(Exception):
    """The envelope does not open: another record's, damaged, or its key-encryption key is gone."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    key_version: str
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    key: WrappedKey
    ciphertext: bytes = field(repr=False)


class KeyEncryption(Protocol):
    """Where data keys are wrapped: a file here, a key management service elsewhere."""

    def active_version(self) -> str: ...

    async def wrap(self, data_key: bytes, *, context: bytes) -> WrappedKey: ...

    async def unwrap(self, key: WrappedKey, *, context: bytes) -> bytes:
        """Raises: EnvelopeError."""
        ...


@dataclass(slots=True)
class FileKeyEncryption:
    """Key-encryption keys in a file that only its owner can read; re-read when it changes.

    Shape: the file is `{"active": "<version>", "keys": {"<version>": "<base64 of 32 bytes>"}}`.
    """

    path: Path
    _stamp: tuple[int, int] = (0, 0)
    _active: str = ""
    _keys: Mapping[str, AESGCM] = field(default_factory=dict[str, AESGCM], repr=False)

    def active_version(self) -> str:
        self._refresh()
        return self._active

    async def wrap(self, data_key: bytes, *, context: bytes) -> WrappedKey:
        version = self.active_version()
        return WrappedKey(version, _encrypt(self._keys[version], data_key, context=context))

    async def unwrap(self, key: WrappedKey, *, context: bytes) -> bytes:
        self._refresh()
        if key.key_version not in self._keys:
            raise EnvelopeError(f"no key-encryption key {key.key_version!r}")
        return _decrypt(self._keys[key.key_version], key.wrapped, context=context)

    def _refresh(self) -> None:
        stat = self.path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._stamp:
            self._active, self._keys = _read(self.path)
            self._stamp = stamp


def record_context(*, credential_ref: UUID, customer_id: UUID, version: int) -> bytes:
    """The authenticated data of a stored credential: which record, whose, and its how-manieth content."""
    return f"{credential_ref}|{customer_id}|{version}".encode()


def add_key_version(path: Path) -> str:
    """Add a fresh key-encryption key, make it the active one, and return its version; re-wrap afterwards."""
    document = json.loads(path.read_text())
    version = str(max(map(int, document["keys"])) + 1)
    document["keys"][version] = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    document["active"] = version
    _replace_private(path, json.dumps(document))
    return version


async def seal(plaintext: bytes, *, context: bytes, keys: KeyEncryption) -> Envelope:
    """`context` names the record; the same bytes are needed to open the envelope."""
    data_key = AESGCM.generate_key(bit_length=8 * _KEY_BYTES)
    ciphertext = _encrypt(AESGCM(data_key), plaintext, context=context)
    return Envelope(await keys.wrap(data_key, context=context), ciphertext)


async def unseal(envelope: Envelope, *, context: bytes, keys: KeyEncryption) -> bytes:
    """Raises: EnvelopeError."""
    data_key = await keys.unwrap(envelope.key, context=context)
    return _decrypt(AESGCM(data_key), envelope.ciphertext, context=context)


async def rewrap(key: WrappedKey, *, context: bytes, keys: KeyEncryption) -> WrappedKey:
    """Wrap the same data key under the active version; the ciphertext stays as it is.

    Raises: EnvelopeError.
    """
    return await keys.wrap(await keys.unwrap(key, context=context), context=context)


async def derive_key(envelope: Envelope, *, context: bytes, purpose: str, keys: KeyEncryption) -> bytes:
    """A key that whoever can open the envelope can make again, and that ends with the envelope.

    Raises: EnvelopeError.
    """
    data_key = await keys.unwrap(envelope.key, context=context)
    info = purpose.encode() + b"|" + context
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(data_key)


def check_private(path: Path) -> None:
    """Raises: ValueError that says what to do, when others can read the file."""
    if path.stat().st_mode & 0o077:
        raise ValueError(f"{path.name} can be read by others: run `chmod 600` on it")


def _encrypt(cipher: AESGCM, plaintext: bytes, *, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plaintext, context)


def _decrypt(cipher: AESGCM, sealed: bytes, *, context: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise EnvelopeError("the envelope does not open for this record") from error


def _read(path: Path) -> tuple[str, dict[str, AESGCM]]:
    document = cast("dict[str, object]", json.loads(path.read_text()))
    encoded = cast("dict[str, str]", document["keys"])
    keys = {version: AESGCM(base64.b64decode(text, validate=True)) for version, text in encoded.items()}
    active = str(document["active"])
    if active not in keys:
        raise EnvelopeError(f"the active key-encryption key {active!r} is not in {path.name}")
    return active, keys


def _replace_private(path: Path, text: str) -> None:
    scratch = path.with_suffix(".tmp")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    scratch.replace(path)
