import json
from pathlib import Path

import pytest

from cli.stack.keys import (
    KEY_PLAN,
    key_problems,
    make_missing_keys,
    rotate,
    rotate_key_encryption_key,
)
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, distrust, load_signing_key


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def trust_file(tmp_path: Path) -> Path:
    return tmp_path / "trust.json"


def cp_identity(keys: Path) -> SigningKey:
    return load_signing_key(keys / "cp", issuer=Issuer.CP, purpose=Purpose.IDENTITY)


def test_every_planned_key_is_made_once_and_trusted(keys: Path, trust_file: Path) -> None:
    made = make_missing_keys(keys, trust_file=trust_file)
    again = make_missing_keys(keys, trust_file=trust_file)

    assert len(made) == sum(len(purposes) for purposes in KEY_PLAN.values())
    assert again == []
    for issuer, purposes in KEY_PLAN.items():
        for purpose in purposes:
            key = load_signing_key(keys / issuer, issuer=issuer, purpose=purpose)
            assert TrustStore(trust_file).find(key.kid, purpose=purpose)


def test_plant_holds_no_approval_key(keys: Path, trust_file: Path) -> None:
    make_missing_keys(keys, trust_file=trust_file)

    with pytest.raises(FileNotFoundError):
        load_signing_key(keys / "plant", issuer=Issuer.PLANT, purpose=Purpose.APPROVAL)
    assert "approval" not in " ".join(path.name for path in (keys / "plant").iterdir())


def test_private_keys_are_readable_by_their_owner_only(keys: Path, trust_file: Path) -> None:
    make_missing_keys(keys, trust_file=trust_file)

    assert {path.stat().st_mode & 0o777 for path in keys.glob("*/*")} == {0o600}
    assert '"d"' not in trust_file.read_text()


def test_a_newest_key_that_is_not_trusted_is_replaced_not_trusted(keys: Path, trust_file: Path) -> None:
    make_missing_keys(keys, trust_file=trust_file)
    old = cp_identity(keys)
    distrust(trust_file, kid=old.kid)

    (made,) = make_missing_keys(keys, trust_file=trust_file)

    assert made != old.kid
    assert TrustStore(trust_file).find(old.kid, purpose=Purpose.IDENTITY) is None


def test_a_rotated_key_signs_and_the_old_one_stays_trusted(keys: Path, trust_file: Path) -> None:
    make_missing_keys(keys, trust_file=trust_file)
    old = cp_identity(keys)

    new = rotate(keys, trust_file=trust_file, issuer=Issuer.CP, purpose=Purpose.IDENTITY)

    assert cp_identity(keys).kid == new.kid != old.kid
    trust = TrustStore(trust_file)
    assert trust.find(old.kid, purpose=Purpose.IDENTITY)
    assert trust.find(new.kid, purpose=Purpose.IDENTITY)


def test_a_rotated_key_encryption_key_is_active_and_the_old_one_kept(keys: Path, trust_file: Path) -> None:
    make_missing_keys(keys, trust_file=trust_file)
    before = json.loads((keys / "cp" / "kek.json").read_text())

    version = rotate_key_encryption_key(keys, owner=Issuer.CP)

    after = json.loads((keys / "cp" / "kek.json").read_text())
    assert (before["active"], after["active"]) == ("1", version)
    assert after["keys"]["1"] == before["keys"]["1"]
    assert after["keys"][version] != before["keys"]["1"]


def test_what_is_wrong_with_the_keys_is_said(keys: Path, trust_file: Path) -> None:
    make_missing_keys(keys, trust_file=trust_file)
    assert key_problems(keys, trust_file=trust_file) == []

    (keys / "pp" / "kek.json").unlink()
    (keys / "cp" / "kek.json").chmod(0o644)
    distrust(trust_file, kid=cp_identity(keys).kid)

    assert key_problems(keys, trust_file=trust_file) == [
        "no trusted cp identity key",
        "no pp/kek.json",
        "cp/kek.json is readable by others: chmod 600 it",
    ]
