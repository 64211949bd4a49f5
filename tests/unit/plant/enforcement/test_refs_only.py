"""Refs only: what looks like a secret is refused wherever it stands; refs, hashes and prose pass."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import JsonValue

from plant.enforcement.model import ALLOW, Deny, GateInputs
from plant.enforcement.refs_only import refs_only
from shared.denials import DenialReason
from shared.ids import CustomerId
from shared.keys import TrustStore


def ask(submitted: JsonValue) -> object:
    inputs = GateInputs(
        CustomerId(UUID(int=1)),
        datetime(2026, 11, 20, tzinfo=UTC),
        TrustStore(Path("unused")),
        submitted=submitted,
    )
    return refs_only(inputs)


@pytest.mark.parametrize(
    "submitted",
    [
        {"api_key": "abc"},
        {"settings": {"nested": [{"apiSecret": "abc"}]}},
        {"password": "hunter2"},
        {"access_token": "x"},
        {"purpose": "use sk-live-1234567890abcdef"},
        {"purpose": "Bearer abcdefghijklmnop1234"},
        {"note": "AKIAABCDEFGHIJKLMNOP"},
        {"note": "-----BEGIN PRIVATE KEY-----\nabc"},
        {"note": "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJjcCJ9.c2ln"},
        {"purpose": "key is Zk3vQ9xL7mP2sT8wR4yB6nH1"},
        ["ok", {"client_secret": "x"}],
    ],
)
def test_secret_is_refused(submitted: JsonValue) -> None:
    verdict = ask(submitted)

    assert isinstance(verdict, Deny)
    assert verdict.reason is DenialReason.RAW_SECRET_REJECTED


@pytest.mark.parametrize(
    "submitted",
    [
        None,
        {},
        {"credential_ref": "01a1fa4c-cb0b-739b-9327-b270ba0a9ed5"},
        {"action_hash": "sha256:" + "0123456789abcdef" * 4},
        {"purpose": "close the position before the weekend, as agreed on the phone"},
        {"api_key": None, "units": "0.01", "coin": "BTC"},
        {"purpose": "https://example.test/a-rather-long-path/without-anything-secret"},
    ],
)
def test_ordinary_request_passes(submitted: JsonValue) -> None:
    assert ask(submitted) is ALLOW


def test_denial_names_the_field_and_not_the_secret() -> None:
    verdict = ask({"inputs": {"api_secret": "canary-value"}})

    assert isinstance(verdict, Deny)
    assert "inputs.api_secret" in verdict.detail
    assert "canary-value" not in verdict.detail
