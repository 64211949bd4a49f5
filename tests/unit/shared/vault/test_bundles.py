"""Credential bundles: to Plant only, for a live approval of that account only, once per approval, on record."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from cli.stack.databases import Databases
from shared.approvals.claims import ApprovalClaims
from shared.approvals.mint import Lifetimes, make_claims, mint_approval
from shared.bundle_format import BundleRefusedError, OneTimeKey, make_one_time_key, open_bundle
from shared.clock import utc_now
from shared.contracts.approvals import Approver
from shared.ids import ApprovalId, CustomerId
from shared.keys import Issuer, Purpose, load_signing_key, make_signing_key
from tests.plant_double import create_action
from tests.portals import RunningPortal, running_portal, stored_text
from tests.unit.shared.vault.test_routes import CANARY_KEY, CANARY_SECRET, put_setup

PATH = "/internal/v1/credential-bundles"


@dataclass(frozen=True, slots=True)
class Connected:
    """A customer with a stored credential."""

    cp: RunningPortal
    customer_id: CustomerId
    http: httpx.AsyncClient
    credential_ref: UUID

    async def ask(
        self, *, key: OneTimeKey | None = None, token: str | None = None, **changes: Any
    ) -> httpx.Response:
        body = {
            "credential_ref": str(self.credential_ref),
            "customer_id": str(self.customer_id),
            "purpose": "read",
            "public_key": (key or make_one_time_key()).public_text,
        }
        token = token or self.cp.plant_identity(customer_id=CustomerId(UUID(str(body["customer_id"]))))
        return await self.cp.client().post(
            PATH, json=body | changes, headers={"Authorization": f"Bearer {token}"}
        )

    async def approve(self, *, credential_ref: UUID | None = None) -> str:
        """Approve an exact action on the account in the portal and return the signed statement."""
        action = create_action(self.customer_id, credential_ref=credential_ref or self.credential_ref)
        request = {
            "action": action.model_dump(mode="json"),
            "action_hash": action.action_hash(),
            "price_shown": "65000",
        }
        answer = await self.http.post("/api/cp/approvals", json=request)
        assert answer.status_code == 201, answer.text
        return self.cp.plant.calls[-1].body["approval"]


@pytest.fixture
async def connected(cp: RunningPortal) -> Connected:
    customer_id, http = await cp.customer()
    setup = await put_setup(http)
    return Connected(cp, customer_id, http, UUID(setup["credential_ref"]))


def execute(approval: str, *, execution_id: UUID | None = None) -> dict[str, Any]:
    return {"purpose": "execute", "approval": approval, "execution_id": str(execution_id or uuid4())}


def claims_of(
    connected: Connected, *, issuer: Issuer = Issuer.CP, age: timedelta = timedelta()
) -> ApprovalClaims:
    return make_claims(
        create_action(connected.customer_id, credential_ref=connected.credential_ref),
        approval_id=ApprovalId(uuid4()),
        issuer=issuer,
        approver=Approver(type="customer", id=connected.customer_id, method="session"),
        deliverable_id=None,
        preconditions=None,
        lifetimes=Lifetimes(),
        now=utc_now() - age,
    )


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("reason")


async def test_read_bundle_opens_with_the_one_time_key_only(connected: Connected) -> None:
    key = make_one_time_key()

    answer = await connected.ask(key=key)

    assert CANARY_SECRET not in answer.text
    contents = open_bundle(answer.json()["bundle"], key=key, trust=connected.cp.portal.trust)
    assert contents.keys.api_key.get_secret_value() == CANARY_KEY
    assert contents.keys.api_secret.get_secret_value() == CANARY_SECRET
    assert (contents.read_only, contents.credential_ref) == (True, connected.credential_ref)
    assert contents.exp - contents.iat <= 60
    assert CANARY_SECRET not in repr(contents)
    with pytest.raises(BundleRefusedError):
        open_bundle(answer.json()["bundle"], key=make_one_time_key(), trust=connected.cp.portal.trust)


async def test_execute_bundle_is_released_against_the_approval(connected: Connected) -> None:
    key, execution_id = make_one_time_key(), uuid4()
    approval = await connected.approve()

    answer = await connected.ask(key=key, **execute(approval, execution_id=execution_id))

    contents = open_bundle(answer.json()["bundle"], key=key, trust=connected.cp.portal.trust)
    assert (contents.read_only, contents.execution_id) == (False, execution_id)
    listed = await connected.http.get("/api/cp/exchange-setup")
    assert listed.json()["items"][0]["last_used_at"] is not None


async def test_approval_serves_one_execution_only(connected: Connected) -> None:
    approval, first = await connected.approve(), uuid4()

    answers = [
        await connected.ask(**execute(approval, execution_id=first)),
        await connected.ask(**execute(approval, execution_id=first)),
        await connected.ask(**execute(approval)),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 403]
    assert reason(answers[2]) == (403, "approval_already_used")


async def test_execute_without_approval_is_refused(connected: Connected) -> None:
    without_approval = await connected.ask(purpose="execute", execution_id=str(uuid4()))
    without_execution = await connected.ask(purpose="execute", approval=await connected.approve())

    assert reason(without_approval) == reason(without_execution) == (403, "approval_required")


async def test_approval_of_another_account_is_refused(connected: Connected) -> None:
    approval = await connected.approve(credential_ref=uuid4())

    answer = await connected.ask(**execute(approval))

    assert reason(answer) == (403, "approval_action_mismatch")


async def test_approval_of_another_customer_is_refused(connected: Connected) -> None:
    stranger_id, stranger = await connected.cp.customer()
    other = Connected(connected.cp, stranger_id, stranger, connected.credential_ref)

    answer = await connected.ask(**execute(await other.approve()))

    assert reason(answer) == (403, "approval_wrong_customer")


async def test_revoked_approval_releases_nothing(connected: Connected) -> None:
    approval = await connected.approve()
    approval_id = (await connected.http.get("/api/cp/approvals")).json()["items"][0]["approval_id"]
    connected.cp.plant.is_down = True
    await connected.http.post(f"/api/cp/approvals/{approval_id}/revoke")

    answer = await connected.ask(**execute(approval))

    assert reason(answer) == (403, "approval_revoked")


async def test_approval_that_this_portal_never_minted_is_refused(connected: Connected) -> None:
    key = load_signing_key(connected.cp.keys / "cp", issuer=Issuer.CP, purpose=Purpose.APPROVAL)
    forged = mint_approval(claims_of(connected), key=key)

    answer = await connected.ask(**execute(forged))

    assert reason(answer) == (403, "approval_unknown")


async def test_approval_of_the_other_portal_is_taken(connected: Connected) -> None:
    key = load_signing_key(connected.cp.keys / "pp", issuer=Issuer.PP, purpose=Purpose.APPROVAL)
    assisted = mint_approval(claims_of(connected, issuer=Issuer.PP), key=key)

    answer = await connected.ask(**execute(assisted))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("confirmed_by", "expected"), [(None, (403, "approval_required")), (UUID(int=2), (200, None))]
)
async def test_one_operators_approval_releases_nothing_where_two_are_demanded(
    databases: Databases, keys: Path, confirmed_by: UUID | None, expected: tuple[int, str | None]
) -> None:
    async with running_portal(databases, issuer=Issuer.CP, keys=keys, four_eyes=True) as cp:
        customer_id, http = await cp.customer()
        setup = await put_setup(http)
        connected = Connected(cp, customer_id, http, UUID(setup["credential_ref"]))
        key = load_signing_key(keys / "pp", issuer=Issuer.PP, purpose=Purpose.APPROVAL)
        approver = Approver(type="operator", id=UUID(int=1), method="assisted", confirmed_by=confirmed_by)
        claims = claims_of(connected, issuer=Issuer.PP).model_copy(update={"approver": approver})

        answer = await connected.ask(**execute(mint_approval(claims, key=key)))

    assert reason(answer) == expected


async def test_approval_past_its_sending_time_is_refused(connected: Connected) -> None:
    key = load_signing_key(connected.cp.keys / "pp", issuer=Issuer.PP, purpose=Purpose.APPROVAL)
    lifetimes = Lifetimes()
    age = lifetimes.trade + lifetimes.send_grace + timedelta(seconds=1)

    answer = await connected.ask(
        **execute(mint_approval(claims_of(connected, issuer=Issuer.PP, age=age), key=key))
    )

    assert reason(answer) == (403, "approval_expired")


async def test_approval_signed_by_an_untrusted_key_is_refused(connected: Connected, tmp_path: Any) -> None:
    key = make_signing_key(tmp_path, issuer=Issuer.CP, purpose=Purpose.APPROVAL)

    answer = await connected.ask(**execute(mint_approval(claims_of(connected), key=key)))

    assert reason(answer) == (403, "approval_issuer_untrusted")


async def test_changed_approval_is_refused(connected: Connected) -> None:
    header, payload, signature = (await connected.approve()).split(".")

    answer = await connected.ask(**execute(f"{header}.{payload[:-4]}AAAA.{signature}"))

    assert reason(answer) == (403, "approval_signature_invalid")


async def test_unknown_deleted_and_foreign_references_look_the_same(connected: Connected) -> None:
    _, stranger = await connected.cp.customer()
    foreign = (await put_setup(stranger))["credential_ref"]
    deleted = (await put_setup(connected.http))["credential_ref"]
    await connected.http.delete(f"/api/cp/exchange-setup/{deleted}")
    key = make_one_time_key()

    answers = [await connected.ask(key=key, credential_ref=ref) for ref in (foreign, deleted, str(uuid4()))]

    bodies = [{k: v for k, v in a.json().items() if k != "correlation_id"} for a in answers]
    assert reason(answers[0]) == (403, "credential_unavailable")
    assert bodies[0] == bodies[1] == bodies[2]


@pytest.mark.parametrize("issuer", [Issuer.CP, Issuer.PP, Issuer.GATEWAY])
async def test_other_services_get_nothing(connected: Connected, issuer: Issuer) -> None:
    token = connected.cp.plant_identity(customer_id=connected.customer_id, issuer=issuer)

    answer = await connected.ask(token=token)

    assert reason(answer) == (403, "not_allowed")


async def test_people_and_anonymous_get_nothing(connected: Connected) -> None:
    session = connected.http.headers["Authorization"].removeprefix("Bearer ")

    answers = [await connected.ask(token=session), await connected.cp.client().post(PATH, json={})]

    assert [answer.status_code for answer in answers] == [401, 401]


async def test_token_for_another_customer_gets_nothing(connected: Connected) -> None:
    token = connected.cp.plant_identity(customer_id=CustomerId(uuid4()))

    answer = await connected.ask(token=token)

    assert reason(answer) == (403, "not_allowed")


async def test_token_for_the_other_vault_gets_nothing(connected: Connected, pp: RunningPortal) -> None:
    answer = await connected.ask(token=pp.plant_identity(customer_id=connected.customer_id))

    assert answer.status_code == 401


@pytest.mark.parametrize("public_key", ["A" * 43, "!" * 43, "short"])
async def test_impossible_public_key_is_refused(connected: Connected, public_key: str) -> None:
    answer = await connected.ask(public_key=public_key)

    assert answer.status_code == 422


async def test_every_request_is_on_record(connected: Connected, databases: Databases) -> None:
    approval, granted, refused = await connected.approve(), uuid4(), uuid4()

    await connected.ask(**execute(approval, execution_id=granted))
    await connected.ask(**execute(approval, execution_id=refused))

    rows = (await stored_text(databases, "cp", "credential_releases")).splitlines()
    granted_row = next(row for row in rows if str(granted) in row)
    refused_row = next(row for row in rows if str(refused) in row)
    assert "'granted': True, 'reason': None" in granted_row
    assert "'granted': False, 'reason': 'approval_already_used'" in refused_row
