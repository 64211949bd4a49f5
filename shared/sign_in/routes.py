"""HTTP of sign-in, mounted by both portals under /api/auth; signing up is the customer portal's."""

from fastapi import APIRouter, Request, Response

from shared.contracts.sign_in import (
    AccountKind,
    AccountView,
    LoginRequest,
    SignedInAnswer,
    SignUpRequest,
    TokenAnswer,
)
from shared.portal import Portal
from shared.sign_in.actions import Credentials, log_in, log_out, log_out_everywhere, sign_up
from shared.sign_in.model import SESSION_LIFETIME_S, Account, IssuedSession, SessionKind
from shared.web.portal import Person, ThePortal, check_origin, cookie_name

router = APIRouter(prefix="/api/auth", tags=["sign-in"])
sign_up_router = APIRouter(prefix="/api/auth", tags=["sign-in"])


@router.post("/login", response_model_exclude_none=True)
async def login(
    body: LoginRequest, request: Request, response: Response, portal: ThePortal
) -> SignedInAnswer:
    check_origin(request, portal)
    session = await log_in(portal.sign_in, _credentials(body, request), kind=SessionKind.COOKIE)
    return _start_cookie(response, portal, session)


@router.post("/token")
async def token(body: LoginRequest, request: Request, portal: ThePortal) -> TokenAnswer:
    session = await log_in(portal.sign_in, _credentials(body, request), kind=SessionKind.BEARER)
    return TokenAnswer(access_token=session.token, expires_in=SESSION_LIFETIME_S)


@router.get("/me", response_model_exclude_none=True)
async def me(person: Person) -> SignedInAnswer:
    return SignedInAnswer(csrf_token=person.csrf_token, account=_view(person.account))


@router.post("/logout", status_code=204)
async def logout(person: Person, response: Response, portal: ThePortal) -> None:
    await log_out(portal.sign_in, person)
    _drop_cookie(response, portal)


@router.post("/logout-everywhere", status_code=204)
async def logout_everywhere(person: Person, response: Response, portal: ThePortal) -> None:
    """End every session of the account, this one too."""
    await log_out_everywhere(portal.sign_in, person)
    _drop_cookie(response, portal)


@sign_up_router.post("/sign-up", status_code=201, response_model_exclude_none=True)
async def sign_up_customer(
    body: SignUpRequest, request: Request, response: Response, portal: ThePortal
) -> SignedInAnswer:
    check_origin(request, portal)
    return _start_cookie(response, portal, await sign_up(portal.sign_in, _credentials(body, request)))


def _credentials(body: LoginRequest | SignUpRequest, request: Request) -> Credentials:
    address = request.client.host if request.client else "unknown"
    return Credentials(body.email, body.password, address)


def _start_cookie(response: Response, portal: Portal, session: IssuedSession) -> SignedInAnswer:
    response.set_cookie(
        cookie_name(portal),
        session.token,
        max_age=SESSION_LIFETIME_S,
        path="/",
        secure=not portal.config.is_local,
        httponly=True,
        samesite="lax",
    )
    return SignedInAnswer(csrf_token=session.csrf_token, account=_view(session.account))


def _drop_cookie(response: Response, portal: Portal) -> None:
    response.delete_cookie(
        cookie_name(portal), path="/", secure=not portal.config.is_local, httponly=True, samesite="lax"
    )


def _view(account: Account) -> AccountView:
    roles = account.roles if account.kind is AccountKind.OPERATOR else None
    return AccountView(id=account.account_id, email=account.email, kind=account.kind, roles=roles)
