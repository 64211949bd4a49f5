"""Bundles with a platform's tokens: for an approved post on that platform; to be renewed by one caller at a time."""

import asyncio
from uuid import uuid4

import pytest

from shared.posts.model import Platform
from tests.portals import RunningPortal
from tests.unit.shared.vault.platform_credentials import (
    ACCESS,
    PATH,
    REFRESH,
    Publishing,
    publishing_customer,
    put_platform,
    reason,
)
from tests.unit.shared.vault.test_bundles import Connected
from tests.unit.shared.vault.test_routes import put_setup


@pytest.fixture
async def customer(cp: RunningPortal) -> Publishing:
    return await publishing_customer(cp)


async def test_read_bundle_has_the_access_token_only(customer: Publishing) -> None:
    contents = await customer.released()

    assert contents.tokens.access_token.get_secret_value() == ACCESS
    assert (contents.tokens.refresh_token, contents.renewal) == (None, None)
    assert (contents.provider, contents.tokens.posting_identity, contents.read_only) == ("x", "demo_a", True)
    assert ACCESS not in repr(contents)


async def test_execute_bundle_is_released_for_an_approved_post(customer: Publishing) -> None:
    contents = await customer.released(**customer.approval())

    assert (contents.read_only, contents.tokens.refresh_token) == (False, None)
    listed = await customer.http.get(PATH)
    assert listed.json()["items"][0]["last_used_at"] is not None


async def test_approval_of_another_kind_of_action_is_refused(customer: Publishing) -> None:
    other_platform, _ = await customer.ask(**customer.approval(platform=Platform.LINKEDIN))
    order, _ = await customer.ask(**customer.approval(is_order=True))

    assert reason(other_platform) == reason(order) == (403, "approval_action_mismatch")


async def test_approved_post_does_not_release_an_exchange_key(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    exchange = Publishing(cp, customer_id, http, (await put_setup(http))["credential_ref"])

    answer, _ = await exchange.ask(**exchange.approval())

    assert reason(answer) == (403, "approval_action_mismatch")


async def test_replaced_token_voids_approvals_that_were_given_before(customer: Publishing) -> None:
    approved = customer.approval()
    await asyncio.sleep(2.1)
    await put_platform(customer.http, credential_ref=str(customer.credential_ref))

    answer, _ = await customer.ask(**approved)

    assert reason(answer) == (403, "precondition_failed")


async def test_refresh_bundle_goes_to_one_caller_at_a_time(customer: Publishing) -> None:
    both = await asyncio.gather(customer.ask(purpose="refresh"), customer.ask(purpose="refresh"))

    (released,) = [contents for _, contents in both if contents is not None]
    (busy,) = [answer for answer, contents in both if contents is None]
    assert released.tokens.refresh_token is not None
    assert released.tokens.refresh_token.get_secret_value() == REFRESH
    assert (released.read_only, released.renewal is not None) == (True, True)
    assert reason(busy) == (503, "refresh_under_way")
    assert REFRESH not in repr(released)


async def test_new_tokens_of_the_owner_end_the_wait_for_a_refresh(customer: Publishing) -> None:
    await customer.released(purpose="refresh")

    await put_platform(customer.http, credential_ref=str(customer.credential_ref))

    assert (await customer.released(purpose="refresh")).renewal is not None


async def test_what_cannot_be_renewed_is_not_released_for_it(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    exchange = Connected(cp, customer_id, http, (await put_setup(http))["credential_ref"])
    without = await publishing_customer(cp, refresh_token=None)

    answers = [await exchange.ask(purpose="refresh"), (await without.ask(purpose="refresh"))[0]]

    assert [reason(answer) for answer in answers] == [(403, "credential_unavailable")] * 2


@pytest.mark.parametrize("purpose", ["read", "refresh"])
async def test_unknown_deleted_and_foreign_references_look_the_same(
    customer: Publishing, purpose: str
) -> None:
    foreign = (await publishing_customer(customer.cp)).credential_ref
    deleted = (await put_platform(customer.http))["credential_ref"]
    await customer.http.delete(f"{PATH}/{deleted}")

    answers = [
        (await customer.ask(credential_ref=str(ref), purpose=purpose))[0]
        for ref in (foreign, deleted, uuid4())
    ]

    bodies = [{k: v for k, v in a.json().items() if k != "correlation_id"} for a in answers]
    assert reason(answers[0]) == (403, "credential_unavailable")
    assert bodies[0] == bodies[1] == bodies[2]
