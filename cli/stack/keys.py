"""The services' keys: made on the first start; public halves go to one trust file."""

import base64
import json
import secrets
from pathlib import Path

from cli.stack.passwords import write_private
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, load_signing_key, make_signing_key, trust

KEY_PLAN: dict[Issuer, tuple[Purpose, ...]] = {
    Issuer.CP: (Purpose.APPROVAL, Purpose.IDENTITY, Purpose.VAULT),
    Issuer.PP: (Purpose.APPROVAL, Purpose.IDENTITY, Purpose.VAULT),
    Issuer.GATEWAY: (Purpose.IDENTITY,),
    Issuer.PLANT: (Purpose.IDENTITY, Purpose.CHECKPOINT),
}
VAULT_OWNERS = (Issuer.CP, Issuer.PP)
KEK_FILE = "kek.json"


def make_missing_keys(keys: Path, *, trust_file: Path) -> list[str]:
    """Make every key that is missing, or whose newest one is not trusted; return the new key ids."""
    made: list[str] = []
    for issuer, purposes in KEY_PLAN.items():
        for purpose in purposes:
            if not _has_trusted_key(keys / issuer, issuer, purpose, trust_file):
                made.append(rotate(keys, trust_file=trust_file, issuer=issuer, purpose=purpose).kid)
    for owner in VAULT_OWNERS:
        _make_key_encryption_key(keys / owner / KEK_FILE)
    return made


def rotate(keys: Path, *, trust_file: Path, issuer: Issuer, purpose: Purpose) -> SigningKey:
    """Make a new signing key and trust it; what older keys signed stays valid."""
    key = make_signing_key(keys / issuer, issuer=issuer, purpose=purpose)
    trust(trust_file, key=key)
    return key


def rotate_key_encryption_key(keys: Path, *, owner: Issuer) -> str:
    """Add a key-encryption key and make it the active one; older ones stay, for what they wrapped.

    Raises: FileNotFoundError when the vault has none yet.
    """
    path = keys / owner / KEK_FILE
    content = json.loads(path.read_text())
    version = str(max(int(known) for known in content["keys"]) + 1)
    content["keys"][version] = _random_key()
    write_private(path, json.dumps({**content, "active": version}))
    return version


def key_problems(keys: Path, *, trust_file: Path) -> list[str]:
    """Say which keys are missing, not trusted, or readable by others."""
    missing = [
        f"no trusted {issuer} {purpose} key"
        for issuer, purposes in KEY_PLAN.items()
        for purpose in purposes
        if not _has_trusted_key(keys / issuer, issuer, purpose, trust_file)
    ]
    missing += [f"no {owner}/{KEK_FILE}" for owner in VAULT_OWNERS if not (keys / owner / KEK_FILE).exists()]
    open_to_others = [
        f"{path.relative_to(keys)} is readable by others: chmod 600 it"
        for path in sorted(keys.glob("*/*"))
        if path.stat().st_mode & 0o077
    ]
    return missing + open_to_others


def _has_trusted_key(folder: Path, issuer: Issuer, purpose: Purpose, trust_file: Path) -> bool:
    try:
        key = load_signing_key(folder, issuer=issuer, purpose=purpose)
        return TrustStore(trust_file).find(key.kid, purpose=purpose) is not None
    except FileNotFoundError:
        return False


def _make_key_encryption_key(path: Path) -> None:
    if not path.exists():
        write_private(path, json.dumps({"active": "1", "keys": {"1": _random_key()}}))


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
