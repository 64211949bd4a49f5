"""A customer with stored tokens of a platform, what Plant asks the vault about them, and what it hands back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
from pydantic import SecretStr

from shared.approvals.action import Action, ActionKind
from shared.approvals.mint import Lifetimes, make_claims, mint_approval
from shared.bundle_format import BundleContents, PlatformTokens, make_one_time_key, open_bundle
from shared.clock import utc_now
from shared.contracts.approvals import Approver
from shared.contracts.vault import CredentialRefresh
from shared.ids import ApprovalId, CustomerId
from shared.keys import Issuer, Purpose, SigningKey, load_signing_key
from shared.posts.model import Platform, PostParams
from shared.refresh_format import seal_refresh
from tests.plant_double import create_action
from tests.portals import RunningPortal

PATH = "/api/cp/platform-credentials"
ACCESS, REFRESH = "canary-access-token-4821", "canary-refresh-token-77"
RENEWED = "renewed-access-9999"


def platform_body(**changes: Any) -> dict[str, Any]:
    body = {
        "platform": "x",
        "access_token": ACCESS,
        "refresh_token": REFRESH,
        "posting_identity": "demo_a",
    }
    return body | changes


async def put_platform(http: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await http.put(PATH, json=platform_body(**changes))
    assert answer.status_code == 200, answer.text
    return answer.json()


def create_post_action(customer_id: UUID, *, credential_ref: UUID, platform: Platform = Platform.X) -> Action:
    return Action(
        kind=ActionKind.PUBLISH_POST,
        provider=platform,
        credential_ref=credential_ref,
        customer_id=customer_id,
        params=PostParams(platform=platform, text="Good morning", language="en"),
    )


@dataclass(frozen=True, slots=True)
class Publishing:
    """A customer with a platform's tokens in the vault of `cp`."""

    cp: RunningPortal
    customer_id: CustomerId
    http: httpx.AsyncClient
    credential_ref: UUID

    @property
    def plant_key(self) -> SigningKey:
        return load_signing_key(self.cp.keys / "plant", issuer=Issuer.PLANT, purpose=Purpose.IDENTITY)

    async def post(self, path: str, body: dict[str, Any], *, token: str | None = None) -> httpx.Response:
        token = token or self.cp.plant_identity(customer_id=CustomerId(UUID(str(body["customer_id"]))))
        return await self.cp.client().post(
            f"/internal/v1/{path}", json=body, headers={"Authorization": f"Bearer {token}"}
        )

    async def ask(self, **changes: Any) -> tuple[httpx.Response, BundleContents | None]:
        """Ask for a bundle and open it when there is one."""
        key = make_one_time_key()
        body = {
            "credential_ref": str(self.credential_ref),
            "customer_id": str(self.customer_id),
            "purpose": "read",
            "public_key": key.public_text,
        }
        answer = await self.post("credential-bundles", body | changes)
        if answer.status_code != 200:
            return answer, None
        return answer, open_bundle(answer.json()["bundle"], key=key, trust=self.cp.portal.trust)

    async def released(self, **changes: Any) -> BundleContents:
        answer, contents = await self.ask(**changes)
        assert contents is not None, answer.text
        return contents

    async def hand_back(self, refresh: CredentialRefresh, **changes: Any) -> httpx.Response:
        return await self.post("credential-refreshes", refresh.model_dump(mode="json") | changes)

    def renewed(
        self, released: BundleContents, *, token: str = RENEWED, key: SigningKey | None = None
    ) -> CredentialRefresh:
        tokens = PlatformTokens(access_token=SecretStr(token), refresh_token=SecretStr("renewed-refresh-1"))
        return seal_refresh(released, tokens, key=key or self.plant_key)

    def approval(self, *, platform: Platform = Platform.X, is_order: bool = False) -> dict[str, Any]:
        """The rest of an `execute` request, with an approval by the other portal."""
        action = (
            create_action(self.customer_id, credential_ref=self.credential_ref)
            if is_order
            else create_post_action(self.customer_id, credential_ref=self.credential_ref, platform=platform)
        )
        claims = make_claims(
            action,
            approval_id=ApprovalId(uuid4()),
            issuer=Issuer.PP,
            approver=Approver(type="customer", id=self.customer_id, method="session"),
            deliverable_id=None,
            preconditions=None,
            lifetimes=Lifetimes(),
            now=utc_now(),
        )
        key = load_signing_key(self.cp.keys / "pp", issuer=Issuer.PP, purpose=Purpose.APPROVAL)
        signed = mint_approval(claims, key=key)
        return {"purpose": "execute", "approval": signed, "execution_id": str(uuid4())}


async def publishing_customer(cp: RunningPortal, **changes: Any) -> Publishing:
    customer_id, http = await cp.customer()
    stored = await put_platform(http, **changes)
    return Publishing(cp, customer_id, http, UUID(stored["credential_ref"]))


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("reason")
