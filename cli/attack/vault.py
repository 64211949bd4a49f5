"""Attacks on the vaults: get a key out, point it elsewhere, or make it show up somewhere."""

from base64 import urlsafe_b64encode
from secrets import token_hex
from typing import Any
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from cli.attack import forge, store
from cli.attack.scene import Scene
from cli.attack.trader import RUN, Json, Trader, setup_of
from shared.identity import ActorType
from shared.ids import uuid7
from shared.keys import Issuer, Purpose

BUNDLES = "/internal/v1/credential-bundles"
INVALID = "422 validation_failed"
NOT_FOUND = "404 not_found"
UNAVAILABLE = "403 credential_unavailable"
_ELSEWHERE = "exchange.attacker.example"


async def other_host_in_a_header(scene: Scene) -> None:
    """Name another host in Host and X-Forwarded-Host, and use one vault's token at the other vault."""
    trader = await scene.trader()
    before = len(await scene.exchange.calls(trader.api_key, method="GET"))
    headers = {"X-Forwarded-Host": _ELSEWHERE, "Forwarded": f"host={_ELSEWHERE}", "Host": _ELSEWHERE}
    answer = await trader.http.post(RUN, json=trader.wish(), headers=headers)
    scene.refused("draft with another Host", answer, "200")
    after = len(await scene.exchange.calls(trader.api_key, method="GET"))
    scene.check("the exchange was read at its own place", expected=True, seen=after > before)
    for_pp = await _as_plant(scene, trader.customer_id, audience=Issuer.PP)
    answer = await for_pp.post(BUNDLES, json=_bundle_request(trader))
    scene.refused("a token for the other vault", answer, "401 unauthenticated")


async def connector_pointed_elsewhere(scene: Scene) -> None:
    """Take over another's account, give it an address, announce it from another vault, or change its key."""
    owner, thief = await scene.trader("the owner"), await scene.trader("the thief")
    draft = await owner.draft()
    approval_id = await owner.approve(draft)
    mine = setup_of(api_key=thief.api_key)
    answer = await thief.put_setup(**mine | {"credential_ref": owner.account})
    scene.refused("replace another's key", answer, NOT_FOUND)
    for name in ("base_url", "endpoint", "host"):
        answer = await thief.put_setup(**mine | {name: f"https://{_ELSEWHERE}"})
        scene.refused(f"give an account a {name}", answer, INVALID)
    await _announce_elsewhere(scene, owner, thief)
    await owner.release(draft, approval_id)

    second = await owner.draft(units="0.02")
    second_id = await owner.approve(second)
    replaced = setup_of(api_key=thief.api_key)
    await owner.put_setup(**replaced | {"credential_ref": owner.account})
    answer = await owner.execute(second, second_id)
    scene.refused("execute after the key was exchanged", answer, "403 precondition_failed")


async def _announce_elsewhere(scene: Scene, owner: Trader, thief: Trader) -> None:
    """Tell Plant, as a portal, that the owner's account is in another vault, or another customer's."""
    for name, issuer, customer_id in (
        ("another vault", Issuer.PP, owner.customer_id),
        ("another customer", Issuer.CP, thief.customer_id),
    ):
        gateway = await forge.at_gateway(scene, customer_id, issuer=issuer)
        account = {
            "credential_ref": owner.account,
            "customer_id": str(customer_id),
            "provider": "delta_exchange_india",
            "vault": issuer.value,
            "default_coin": "BTC",
            "allowed_coins": ["BTC"],
            "max_units_per_order": "1000",
            "max_notional_inr": None,
            "version": 99,
            "deleted": False,
        }
        answer = await gateway.put(f"/internal/v1/exchange-accounts/{owner.account}", json=account)
        scene.check(f"announced as {name}'s: no crash", expected=True, seen=answer.status_code < 500)


