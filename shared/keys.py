"""Ed25519 keys: private ones in the owner's folder, public ones in one trust file.

A service signs with its newest key of a purpose and accepts every key that the trust file lists,
so a key is rotated without downtime: add the new public key, start signing, later remove the old one.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from joserfc.jwk import OKPKey


class Issuer(StrEnum):
    CP = "cp"
    PP = "pp"
    GATEWAY = "gateway"
    PLANT = "plant"


class Purpose(StrEnum):
    APPROVAL = "approval"
    IDENTITY = "identity"
    VAULT = "vault"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class SigningKey:
    kid: str
    issuer: Issuer
    purpose: Purpose
    jwk: OKPKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class TrustedKey:
    kid: str
    issuer: Issuer
    purpose: Purpose
    jwk: OKPKey = field(repr=False)


@dataclass(slots=True, eq=False)
class TrustStore:
    """The public keys of all services; re-read when the file changes, so rotation needs no restart."""

    path: Path
    _stamp: tuple[int, int] = (0, 0)
    _keys: Mapping[str, TrustedKey] = field(default_factory=dict[str, TrustedKey])

    def find(self, kid: str, *, purpose: Purpose) -> TrustedKey | None:
        """Return the key of exactly this id and purpose; a key of one purpose never serves another."""
        self._refresh()
        key = self._keys.get(kid)
        return key if key and key.purpose is purpose else None

    def stamp(self) -> tuple[int, int]:
        """What the trusted keys are known by: another one after every change of the file."""
        self._refresh()
        return self._stamp

    def _refresh(self) -> None:
        stat = self.path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._stamp:
            self._keys = {key.kid: key for key in map(_trusted_key, _read_jwks(self.path))}
            self._stamp = stamp


def make_signing_key(folder: Path, *, issuer: Issuer, purpose: Purpose) -> SigningKey:
    """Make a key and write its private half to `folder`, readable by the owner only."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    kid = f"{issuer}-{purpose}-{stamp}"
    jwk = OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"}, private=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_private(folder / f"{kid}.jwk", json.dumps(jwk.as_dict(private=True)))
    return SigningKey(kid, issuer, purpose, jwk)


def load_signing_key(folder: Path, *, issuer: Issuer, purpose: Purpose) -> SigningKey:
    """Load the newest private key of a purpose.

    Raises: FileNotFoundError when the folder holds none.
    """
    paths = sorted(folder.glob(f"{issuer}-{purpose}-*.jwk"))
    if not paths:
        raise FileNotFoundError(f"no {issuer} {purpose} key in {folder}: run `countersign keys init`")
    jwk = OKPKey.import_key(json.loads(paths[-1].read_text()))
    return SigningKey(paths[-1].stem, issuer, purpose, jwk)


def trust(path: Path, *, key: SigningKey) -> None:
    """Add a key's public half to the trust file."""
    keys = _read_jwks(path) if path.exists() else []
    public = key.jwk.as_dict(private=False) | {"kid": key.kid, "iss": key.issuer, "purpose": key.purpose}
    _replace(path, json.dumps({"keys": [*keys, public]}, indent=2))


def distrust(path: Path, *, kid: str) -> None:
    """Remove a public key from the trust file; what it signed is refused from now on."""
    _replace(path, json.dumps({"keys": [k for k in _read_jwks(path) if k["kid"] != kid]}, indent=2))


def _read_jwks(path: Path) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", json.loads(path.read_text())["keys"])


def _trusted_key(entry: dict[str, Any]) -> TrustedKey:
    public = {name: entry[name] for name in ("kty", "crv", "x")}
    return TrustedKey(
        entry["kid"], Issuer(entry["iss"]), Purpose(entry["purpose"]), OKPKey.import_key(cast("Any", public))
    )


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _replace(path: Path, text: str) -> None:
    scratch = path.with_suffix(".tmp")
    scratch.write_text(text)
    scratch.replace(path)
