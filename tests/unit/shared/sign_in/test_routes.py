"""Signing up, in and out over HTTP: cookies, CSRF, origins, bearer tokens, throttling."""

import asyncio

import httpx
import pytest

from cli.stack.databases import Databases
from shared.contracts.sign_in import Role
from shared.sign_in.throttle import Throttle
from tests.portals import PASSWORD, RunningPortal, stored_text, unique_email


async def sign_up(cp: RunningPortal, http: httpx.AsyncClient, email: str) -> httpx.Response:
    return await http.post("/api/auth/sign-up", json={"email": email, "password": PASSWORD})


async def test_sign_up_signs_in_with_a_cookie(cp: RunningPortal) -> None:
    http, email = cp.client(), unique_email()

    answer = await sign_up(cp, http, email.upper())

    assert answer.status_code == 201
    assert answer.json()["account"]["email"] == email
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    me = await http.get("/api/auth/me")
    assert me.json() == answer.json()


async def test_sign_up_with_a_taken_email_in_other_case_is_refused(cp: RunningPortal) -> None:
    email = unique_email()
    await sign_up(cp, cp.client(), email)

    answer = await sign_up(cp, cp.client(), email.title())

    assert (answer.status_code, answer.json()["reason"]) == (409, "email_taken")


@pytest.mark.parametrize(
    "body",
    [
        {"email": "nobody", "password": PASSWORD},
        {"email": "a@example.test", "password": "too short"},
        {"email": "a@example.test", "password": PASSWORD, "roles": ["admin"]},
        {"email": "a\x00@example.test", "password": PASSWORD},
    ],
)
async def test_sign_up_with_invalid_fields_is_refused(cp: RunningPortal, body: dict[str, str]) -> None:
    answer = await cp.client().post("/api/auth/sign-up", json=body)

    assert answer.status_code == 422
    assert PASSWORD not in answer.text


async def test_platform_portal_has_no_sign_up(pp: RunningPortal) -> None:
    answer = await sign_up(pp, pp.client(), unique_email())

    assert answer.status_code == 404


async def test_wrong_password_and_unknown_email_look_the_same(cp: RunningPortal) -> None:
    email = unique_email()
    await sign_up(cp, cp.client(), email)

    wrong = await cp.client().post("/api/auth/login", json={"email": email, "password": "wrong"})
    unknown = await cp.client().post("/api/auth/login", json={"email": unique_email(), "password": "wrong"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]


async def test_bearer_token_needs_no_csrf_token(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    assert (await http.get("/api/auth/me")).status_code == 200

    answer = await http.post("/api/auth/logout")

    assert answer.status_code == 204
    assert (await http.get("/api/auth/me")).status_code == 401


@pytest.mark.parametrize("token", [None, "", "0" * 64])
async def test_cookie_without_csrf_token_cannot_change_anything(cp: RunningPortal, token: str | None) -> None:
    http = cp.client()
    await sign_up(cp, http, unique_email())

    answer = await http.post("/api/auth/logout", headers={"X-CSRF-Token": token} if token is not None else {})

    assert (answer.status_code, answer.json()["reason"]) == (403, "csrf_token_invalid")
    assert (await http.get("/api/auth/me")).status_code == 200


async def test_cookie_with_csrf_token_signs_out(cp: RunningPortal) -> None:
    http = cp.client()
    csrf_token = (await sign_up(cp, http, unique_email())).json()["csrf_token"]
    thief = cp.client()
    thief.cookies.update(http.cookies)

    answer = await http.post("/api/auth/logout", headers={"X-CSRF-Token": csrf_token})

    assert answer.status_code == 204
    assert (await thief.get("/api/auth/me")).status_code == 401


async def test_signing_out_everywhere_ends_all_sessions_of_the_account_and_no_others(
    cp: RunningPortal,
) -> None:
    here, email = cp.client(), unique_email()
    csrf_token = (await sign_up(cp, here, email)).json()["csrf_token"]
    there, (_, somebody_else) = cp.client(), await cp.customer()
    await there.post("/api/auth/login", json={"email": email, "password": PASSWORD})
    refused = await here.post("/api/auth/logout-everywhere")
    assert (await there.get("/api/auth/me")).status_code == 200

    answer = await here.post("/api/auth/logout-everywhere", headers={"X-CSRF-Token": csrf_token})

    assert (refused.status_code, answer.status_code, answer.content) == (403, 204, b"")
    assert "countersign_cp" not in here.cookies
    assert (await there.get("/api/auth/me")).status_code == 401
    assert (await somebody_else.get("/api/auth/me")).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://portal.test.evil.test"])
async def test_request_from_another_site_is_refused(cp: RunningPortal, origin: str) -> None:
    http = cp.client()
    csrf_token = (await sign_up(cp, http, unique_email())).json()["csrf_token"]

    answer = await http.post("/api/auth/logout", headers={"X-CSRF-Token": csrf_token, "Origin": origin})

    assert (answer.status_code, answer.json()["reason"]) == (403, "origin_not_allowed")


async def test_cookie_token_is_no_bearer_token(cp: RunningPortal) -> None:
    http = cp.client()
    await sign_up(cp, http, unique_email())
    token = http.cookies["countersign_cp"]

    answer = await cp.client().get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401


async def test_token_of_one_portal_is_nothing_to_the_other(cp: RunningPortal, pp: RunningPortal) -> None:
    _, customer = await cp.customer()

    answer = await pp.client().get("/api/auth/me", headers=dict(customer.headers))

    assert answer.status_code == 401


async def test_operator_sees_own_roles(pp: RunningPortal) -> None:
    _, http = await pp.operator(Role.VIEWER)

    me = await http.get("/api/auth/me")

    assert me.json()["account"]["roles"] == ["viewer"]
    assert "csrf_token" not in me.json()


async def test_eleventh_guess_in_parallel_is_throttled(cp: RunningPortal) -> None:
    email, http = unique_email(), cp.client(address="10.0.0.1")
    await sign_up(cp, cp.client(), email)

    answers = await asyncio.gather(
        *(http.post("/api/auth/login", json={"email": email, "password": "wrong"}) for _ in range(14))
    )

    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(401), statuses.count(429)) == (10, 4)
    right = await cp.client().post("/api/auth/login", json={"email": email, "password": PASSWORD})
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= Throttle().window_s


async def test_right_password_forgets_the_failures(cp: RunningPortal) -> None:
    email, http = unique_email(), cp.client(address="10.0.0.2")
    await sign_up(cp, cp.client(), email)
    for _ in range(9):
        await http.post("/api/auth/login", json={"email": email, "password": "wrong"})

    right = await http.post("/api/auth/login", json={"email": email, "password": PASSWORD})
    again = await http.post("/api/auth/login", json={"email": email, "password": "wrong"})

    assert (right.status_code, again.status_code) == (200, 401)


async def test_database_holds_neither_password_nor_token(cp: RunningPortal, databases: Databases) -> None:
    _, http = await cp.customer()
    token = http.headers["Authorization"].removeprefix("Bearer ")

    accounts = await stored_text(databases, "cp", "accounts")
    sessions = await stored_text(databases, "cp", "sessions")

    assert "argon2id" in accounts
    assert PASSWORD not in accounts
    assert sessions
    assert token not in sessions