async def secret_in_a_request(scene: Scene) -> None:
    """Put a secret where the platform would pass it on or keep it: fields, notes, an unknown field."""
    trader = await scene.trader()
    secret = f"sk-live_{token_hex(20)}"
    places: dict[str, Json] = {
        "purpose": {"purpose": f"use {secret}"},
        "an unknown field": {"api_secret": secret},
        "a nested field": {"inputs": {"config": [{"password": secret}]}},
    }
    for name, fields in places.items():
        scene.refused(f"secret in {name}", await trader.run(**fields), "403 raw_secret_rejected", INVALID)
    draft = await trader.draft()
    answer = await trader.review(draft, "rejected", notes=f"the key is {secret}")
    scene.refused("secret in a rejection's notes", answer, "403 raw_secret_rejected")
    kept = await store.tables_containing(scene.target, secret)
    scene.check("tables that keep it", expected=[], seen=kept)


async def exchange_echoes_the_key(scene: Scene) -> None:
    """Let the exchange repeat the account's key in its error, and look for it in every answer and trace."""
    trader = await scene.trader()
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    await scene.exchange.plant_fault("error_before", trader.api_key, status=400, code=trader.api_key)
    execution = await trader.release(draft, approval_id)
    await trader.until(execution["execution_id"], "unknown", "rejected", "absent")
    shown = [
        await _text(trader, f"/api/v1/executions/{execution['execution_id']}"),
        await _text(trader, RUN[:24]),
    ]
    for path in (
        "/api/v1/audit",
        "/api/v1/decision-traces",
        "/api/v1/policy-denials",
        "/api/v1/usage-events",
    ):
        shown.append(await _text(trader, path))
    scene.check("answers that show the key", expected=0, seen=sum(trader.api_key in text for text in shown))
    kept = await store.tables_containing(scene.target, trader.api_key)
    scene.check("tables that keep the key", expected=[], seen=kept)


async def hop_by_hop_headers(scene: Scene) -> None:
    """Let hop-by-hop headers take the identity or the proof away on the way."""
    trader = await scene.trader()
    names = "authorization, x-gateway-proof, x-correlation-id, cookie"
    headers = {"Connection": names, "Proxy-Connection": names, "Te": "trailers"}
    wish = trader.wish(intent_action="place_order")
    answer = await trader.http.post(RUN, json=wish, headers=headers)
    scene.refused("at the portal", answer, "403 approval_required")
    gateway = await forge.at_gateway(scene, trader.customer_id, actor_type=ActorType.CUSTOMER)
    answer = await gateway.post(RUN, json=wish, headers=headers)
    scene.refused("at the gateway", answer, "403 approval_required", "401 unauthenticated")
    spoofed = {"X-Gateway-Proof": "mine", "X-Customer-Id": str(uuid7())}
    answer = await gateway.post(RUN, json=wish, headers=spoofed)
    scene.refused("a proof of my own", answer, "403 approval_required")


async def unknown_hosts(scene: Scene) -> None:
    """Name a provider or a coin that is on no list: what is not known is refused, not tried."""
    trader = await scene.trader()
    setup = setup_of(api_key="key-12345678")
    for provider in (_ELSEWHERE, "delta_exchange_global", f"https://{_ELSEWHERE}"):
        answer = await trader.put_setup(**setup | {"exchange_provider": provider})
        scene.refused(f"provider {provider}", answer, INVALID)
    scene.refused("a coin nobody lists", await trader.run(coin="ZZZZ"), INVALID, "503 no_price")
    scene.refused(
        "a coin not allowed", await trader.run_with(uuid7(), coin="SOL"), INVALID, "403 approval_unknown"
    )


async def requests_forged_through_us(scene: Scene) -> None:
    """Smuggle the address of an inner service into a coin, a path or a parameter."""
    trader = await scene.trader()
    for coin in ("169.254.169.254", "../../v2/orders", "BTC?host=x", "BTC/../ETH", "BTC#", "BTC%2F"):
        scene.refused(f"coin {coin}", await trader.run(coin=coin), INVALID)
    paths = (
        "/api/v1/reference-agents/http:%2f%2f169.254.169.254%2f/run",
        "/api/v1/reference-agents/..%2f..%2finternal%2fv1%2fapprovals/run",
        "/api/v1/deliverables/%2e%2e%2f%2e%2e%2finternal/execute",
        "//169.254.169.254/latest/meta-data",
    )
    for path in paths:
        url = httpx.URL(scene.target.cp_url).copy_with(raw_path=path.encode())
        answer = await trader.http.post(url, json={})
        scene.refused(path, answer, NOT_FOUND, INVALID)


