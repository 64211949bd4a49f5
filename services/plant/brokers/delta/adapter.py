"""Delta Exchange India: the only code that speaks to the exchange."""

import asyncio
import hashlib
import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlencode

from plant.brokers.base import (
    Accepted,
    BrokerRefusedError,
    BrokerUnreachableError,
    NotSent,
    PreparedOrder,
    ReadOnlyCredentialError,
    Refused,
    SendOutcome,
    Unknown,
)
from plant.brokers.delta import translate
from plant.brokers.delta.answers import (
    CLOCK_SKEW_CODES,
    DUPLICATE_ID,
    NOT_FOUND_CODES,
    REFUSAL_CODES,
    Answer,
    BrokenAnswerError,
    read_answer,
    retry_after_s,
)
from plant.brokers.delta.endpoints import check_allowed
from plant.brokers.delta.signing import SIGNATURE_WINDOW, USER_AGENT, credentials_in, signed_headers
from plant.brokers.model import AccountSnapshot, Fill, Instrument, OrderReport, Quote
from plant.permits import Permit
from shared.approvals.action import Action, OrderParams
from shared.bundle_format import BundleContents
from shared.clock import epoch_ms, utc_now
from shared.http_client import AnswerLostError, Http, HttpAnswer, NotSentError

PROVIDER = "delta_exchange_india"
_READ_TRIES = 3
_PAGE_SIZE = "50"


@dataclass(frozen=True, slots=True)
class DeltaAdapter:
    """`http` has the exchange's base address; a request is signed over its path below that address."""

    http: Http
    provider: str = PROVIDER

    def symbol_for(self, coin: str) -> str:
        return f"{coin}USD"

    async def instrument(self, symbol: str) -> Instrument | None:
        answer = await self._read(f"/v2/products/{symbol}")
        if not answer.success or not answer.result:
            return None
        with _understood():
            return translate.to_instrument(answer.result)

    async def quote(self, symbol: str) -> Quote | None:
        as_of_ms = epoch_ms(utc_now())
        answer = await self._read(f"/v2/tickers/{symbol}")
        if not answer.success or not answer.result:
            return None
        with _understood():
            return translate.to_quote(answer.result, as_of_ms=as_of_ms)

    async def account_snapshot(self, credentials: BundleContents) -> AccountSnapshot:
        as_of_ms = epoch_ms(utc_now())
        balances, positions, orders = await asyncio.gather(
            self._read("/v2/wallet/balances", credentials=credentials),
            self._read("/v2/positions/margined", credentials=credentials),
            self._read_all("/v2/orders", {"states": "open,pending"}, credentials=credentials),
        )
        with _understood():
            return translate.to_account(_rows(balances), _rows(positions), orders, as_of_ms=as_of_ms)

    def prepare(
        self, action: Action, *, permit: Permit, client_order_id: str, credentials: BundleContents
    ) -> PreparedOrder:
        permit.check_covers(action.action_hash())
        if credentials.read_only:
            raise ReadOnlyCredentialError("the credential was released for reading only")
        path, body = "/v2/orders", _order_body(action.order, client_order_id=client_order_id)
        check_allowed("POST", path)
        timestamp = int(time.time())
        return PreparedOrder(
            permit=permit,
            action_hash=action.action_hash(),
            request_hash=hashlib.sha256(body).hexdigest(),
            valid_until=datetime.fromtimestamp(timestamp, UTC) + SIGNATURE_WINDOW,
            method="POST",
            path=path,
            body=body,
            headers=_signed("POST", path, body, credentials, timestamp),
        )

    async def send(self, prepared: PreparedOrder) -> SendOutcome:
        prepared.permit.check_covers(prepared.action_hash)
        if utc_now() >= prepared.valid_until:
            return NotSent("the signature ran out before the request could be sent", retry_after_s=0)
        try:
            response = await self.http.request(
                prepared.method, prepared.path, content=prepared.body, headers=prepared.headers
            )
        except NotSentError:
            return NotSent("the exchange cannot be reached", retry_after_s=1)
        except AnswerLostError as error:
            return Unknown(f"the connection broke before an answer ({error})")
        return _outcome_of(response, hidden=credentials_in(prepared.headers))

    async def find_order(self, client_order_id: str, *, credentials: BundleContents) -> OrderReport | None:
        direct = await self._read(f"/v2/orders/client_order_id/{client_order_id}", credentials=credentials)
        found = [direct.result] if direct.success and direct.result else []
        for path, query in (("/v2/orders", {"states": "open,pending"}), ("/v2/orders/history", {})):
            if not found:
                entries = await self._read_all(path, query, credentials=credentials, pages=4)
                found = [entry for entry in entries if entry.get("client_order_id") == client_order_id]
        with _understood():
            return translate.to_order_report(found[0]) if found else None

    async def fills(self, order_id: str, *, symbol: str, credentials: BundleContents) -> tuple[Fill, ...]:
        entries = await self._read_all(
            "/v2/fills", {"product_symbol": symbol}, credentials=credentials, pages=4
        )
        ours = (entry for entry in entries if str(entry.get("order_id")) == order_id)
        with _understood():
            return tuple(translate.to_fill(entry) for entry in ours)

    async def _read_all(
        self, path: str, query: dict[str, str], *, credentials: BundleContents, pages: int = 40
    ) -> list[dict[str, Any]]:
        """Follow the pages to the end; a list that does not end within `pages` counts as not read."""
        rows: list[dict[str, Any]] = []
        after: str | None = None
        for _ in range(pages):
            page_query = {**query, "page_size": _PAGE_SIZE} | ({"after": after} if after else {})
            answer = await self._read(path, query=page_query, credentials=credentials)
            rows += _rows(answer)
            after = answer.after
            if not after:
                return rows
        if path == "/v2/orders":
            raise BrokerUnreachableError("the list of open orders is too long to be read whole")
        return rows

    async def _read(
        self, path: str, *, query: dict[str, str] | None = None, credentials: BundleContents | None = None
    ) -> Answer:
        """Read with back-off; reads are safe to repeat.

        Raises: BrokerUnreachableError, BrokerRefusedError.
        """
        check_allowed("GET", path)
        target = f"{path}?{urlencode(query)}" if query else path
        trouble = BrokerUnreachableError("the exchange cannot be reached")
        for attempt in range(_READ_TRIES):
            await asyncio.sleep(0.15 * attempt)
            try:
                return await self._read_once(target, credentials)
            except BrokerUnreachableError as error:
                trouble = error
                if error.code == "RATE_LIMITED":
                    break
        raise trouble

    async def _read_once(self, target: str, credentials: BundleContents | None) -> Answer:
        headers = {"User-Agent": USER_AGENT}
        if credentials is not None:
            headers = _signed("GET", target, b"", credentials, int(time.time()))
        try:
            response = await self.http.request("GET", target, headers=headers)
            answer = read_answer(response, hidden=credentials_in(headers))
        except (NotSentError, AnswerLostError, BrokenAnswerError) as error:
            raise BrokerUnreachableError(f"no usable answer from the exchange ({error})") from error
        return _checked_read(response, answer)


