"""What every publisher offers, and how each call can end.

A post ends as Published, Refused, NotSent or Unknown, as an order does (see plant/brokers/base.py): NotSent
may be repeated, Unknown is never resent but looked up. Where a platform lets nobody look, it stays Unknown.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import SecretStr

from plant.brokers.base import NotSent, ReadOnlyCredentialError, Refused, Unknown
from plant.permits import Permit
from shared.clock import utc_now
from shared.ids import ActionHash
from shared.posts.check import check_params
from shared.posts.model import Platform, PostParams

SEND_WITHIN = timedelta(seconds=30)
"""A prepared post that is older is not sent: its approval may have been revoked since."""


class UnpublishableError(Exception):
    """The platform would not take the post, or not under this name. `detail` is safe to show."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class PlatformCredentials:
    """Shape: `access_token` is the app password on Bluesky, whose `posting_identity` is the handle."""

    platform: Platform
    access_token: SecretStr
    refresh_token: SecretStr | None = None
    posting_identity: str | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """Who the platform says we are: its id of the account, and the name that people know it by."""

    platform: Platform
    account_id: str
    identity: str
    token: SecretStr
    read_only: bool


@dataclass(frozen=True, slots=True)
class PostReceipt:
    """`url` is None where a platform tells none."""

    platform: Platform
    post_id: str
    url: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    receipt: PostReceipt


PublishOutcome = Published | Refused | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class PostRequest:
    """What is posted to the platform, and where."""

    path: str
    body: bytes
    headers: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PreparedPost:
    """A request ready to be sent once, before `valid_until`. `identity` is whose post it will be."""

    permit: Permit
    action_hash: ActionHash
    request_hash: str
    valid_until: datetime
    identity: str
    path: str
    body: bytes
    headers: dict[str, str] = field(repr=False)


class Publisher(Protocol):
    """Credentials are passed in per call and never kept."""

    @property
    def platform(self) -> Platform: ...

    async def sign_in(self, credentials: PlatformCredentials) -> Session:
        """One read: who the credentials stand for. This is also the test of a connection.

        Raises: BrokerError.
        """
        ...

    async def refresh(self, credentials: PlatformCredentials) -> PlatformCredentials | None:
        """Exchange the refresh token for new tokens; the old ones are used up. None: nothing to refresh here.

        Raises: BrokerError.
        """
        ...

    def request_for(self, params: PostParams, *, client_order_id: str, session: Session) -> PostRequest:
        """Say the post in the platform's words; `prepare` has checked that it may be said at all."""
        ...

    async def send(self, prepared: PreparedPost) -> PublishOutcome: ...

    async def find_post(
        self,
        params: PostParams,
        *,
        client_order_id: str,
        since: datetime,
        session: Session,
        taken: frozenset[str] = frozenset(),
    ) -> PostReceipt | None:
        """Return None only when the platform is healthy, shows everything since then, and the post is not there.

        Shape: `taken` holds ids of posts that are known to be those of other executions, of the same text perhaps.

        Raises: BrokerError.
        """
        ...


def prepare(
    publisher: Publisher,
    params: PostParams,
    *,
    action_hash: ActionHash,
    permit: Permit,
    client_order_id: str,
    session: Session,
) -> PreparedPost:
    """The only way to a request that can be sent, whatever the platform.

    Raises: PermitMismatchError, ReadOnlyCredentialError, UnpublishableError.
    """
    permit.check_covers(action_hash)
    _check_may_publish(params, platform=publisher.platform, session=session)
    request = publisher.request_for(params, client_order_id=client_order_id, session=session)
    return PreparedPost(
        permit=permit,
        action_hash=action_hash,
        request_hash=hashlib.sha256(request.body).hexdigest(),
        valid_until=utc_now() + SEND_WITHIN,
        identity=session.identity,
        path=request.path,
        body=request.body,
        headers=request.headers,
    )


def _check_may_publish(params: PostParams, *, platform: Platform, session: Session) -> None:
    """Raises: ReadOnlyCredentialError, UnpublishableError."""
    if session.read_only:
        raise ReadOnlyCredentialError("the credential was released for reading only")
    if not platform == params.platform == session.platform:
        raise UnpublishableError(f"a post for {params.platform} cannot be published on {platform}")
    if params.posting_identity not in (None, session.identity, session.account_id):
        raise UnpublishableError("the credential stands for another name than the post was approved for")
    problems = check_params(params).problems
    if problems:
        raise UnpublishableError("; ".join(problem.detail for problem in problems))
