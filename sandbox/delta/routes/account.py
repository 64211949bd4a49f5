"""The account itself: wallet, transactions, profile, preferences, quota and heartbeat."""

from collections.abc import Mapping

from sandbox.delta.call import Call, Result, Route, Weight
from sandbox.delta.errors import not_found
from sandbox.delta.heartbeats import Heartbeat
from sandbox.delta.model import Account, Transaction
from sandbox.delta.paging import csv_values, page_of, within_times
from sandbox.delta.products import SETTLING_ASSET
from sandbox.delta.render import decimal_text, transaction_json, wallet_json
from sandbox.delta.schema import HeartbeatBody, HeartbeatCreateBody, MarginModeBody, parse_body
from sandbox.delta.state import DeltaState


def balances(call: Call) -> Result:
    account = call.owner
    meta = {"net_equity": _net_equity(call.state, account), "robo_trading_equity": "0"}
    return Result([wallet_json(account, asset=asset) for asset in account.balances], meta)


def transactions(call: Call) -> Result:
    query = call.query()
    assets, is_within = csv_values(query, "asset_ids"), within_times(query)

    def keep(transaction: Transaction) -> bool:
        listed = transaction_json(transaction, user_id=call.owner.user_id)
        return is_within(transaction.created_at_s) and (not assets or str(listed["asset_id"]) in assets)

    page = page_of(
        call.owner.transactions, query=query, key=lambda transaction: transaction.transaction_id, keep=keep
    )
    shown = [transaction_json(transaction, user_id=call.owner.user_id) for transaction in page.items]
    return Result(shown, page.meta)


def profile(call: Call) -> Result:
    account = call.owner
    return Result(
        {
            "id": account.user_id,
            "email": f"user-{account.user_id}@example.test",
            "account_name": "Main",
            "first_name": "Sandbox",
            "last_name": "User",
            "is_sub_account": False,
            "margin_mode": account.margin_mode,
            "country": "India",
        }
    )


def preferences(call: Call) -> Result:
    return Result(_preferences_json(call.owner))


def set_margin_mode(call: Call) -> Result:
    body = parse_body(MarginModeBody, call.request.body)
    call.owner.margin_mode = body.margin_mode
    return Result(_preferences_json(call.owner))


def quota(call: Call) -> Result:
    units, left_ms = call.state.limits.quota(call.owner.api_key, now_s=call.state.now_s)
    return Result({"current_quota": units, "remaining_time_in_milliseconds": left_ms})


def create_heartbeat(call: Call) -> Result:
    body = parse_body(HeartbeatCreateBody, call.request.body)
    key = (call.owner.api_key, body.heartbeat_id)
    heartbeat = Heartbeat(body.heartbeat_id, call.owner.api_key, tuple(body.product_symbols))
    call.state.heartbeats[key] = heartbeat
    return Result(_heartbeat_json(heartbeat))


def acknowledge_heartbeat(call: Call) -> Result:
    body = parse_body(HeartbeatBody, call.request.body)
    heartbeat = call.state.heartbeats.get((call.owner.api_key, body.heartbeat_id))
    if heartbeat is None:
        raise not_found("heartbeat_not_found")
    heartbeat.due_s = call.state.now_s + body.ttl / 1000 if body.ttl else None
    return Result(_heartbeat_json(heartbeat))


def heartbeats(call: Call) -> Result:
    own = [beat for beat in call.state.heartbeats.values() if beat.api_key == call.owner.api_key]
    return Result([_heartbeat_json(heartbeat) for heartbeat in own])


def _net_equity(state: DeltaState, account: Account) -> str:
    """The settling balance with what open positions have won or lost at the mark."""
    equity = account.balances[SETTLING_ASSET]
    for holding in account.holdings.values():
        worth = holding.position.size * state.mark(holding.product) - holding.position.cost
        equity += worth * holding.product.contract_value
    return decimal_text(equity)


def _preferences_json(account: Account) -> Mapping[str, object]:
    return {
        "user_id": account.user_id,
        "margin_mode": account.margin_mode,
        "cancel_on_disconnect": False,
        "default_auto_topup": False,
    }


def _heartbeat_json(heartbeat: Heartbeat) -> Mapping[str, object]:
    return {
        "heartbeat_id": heartbeat.heartbeat_id,
        "product_symbols": list(heartbeat.symbols),
        "expires_at": None if heartbeat.due_s is None else int(heartbeat.due_s * 1000),
        "config": [{"action": "cancel_orders", "unhealthy_count": 1}],
    }


ROUTES = (
    Route("GET", "/v2/wallet/balances", balances, Weight.READ),
    Route("GET", "/v2/wallet/transactions", transactions, Weight.HISTORY),
    Route("GET", "/v2/profile", profile),
    Route("GET", "/v2/users/trading_preferences", preferences),
    Route("PUT", "/v2/users/margin_mode", set_margin_mode),
    Route("GET", "/v2/rate_limits/quota", quota),
    Route("POST", "/v2/heartbeat/create", create_heartbeat),
    Route("POST", "/v2/heartbeat", acknowledge_heartbeat),
    Route("GET", "/v2/heartbeat", heartbeats),
)