def _checked_read(response: HttpAnswer, answer: Answer) -> Answer:
    if answer.success or response.status == 404 or answer.code in NOT_FOUND_CODES:
        return answer
    if response.status == 429:
        wait = retry_after_s(response)
        raise BrokerUnreachableError(f"out of rate; the exchange says wait {wait:g} s", code="RATE_LIMITED")
    if response.status >= 500:
        raise BrokerUnreachableError(f"the exchange answered {response.status}", code="MAINTENANCE")
    if answer.code in CLOCK_SKEW_CODES:
        raise BrokerRefusedError("our clock and the exchange's differ by more than 5 s", code="CLOCK_SKEW")
    raise BrokerRefusedError(f"the exchange refused the read: {answer.shown_code!r}", code="READ_REFUSED")


def _outcome_of(response: HttpAnswer, *, hidden: tuple[str, ...]) -> SendOutcome:
    """Sort the answer to an order; whatever is not certain is Unknown."""
    if response.status == 429:
        return NotSent("out of rate; nothing was placed", retry_after_s=retry_after_s(response))
    try:
        answer = read_answer(response, hidden=hidden)
        if answer.success:
            return Accepted(translate.to_order_report(answer.result))
    except BrokenAnswerError as error:
        return Unknown(f"answer {response.status} could not be understood: {error}")
    if response.status >= 500:
        return Unknown(f"the exchange answered {response.status}")
    return _refusal_of(answer)


def _refusal_of(answer: Answer) -> Refused | Unknown:
    """A refusal counts only with a code after which the order certainly does not exist."""
    if answer.code in CLOCK_SKEW_CODES:
        return Refused("CLOCK_SKEW", "our clock and the exchange's differ by more than 5 s")
    if answer.code in REFUSAL_CODES:
        return Refused(answer.shown_code, f"the exchange refused the order {answer.context}")
    if answer.code == DUPLICATE_ID:
        return Unknown("the exchange already has an order with this client order id")
    return Unknown(f"answer {answer.status} with the unlisted code {answer.shown_code!r}")


def _order_body(params: OrderParams, *, client_order_id: str) -> bytes:
    """The approved parameters, to the letter, plus our id."""
    body: dict[str, str | int] = {
        "product_symbol": params.product_symbol,
        "size": int(params.size),
        "side": params.side,
        "order_type": params.order_type,
        "time_in_force": params.time_in_force,
        "reduce_only": "true" if params.reduce_only else "false",
        "client_order_id": client_order_id,
    }
    if params.limit_price is not None:
        body["limit_price"] = params.limit_price
    return json.dumps(body, separators=(",", ":")).encode()


def _signed(
    method: str, target: str, body: bytes, credentials: BundleContents, timestamp: int
) -> dict[str, str]:
    return signed_headers(
        method,
        target,
        body=body,
        api_key=credentials.keys.api_key,
        api_secret=credentials.keys.api_secret,
        timestamp=timestamp,
    )


@contextmanager
def _understood() -> Generator[None]:
    """Take an answer that lacks what is documented for no answer at all."""
    try:
        yield
    except BrokenAnswerError as error:
        raise BrokerUnreachableError(f"no usable answer from the exchange: {error}") from error


def _rows(answer: Answer) -> list[dict[str, Any]]:
    rows: object = answer.result
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in cast("list[object]", rows)):
        raise BrokerUnreachableError("the exchange answered something else than a list")
    return cast("list[dict[str, Any]]", rows)
