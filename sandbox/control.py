"""The control API under `/_control`: accounts, ledger, orders, posts, faults, prices, clock, limits, reset."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from itertools import takewhile
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from sandbox.clock import iso_time, microseconds
from sandbox.control_bodies import (
    AccountBody,
    ClockBody,
    FaultBody,
    LedgerQuery,
    OrdersQuery,
    PostsQuery,
    PriceBody,
    RateLimitBody,
)
from sandbox.faults import IMMEDIATE_FAULTS, describe
from sandbox.ledger import LedgerEntry
from sandbox.venue import ImmediateFault, World

REDACTED = "[redacted]"

router = APIRouter(prefix="/_control", tags=["control"])

Json = dict[str, object]


@router.post("/accounts", status_code=201)
async def create_account(body: AccountBody, request: Request) -> Mapping[str, object]:
    venue = _world(request).get_venue(body.venue)
    return venue.create_account(api_key=body.api_key, api_secret=body.api_secret, balances=body.balances)


@router.get("/ledger")
async def read_ledger(query: Annotated[LedgerQuery, Query()], request: Request) -> Json:
    world = _world(request)
    secrets = world.get_venue(query.venue).secrets()
    newest_first = takewhile(lambda entry: _is_since(query, entry), world.ledger.newest_first())
    wanted = [entry for entry in newest_first if _is_wanted(query, entry)]
    return {"items": [_entry_json(entry, secrets) for entry in reversed(wanted)]}


@router.get("/orders")
async def list_orders(query: Annotated[OrdersQuery, Query()], request: Request) -> Json:
    venue = _world(request).get_venue(query.venue)
    return {"items": venue.list_orders(api_key=query.api_key, client_order_id=query.client_order_id)}


@router.get("/posts")
async def list_posts(query: Annotated[PostsQuery, Query()], request: Request) -> Json:
    """List what a platform for posts holds, the texts to the letter, oldest first."""
    return {"items": _world(request).get_platform(query.venue).list_posts(api_key=query.api_key)}


@router.post("/faults", status_code=201)
async def plant_fault(body: FaultBody, request: Request) -> Mapping[str, object]:
    """Plant a fault for coming requests, or let an immediate one happen and answer with its outcome."""
    world = _world(request)
    venue = world.get_venue(body.venue)
    if body.fault in IMMEDIATE_FAULTS:
        outcome = venue.act(_immediate(body))
        return {"venue": venue.name, "fault": body.fault, **outcome}
    fault = world.faults.plant(
        venue.name,
        name=body.fault,
        match=body.match.to_match(venue.name),
        params=body.params.to_params(),
        times=body.times,
    )
    return describe(fault)


@router.get("/faults")
async def list_faults(request: Request) -> Json:
    return {"items": [describe(fault) for fault in _world(request).faults.faults]}


@router.delete("/faults", status_code=204)
async def clear_faults(request: Request) -> Response:
    _world(request).faults.clear()
    return Response(status_code=204)


@router.put("/prices")
async def set_price(body: PriceBody, request: Request) -> Json:
    _world(request).get_venue(body.venue).set_price(body.symbol, price=body.price)
    return {"venue": body.venue, "symbol": body.symbol, "price": format(body.price, "f")}


@router.put("/clock")
async def set_clock(body: ClockBody, request: Request) -> Json:
    clock = _world(request).clock
    clock.offset_s = body.offset_s
    return {"offset_s": clock.offset_s, "now": iso_time(clock.now_s())}


@router.put("/rate_limit")
async def set_rate_limit(body: RateLimitBody, request: Request) -> Json:
    _world(request).get_venue(body.venue).set_rate_limit(
        api_key=body.api_key, units=body.units, matching_operations_per_s=body.matching_operations_per_s
    )
    return body.model_dump(exclude_none=True)


@router.post("/reset", status_code=204)
async def reset(request: Request) -> Response:
    _world(request).reset()
    return Response(status_code=204)


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


def _immediate(body: FaultBody) -> ImmediateFault:
    params = body.params
    return ImmediateFault(
        name=body.fault,
        api_key=params.api_key or "",
        symbol=params.symbol or "",
        side=params.side,
        size=params.size,
        limit_price=params.limit_price,
    )


def _is_since(query: LedgerQuery, entry: LedgerEntry) -> bool:
    if query.since is None:
        return True
    if isinstance(query.since, int):
        return entry.seq > query.since
    since = query.since if query.since.tzinfo else query.since.replace(tzinfo=UTC)
    return microseconds(entry.at_s) >= microseconds(since.timestamp())


def _is_wanted(query: LedgerQuery, entry: LedgerEntry) -> bool:
    return (
        entry.venue == query.venue
        and (query.api_key is None or entry.api_key == query.api_key)
        and (query.method is None or entry.method == query.method.upper())
    )


def _entry_json(entry: LedgerEntry, secrets: Iterable[str]) -> Json:
    """A known secret that a client put where it does not belong is blotted out."""
    shown: Json = {
        "seq": entry.seq,
        "at": iso_time(entry.at_s),
        "method": entry.method,
        "path": _without(entry.path, secrets),
        "query": _without(entry.query, secrets),
        "body": _without(entry.body, secrets),
        "api_key": None if entry.api_key is None else _without(entry.api_key, secrets),
        "status": entry.status,
    }
    if entry.order_id is not None:
        shown["order_id"] = entry.order_id
    return shown


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, REDACTED)
    return text
