"""The exchange's address and answers, an action, and its credentials, for tests of the adapter."""

from typing import Any
from uuid import UUID

from pydantic import SecretStr

from plant.brokers.base import PreparedOrder
from plant.brokers.delta.adapter import DeltaAdapter
from plant.permits import Permit
from shared.approvals.action import Action, ActionKind, OrderParams
from shared.bundle_format import BundleContents, ExchangeKeys
from shared.contracts.vault import BundlePurpose
from shared.ids import ExecutionId
from shared.keys import Issuer

BASE = "http://127.0.0.1:1/delta"
ORDER = {
    "id": 11,
    "client_order_id": "cs1",
    "product_symbol": "BTCUSD",
    "side": "buy",
    "size": 10,
    "unfilled_size": 10,
    "limit_price": "65000.5",
    "reduce_only": False,
    "average_fill_price": None,
    "paid_commission": "0",
    "state": "open",
    "cancellation_reason": None,
}


def create_action() -> Action:
    return Action(
        kind=ActionKind.PLACE_ORDER,
        provider="delta_exchange_india",
        credential_ref=UUID(int=1),
        customer_id=UUID(int=2),
        params=OrderParams(
            product_symbol="BTCUSD",
            side="buy",
            size="10",
            order_type="limit_order",
            limit_price="65000.5",
            reduce_only=False,
            time_in_force="gtc",
        ),
    )


def create_credentials(*, read_only: bool = False) -> BundleContents:
    return BundleContents(
        iss=Issuer.CP,
        aud=Issuer.PLANT,
        credential_ref=UUID(int=1),
        customer_id=UUID(int=2),
        purpose=BundlePurpose.READ if read_only else BundlePurpose.EXECUTE,
        read_only=read_only,
        execution_id=None,
        provider="delta_exchange_india",
        secrets=ExchangeKeys(api_key=SecretStr("key-1"), api_secret=SecretStr("secret-1")),
        iat=0,
        exp=60,
    )


def create_permit(action: Action) -> Permit:
    return Permit(action.action_hash(), ExecutionId(UUID(int=3)))


def prepare(adapter: DeltaAdapter) -> PreparedOrder:
    action = create_action()
    return adapter.prepare(
        action, permit=create_permit(action), client_order_id="cs1", credentials=create_credentials()
    )


def refusal(code: str) -> dict[str, Any]:
    return {"success": False, "error": {"code": code}}