async def bundle_without_right(scene: Scene) -> None:
    """Ask a vault for a key as somebody else, without an approval, for another account, with a forged one."""
    trader, other = await scene.trader(), await scene.trader("customer b")
    draft = await trader.draft()
    claims, target = forge.claims_for(draft), scene.target
    genuine = forge.signed(claims, target.stolen_key(Issuer.CP, Purpose.APPROVAL))
    nobody = await scene.client(target.cp_url)
    scene.refused("nobody", await nobody.post(BUNDLES, json=_bundle_request(trader)), "401 unauthenticated")
    scene.refused(
        "a customer", await trader.http.post(BUNDLES, json=_bundle_request(trader)), "401 unauthenticated"
    )
    portal = forge.pretence(target, customer_id=trader.customer_id, issuer=Issuer.CP, audience=Issuer.CP)
    as_portal = await scene.client(target.cp_url, auth=portal)
    scene.refused("a portal", await as_portal.post(BUNDLES, json=_bundle_request(trader)), "403 not_allowed")
    plant = await _as_plant(scene, trader.customer_id)
    tries: dict[str, tuple[str, Json]] = {
        "no approval": ("403 approval_required", _bundle_request(trader)),
        "my own key": (
            "403 approval_issuer_untrusted",
            _bundle_request(trader, approval=forge.signed(claims, forge.own_key())),
        ),
        "one the portal never gave": ("403 approval_unknown", _bundle_request(trader, approval=genuine)),
        "another's account": (
            "403 approval_action_mismatch",
            _bundle_request(trader, approval=genuine, credential_ref=other.account),
        ),
        "another's account, reading": (
            UNAVAILABLE,
            _bundle_request(trader, purpose="read", credential_ref=other.account),
        ),
        "an account that is not": (
            UNAVAILABLE,
            _bundle_request(trader, purpose="read", credential_ref=str(uuid7())),
        ),
    }
    for name, (expected, body) in tries.items():
        scene.refused(f"as Plant, with {name}", await plant.post(BUNDLES, json=body), expected)


async def secret_everywhere(scene: Scene) -> None:
    """Trade with a marked key and secret, then look through every table and every log for them."""
    trader = await scene.customer("customer a")
    secret = f"canary-secret-{token_hex(16)}"
    api_key = f"canary-key-{token_hex(8)}"
    await scene.connect(trader, api_key=api_key, api_secret=secret)
    await trader.http.post(f"/api/cp/exchange-setup/{trader.account}/test")
    draft = await trader.draft()
    await trader.until((await trader.release(draft, await trader.approve(draft)))["execution_id"], "filled")
    await trader.execute(await trader.draft(units="0.02"), None)
    for name, text in (("secret", secret), ("key", api_key)):
        kept = await store.tables_containing(scene.target, text)
        scene.check(f"tables that keep the {name}", expected=[], seen=kept)
        logs = [
            path.name for path in scene.target.logs.glob("*.log*") if text in path.read_text(errors="replace")
        ]
        scene.check(f"logs that show the {name}", expected=[], seen=logs)
    paths = ("/api/cp/exchange-setup", "/api/v1/audit", "/api/v1/decision-traces", "/api/v1/executions")
    shown = [path for path in paths if secret in (text := await _text(trader, path)) or api_key in text]
    scene.check("answers that show them", expected=[], seen=shown)


async def _as_plant(scene: Scene, customer_id: UUID, *, audience: Issuer = Issuer.CP) -> httpx.AsyncClient:
    """Speak to the customer vault with Plant's own identity key."""
    auth = forge.pretence(scene.target, customer_id=customer_id, issuer=Issuer.PLANT, audience=audience)
    return await scene.client(scene.target.cp_url, auth=auth)


def _bundle_request(trader: Trader, **changes: Any) -> Json:
    request = {
        "credential_ref": trader.account,
        "customer_id": str(trader.customer_id),
        "purpose": "execute",
        "public_key": _public_key(),
        "execution_id": str(uuid7()),
    }
    return request | changes


def _public_key() -> str:
    """The public half of a key to which the answer would be sealed."""
    raw = X25519PrivateKey.generate().public_key().public_bytes_raw()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


async def _text(trader: Trader, path: str) -> str:
    return (await trader.http.get(path)).text
