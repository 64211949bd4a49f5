"""The imitated exchange: takes a raw request through its checks to a route, and obeys the control API."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus

from sandbox.clock import SandboxClock
from sandbox.delta.auth import verify
from sandbox.delta.call import VENUE_NAME, Call, Result
from sandbox.delta.engine import move_price, settle
from sandbox.delta.errors import DeltaError, rate_limited
from sandbox.delta.incidents import cause
from sandbox.delta.limits import RateLimits
from sandbox.delta.model import Account
from sandbox.delta.prices import PricePath
from sandbox.delta.products import ASSETS, SETTLING_ASSET
from sandbox.delta.render import order_json
from sandbox.delta.router import find_route
from sandbox.delta.state import DeltaState, create_state, open_account
from sandbox.faults import FaultBook
from sandbox.settings import SandboxSettings
from sandbox.venue import ControlError, ImmediateFault, VenueAnswer, VenueRequest

DEMO_ACCOUNTS = (("demo-key-a", "demo-secret-a"), ("demo-key-b", "demo-secret-b"))

_EDGE_REFUSAL = b"<html><head><title>403 Forbidden</title></head><body>403 Forbidden</body></html>"


class DeltaExchange:
    """The Delta venue. All its state is one `DeltaState`, so a reset is a new one."""

    name = VENUE_NAME

    def __init__(self, settings: SandboxSettings, *, clock: SandboxClock, faults: FaultBook) -> None:
        self._settings = settings
        self._clock = clock
        self._faults = faults
        self._state = self._fresh_state()

    def find_api_key(self, request: VenueRequest) -> str | None:
        return request.headers.get("api-key")

    def answer(self, request: VenueRequest) -> VenueAnswer:
        if not request.headers.get("user-agent"):
            return VenueAnswer(403, _EDGE_REFUSAL, content_type="text/html")
        try:
            return _success(self._run(request))
        except DeltaError as error:
            return _failure(error)

    def fail(self, status: int, *, code: str | None = None) -> VenueAnswer:
        return _failure(DeltaError(status, code or _code_of(status)))

    def refuse_for_rate(self, *, reset_ms: int) -> VenueAnswer:
        return _failure(rate_limited(reset_ms=reset_ms))

    def create_account(
        self, *, api_key: str, api_secret: str, balances: Mapping[str, Decimal]
    ) -> Mapping[str, object]:
        unknown = sorted(set(balances) - set(ASSETS))
        if unknown:
            raise ControlError(422, "unknown_asset", f"expected assets of {sorted(ASSETS)}, found {unknown}")
        if api_key in self._state.accounts:
            raise ControlError(409, "account_exists", f"there is an account with the key {api_key!r} already")
        account = open_account(self._settled(), api_key=api_key, api_secret=api_secret, balances=balances)
        return {"venue": self.name, "api_key": account.api_key, "user_id": account.user_id}

    def list_orders(
        self, *, api_key: str | None, client_order_id: str | None
    ) -> Sequence[Mapping[str, object]]:
        return [
            {"api_key": order.api_key, **order_json(order)}
            for order in self._settled().orders.values()
            if (api_key is None or order.api_key == api_key)
            and (client_order_id is None or order.client_order_id == client_order_id)
        ]

    def set_price(self, symbol: str, *, price: Decimal) -> None:
        state = self._settled()
        product = state.symbols.get(symbol)
        if product is None:
            raise ControlError(404, "not_found", f"expected one of {sorted(state.symbols)}, found {symbol!r}")
        move_price(state, product, price=price)

    def set_rate_limit(
        self, *, api_key: str | None, units: int, matching_operations_per_s: int | None
    ) -> None:
        limits = self._state.limits
        limits.set_units(units, api_key=api_key)
        if matching_operations_per_s is not None:
            limits.operations_per_s = matching_operations_per_s

    def act(self, fault: ImmediateFault) -> Mapping[str, object]:
        return cause(self._settled(), fault)

    def secrets(self) -> Sequence[str]:
        return [account.api_secret for account in self._state.accounts.values()]

    def reset(self) -> None:
        self._state = self._fresh_state()

    def _run(self, request: VenueRequest) -> Result:
        state = self._settled()
        route, params = find_route(request.method, request.path)
        account = None if route.is_public and "api-key" not in request.headers else self._signer(request)
        subject = f"ip:{request.client_host}" if account is None else account.api_key
        state.limits.charge(subject, weight=route.weight, now_s=state.now_s)
        return route.handler(Call(state, self._settings, self._faults, request, account, params))

    def _signer(self, request: VenueRequest) -> Account:
        return verify(
            request,
            accounts=self._state.accounts,
            now_s=self._state.now_s,
            window_s=self._settings.delta_signature_window_s,
            future_skew_s=self._settings.delta_future_skew_s,
        )

    def _settled(self) -> DeltaState:
        settle(self._state, now_s=self._clock.now_s())
        return self._state

    def _fresh_state(self) -> DeltaState:
        settings = self._settings
        state = create_state(
            limits=RateLimits(settings.delta_rate_limit_units, settings.delta_matching_operations_per_s),
            prices=PricePath(settings.seed, settings.random_walk),
            now_s=self._clock.now_s(),
        )
        for api_key, api_secret in DEMO_ACCOUNTS:
            balances = {SETTLING_ASSET: settings.delta_demo_balance_usd}
            open_account(state, api_key=api_key, api_secret=api_secret, balances=balances)
        return state


def _success(result: Result) -> VenueAnswer:
    envelope: dict[str, object] = {"success": True, "result": result.result}
    if result.meta is not None:
        envelope["meta"] = result.meta
    return VenueAnswer(200, _json_bytes(envelope), order_id=result.order_id)


def _failure(error: DeltaError) -> VenueAnswer:
    content: dict[str, object] = {"code": error.code}
    if error.context is not None:
        content["context"] = error.context
    body = _json_bytes({"success": False, "error": content})
    return VenueAnswer(error.status, body, headers=error.headers)


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("utf-8")


def _code_of(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
    except ValueError:
        return f"status_{status}"
