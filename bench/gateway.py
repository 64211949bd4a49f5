"""What the gateway adds: the same read through the gateway, and straight at Plant with the gateway's proof on it."""

import os
import time
from dataclasses import dataclass, field

import httpx

from bench.measure import Figure, Plan, compare, measure_rounds, percentile
from shared.identity import (
    IDENTITY_HEADER,
    PROOF_HEADER,
    ActorType,
    Identity,
    mint_identity,
    mint_proof,
)
from shared.ids import CorrelationId, CustomerId, uuid7
from shared.keys import Issuer, Purpose, SigningKey, load_signing_key
from tests.stack import Stack, running_test_stack

_READS = 300
_WARM_UP = 50
_PATH = "/api/v1/deliverables"
_SHARES = {"p50": 0.5, "p99": 0.99}


async def run(plan: Plan) -> list[Figure]:
    reads = plan.count(_READS, least=20)
    os.environ["COUNTERSIGN_GATEWAY_READ_RATE_PER_S"] = "1000000"
    with running_test_stack() as stack:
        async with httpx.AsyncClient(timeout=20, trust_env=False) as http:
            reader = _reader(stack, http)
            await reader.measure(_WARM_UP)

            async def measure(_round: int) -> dict[str, float]:
                return await reader.measure(reads)

            found = await measure_rounds([measure], rounds=plan.rounds)
    added = Figure("added by the gateway to a read, p50", "ms", found["added"], aim="<= 1.5")
    return [
        added,
        *(
            compare(
                f"a read through the gateway, {label}",
                "ms",
                ours=found[f"gateway {label}"],
                peer=found[f"plant {label}"],
                peer_name="straight at Plant",
            )
            for label in _SHARES
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Reader:
    """A customer who lists their deliverables, of which there are none."""

    http: httpx.AsyncClient
    gateway_url: str
    plant_url: str
    portal_key: SigningKey
    gateway_key: SigningKey
    customer_id: CustomerId = field(default_factory=lambda: CustomerId(uuid7()))

    async def measure(self, reads: int) -> dict[str, float]:
        """Read both ways in turn. Units: milliseconds."""
        through: list[float] = []
        straight: list[float] = []
        for _ in range(reads):
            through.append(await self._read(self.gateway_url))
            straight.append(await self._read(self.plant_url))
        values = {"gateway": through, "plant": straight}
        found = {
            f"{name} {label}": percentile(spent, share=share)
            for name, spent in values.items()
            for label, share in _SHARES.items()
        }
        return found | {"added": found["gateway p50"] - found["plant p50"]}

    async def _read(self, url: str) -> float:
        token = self._token()
        proof = mint_proof(token, method="GET", path=_PATH, key=self.gateway_key)
        headers = {IDENTITY_HEADER: f"Bearer {token}", PROOF_HEADER: proof}
        started = time.perf_counter()
        answer = await self.http.get(url + _PATH, headers=headers)
        spent_s = time.perf_counter() - started
        answer.raise_for_status()
        return spent_s * 1_000

    def _token(self) -> str:
        identity = Identity(
            Issuer.CP, ActorType.CUSTOMER, str(self.customer_id), self.customer_id, CorrelationId(uuid7())
        )
        return mint_identity(identity, key=self.portal_key, audience=Issuer.PLANT)


def _reader(stack: Stack, http: httpx.AsyncClient) -> _Reader:
    def key(issuer: Issuer) -> SigningKey:
        return load_signing_key(stack.keys / issuer, issuer=issuer, purpose=Purpose.IDENTITY)

    return _Reader(http, stack.gateway_url, stack.plant_url, key(Issuer.CP), key(Issuer.GATEWAY))
