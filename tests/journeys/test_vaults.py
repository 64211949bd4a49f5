"""The vaults on the real stack: Plant alone is given a key, tampering fails closed, keys rotate under way."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from shared.approvals.mint import mint_approval
from shared.bundle_format import make_one_time_key, open_bundle
from shared.contracts.trading import ExecutionState
from shared.denials import DenialReason
from shared.identity import ActorType
from shared.keys import Issuer, Purpose, TrustStore
from tests.actors import TIMEOUT_S, Operator, exchange_setup
from tests.denied import Scene, new_scene
from tests.forgery import Pretence, approval_claims, signing_key
from tests.stack import Stack
from tests.stored import signed_statement, superuser

BUNDLES = "/internal/v1/credential-bundles"


def as_service(scene: Scene, issuer: Issuer, *, audience: Issuer = Issuer.CP) -> Pretence:
    key = signing_key(scene.stack, issuer, Purpose.IDENTITY)
    return Pretence(key, issuer, ActorType.SERVICE, scene.customer_id, audience=audience)


def bundle_request(scene: Scene, **changes: Any) -> dict[str, Any]:
    request = {
        "credential_ref": str(scene.trader.account.credential_ref),
        "customer_id": str(scene.customer_id),
        "purpose": "read",
        "public_key": make_one_time_key().public_text,
    }
    return request | changes


async def ask(scene: Scene, auth: httpx.Auth | None, **changes: Any) -> httpx.Response:
    async with httpx.AsyncClient(base_url=scene.stack.cp_url, auth=auth, timeout=TIMEOUT_S) as http:
        return await http.post(BUNDLES, json=bundle_request(scene, **changes))


async def test_plant_is_given_a_bundle_that_only_it_can_open(scene: Scene) -> None:
    key = make_one_time_key()

    answer = await ask(scene, as_service(scene, Issuer.PLANT), public_key=key.public_text)

    assert answer.status_code == 200
    contents = open_bundle(answer.json()["bundle"], key=key, trust=TrustStore(scene.stack.trust_file))
    assert contents.keys.api_secret.get_secret_value() == scene.trader.account.api_secret
    assert scene.trader.account.api_secret not in answer.text
    assert (contents.read_only, contents.exp - contents.iat <= 60) == (True, True)


@pytest.mark.parametrize(
    ("issuer", "audience", "status"),
    [
        (Issuer.PLANT, Issuer.PP, 401),
        (Issuer.PLANT, Issuer.PLANT, 401),
        (Issuer.GATEWAY, Issuer.CP, 403),
        (Issuer.CP, Issuer.CP, 403),
        (Issuer.PP, Issuer.CP, 403),
    ],
)
async def test_no_other_service_is_given_one(
    scene: Scene, issuer: Issuer, audience: Issuer, status: int
) -> None:
    answer = await ask(scene, as_service(scene, issuer, audience=audience))

    assert answer.status_code == status
    assert "bundle" not in answer.json()


async def test_no_person_is_given_one(scene: Scene) -> None:
    anonymous = await ask(scene, None)
    customer = await scene.http.post(BUNDLES, json=bundle_request(scene))
    operator = await scene.operator.http.post(BUNDLES, json=bundle_request(scene))

    assert {answer.status_code for answer in (anonymous, customer, operator)} == {401}


async def test_statement_that_the_portal_has_never_minted_releases_nothing(scene: Scene) -> None:
    claims = approval_claims(await scene.trader.draft())
    stolen_key = signing_key(scene.stack, Issuer.CP, Purpose.APPROVAL)
    statement = mint_approval(claims, key=stolen_key)

    answer = await ask(
        scene,
        as_service(scene, Issuer.PLANT),
        purpose="execute",
        approval=statement,
        execution_id=str(uuid4()),
    )

    assert (answer.status_code, answer.json()["reason"]) == (403, DenialReason.APPROVAL_UNKNOWN)


async def test_each_release_of_a_trade_is_on_record_with_its_correlation_id(
    stack: Stack, admin: Operator
) -> None:
    async with new_scene(stack, admin) as scene:
        approved = await scene.trader.approved()
        executed = await scene.run(**approved.intent)
        execution_id = UUID(executed.json()["execution"]["execution_id"])
        await scene.trader.until(execution_id, ExecutionState.FILLED)

        async with superuser(stack, "cp") as connection:
            rows = await connection.fetch(
                "SELECT purpose, approval_id, execution_id, correlation_id, granted FROM credential_releases"
                " WHERE customer_id = $1",
                scene.customer_id,
            )

        (released,) = [dict(row) for row in rows if row["purpose"] == "execute"]
        assert released == {
            "purpose": "execute",
            "approval_id": approved.approval.approval_id,
            "execution_id": execution_id,
            "correlation_id": UUID(executed.headers["X-Correlation-ID"]),
            "granted": True,
        }
        reads = [row for row in rows if row["purpose"] == "read"]
        assert reads
        assert all(row["approval_id"] is None and row["granted"] for row in reads)


@pytest_asyncio.fixture
async def twins(stack: Stack, admin: Operator) -> AsyncIterator[tuple[Scene, str]]:
    """A customer with the same key stored twice; the other reference goes along."""
    async with new_scene(stack, admin) as scene:
        account = scene.trader.account
        body = exchange_setup(api_key=account.api_key, api_secret=account.api_secret)
        stored = await scene.http.put("/api/cp/exchange-setup", json=body)
        yield scene, stored.json()["credential_ref"]


async def test_same_secret_is_stored_as_different_bytes_each_time(twins: tuple[Scene, str]) -> None:
    scene, _ = twins

    async with superuser(scene.stack, "cp") as connection:
        rows = await connection.fetch(
            "SELECT wrapped_key, ciphertext FROM credentials WHERE customer_id = $1", scene.customer_id
        )

    assert len(rows) == len({row["wrapped_key"] for row in rows}) == len({row["ciphertext"] for row in rows})
    assert scene.trader.account.api_secret.encode() not in b"".join(row["ciphertext"] for row in rows)


@pytest.mark.parametrize("columns", ["ciphertext", "wrapped_key, ciphertext", "wrapped_key"])
async def test_records_swapped_behind_the_vaults_back_fail_closed(
    twins: tuple[Scene, str], columns: str
) -> None:
    scene, other_ref = twins
    assert (await scene.run()).status_code == 200

    await swap(scene, columns)
    answers = [await scene.run(), await scene.run(exchange_account_id=other_ref)]

    for answer in answers:
        record = await scene.assert_denied(answer, DenialReason.CREDENTIAL_UNAVAILABLE)
        assert record.stage == "vault"
        assert "api_secret" not in answer.text
    await swap(scene, columns)
    assert (await scene.run()).status_code == 200


async def swap(scene: Scene, columns: str) -> None:
    names = columns.split(", ")
    changes = ", ".join(f"{name} = other.{name}" for name in names)
    async with superuser(scene.stack, "cp") as connection:
        await connection.execute(
            f"UPDATE credentials c SET {changes} FROM credentials other"  # noqa: S608  constants of the test
            " WHERE c.customer_id = $1 AND other.customer_id = $1 AND c.credential_ref <> other.credential_ref",
            scene.customer_id,
        )


async def test_rotated_keys_are_used_and_what_the_old_ones_made_stays_valid(
    stack: Stack, admin: Operator
) -> None:
    async with new_scene(stack, admin) as scene:
        before = await scene.trader.approved()

        countersign(stack, "keys", "rotate", "cp", "approval")
        countersign(stack, "keys", "rotate", "cp", "vault")
        countersign(stack, "keys", "rotate", "gateway", "identity")
        said = countersign(stack, "keys", "rewrap", "cp")
        stack.restart("cp")
        stack.restart("gateway")

        assert "re-wrapped" in said
        async with superuser(stack, "cp") as connection:
            versions = await connection.fetch("SELECT DISTINCT key_version FROM credentials")
            active = json.loads((stack.keys / "cp" / "kek.json").read_text())["active"]
            assert [row["key_version"] for row in versions if row["key_version"]] == [active]
        after = await scene.trader.approved(units="0.02")
        kids = [await kid_of(stack, one.approval.approval_id) for one in (before, after)]
        assert kids[0] != kids[1]
        for approved in (before, after):
            execution = await scene.trader.release(approved)
            await scene.trader.until(execution.execution_id, ExecutionState.FILLED)


async def kid_of(stack: Stack, approval_id: UUID) -> str:
    return (await signed_statement(stack, "cp", approval_id)).split(".")[0]


def countersign(stack: Stack, *arguments: str) -> str:
    """Run the command line on the stack's home."""
    home = stack.running.home.root
    finished = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        env={"COUNTERSIGN_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": ".:services"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr + finished.stdout
    return finished.stdout
