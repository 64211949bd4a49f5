"""Opening a bundle: everything that is not a fresh bundle of a trusted vault to this very key is refused."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwe
from joserfc.jwk import OKPKey

from shared.bundle_format import (
    ALGORITHMS,
    JWE_TYP,
    TYP,
    BundleRefusedError,
    OneTimeKey,
    make_one_time_key,
    open_bundle,
)
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, make_signing_key, trust
from shared.tokens import sign

CANARY = "canary-secret-5a1f"


@pytest.fixture
def vault_key(tmp_path: Path) -> SigningKey:
    return make_signing_key(tmp_path, issuer=Issuer.CP, purpose=Purpose.VAULT)


@pytest.fixture
def trusted(tmp_path: Path, vault_key: SigningKey) -> TrustStore:
    trust(tmp_path / "trust.json", key=vault_key)
    return TrustStore(tmp_path / "trust.json")


def claims(*, iat_in_s: int = 0, exp_in_s: int = 60, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    fresh = {
        "iss": "cp",
        "aud": "plant",
        "credential_ref": str(uuid4()),
        "customer_id": str(uuid4()),
        "purpose": "execute",
        "read_only": False,
        "execution_id": str(uuid4()),
        "provider": "delta_exchange_india",
        "api_key": "key",
        "api_secret": CANARY,
        "iat": now + iat_in_s,
        "exp": now + exp_in_s,
    }
    return fresh | changes


def platform_claims() -> dict[str, Any]:
    """A bundle for refreshing."""
    exchange = claims(purpose="refresh", read_only=True, provider="x", execution_id=None)
    others = {name: value for name, value in exchange.items() if name not in ("api_key", "api_secret")}
    secrets = {"access_token": CANARY, "refresh_token": CANARY, "posting_identity": "demo_a"}
    return others | secrets | {"renewal": {"version": 3, "key": CANARY}}


def sealed(signed: str, key: OneTimeKey, **header: str) -> str:
    recipient = OKPKey.import_key({"kty": "OKP", "crv": "X25519", "x": key.public_text})
    headers = {"alg": "ECDH-ES", "enc": "A256GCM", "typ": JWE_TYP} | header
    return jwe.encrypt_compact(headers, signed.encode(), recipient, algorithms=ALGORITHMS)


def test_fresh_bundle_opens(vault_key: SigningKey, trusted: TrustStore) -> None:
    key, content = make_one_time_key(), claims()

    contents = open_bundle(sealed(sign(content, key=vault_key, typ=TYP), key), key=key, trust=trusted)

    assert str(contents.execution_id) == content["execution_id"]
    assert contents.keys.api_secret.get_secret_value() == CANARY


def test_platform_bundle_opens_and_shows_no_token(vault_key: SigningKey, trusted: TrustStore) -> None:
    key, content = make_one_time_key(), platform_claims()

    contents = open_bundle(sealed(sign(content, key=vault_key, typ=TYP), key), key=key, trust=trusted)

    assert contents.tokens.access_token.get_secret_value() == CANARY
    assert contents.renewal is not None
    assert contents.renewal.version == 3
    assert CANARY not in repr(contents)


@pytest.mark.parametrize(
    "changes",
    [
        {"renewal": None},
        {"purpose": "read"},
        {"purpose": "execute", "read_only": False},
        {"read_only": False},
        {"access_token": None},
        {"api_key": "key"},
        {"api_key": "key", "api_secret": CANARY},
    ],
)
def test_platform_bundle_with_wrong_claims_is_refused(
    vault_key: SigningKey, trusted: TrustStore, changes: dict[str, Any]
) -> None:
    key = make_one_time_key()
    text = sealed(sign(platform_claims() | changes, key=vault_key, typ=TYP), key)

    with pytest.raises(BundleRefusedError) as refused:
        open_bundle(text, key=key, trust=trusted)

    assert CANARY not in f"{refused.value!r}{refused.value.__cause__!r}"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "cp"},
        {"iss": "plant"},
        {"exp_in_s": -1},
        {"exp_in_s": 120},
        {"iat_in_s": 60, "exp_in_s": 90},
        {"read_only": True},
        {"purpose": "read"},
        {"purpose": "publish"},
        {"api_secret": None},
        {"extra": 1},
    ],
)
def test_bundle_with_wrong_claims_is_refused(
    vault_key: SigningKey, trusted: TrustStore, changes: dict[str, Any]
) -> None:
    key = make_one_time_key()
    text = sealed(sign(claims(**changes), key=vault_key, typ=TYP), key)

    with pytest.raises(BundleRefusedError) as refused:
        open_bundle(text, key=key, trust=trusted)

    assert CANARY not in f"{refused.value!r}{refused.value.__cause__!r}"


def test_bundle_to_another_key_is_refused(vault_key: SigningKey, trusted: TrustStore) -> None:
    text = sealed(sign(claims(), key=vault_key, typ=TYP), make_one_time_key())

    with pytest.raises(BundleRefusedError):
        open_bundle(text, key=make_one_time_key(), trust=trusted)


def test_bundle_signed_by_a_stranger_is_refused(trusted: TrustStore, tmp_path: Path) -> None:
    key = make_one_time_key()
    stranger = make_signing_key(tmp_path / "stranger", issuer=Issuer.CP, purpose=Purpose.VAULT)

    with pytest.raises(BundleRefusedError):
        open_bundle(sealed(sign(claims(), key=stranger, typ=TYP), key), key=key, trust=trusted)


def test_statement_of_another_kind_is_refused(vault_key: SigningKey, trusted: TrustStore) -> None:
    key = make_one_time_key()

    with pytest.raises(BundleRefusedError):
        open_bundle(sealed(sign(claims(), key=vault_key, typ="approval+jwt"), key), key=key, trust=trusted)


def test_envelope_of_another_kind_is_refused(vault_key: SigningKey, trusted: TrustStore) -> None:
    key = make_one_time_key()

    with pytest.raises(BundleRefusedError):
        open_bundle(sealed(sign(claims(), key=vault_key, typ=TYP), key, typ="other"), key=key, trust=trusted)


@pytest.mark.parametrize("text", ["", "a.b.c", "a.b.c.d.e", "é", "x" * 5000])
def test_noise_is_refused(trusted: TrustStore, text: str) -> None:
    with pytest.raises(BundleRefusedError):
        open_bundle(text, key=make_one_time_key(), trust=trusted)


def test_one_time_key_does_not_show_its_private_half() -> None:
    key = make_one_time_key()

    assert str(key.private.as_dict(private=True)["d"]) not in repr(key)
