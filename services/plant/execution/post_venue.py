"""A platform as the venue of an execution: signs in, publishes once, finds again what was published."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

from plant.brokers.base import BrokerRefusedError
from plant.credentials.platforms import platform_credentials
from plant.credentials.renewal import renew
from plant.credentials.sessions import Credential, Vaults, execute_session, read_session
from plant.execution.accounts import AnyAccount
from plant.execution.model import HeldExecution
from plant.execution.store import Change
from plant.execution.venue import Sending, Sent, Taken
from plant.permits import Permit
from plant.publishers.base import PostReceipt as Receipt
from plant.publishers.base import PreparedPost, Published, Publisher, Session
from shared.contracts.trading import ExecutionState, PostReceipt

_Credential = Callable[[], AbstractAsyncContextManager[Credential]]


@dataclass(frozen=True, slots=True)
class PostVenue:
    publisher: Publisher
    vaults: Vaults

    async def prepare(
        self, held: HeldExecution, *, permit: Permit, account: AnyAccount, approval: str
    ) -> Sending:
        session = await self._signed_in(
            account,
            lambda: execute_session(self.vaults, account, approval=approval, execution_id=held.execution_id),
        )
        prepared = self.publisher.prepare(
            held.action.post,
            action_hash=held.action_hash,
            permit=permit,
            client_order_id=held.client_order_id,
            session=session,
        )
        return Sending(prepared.valid_until, prepared.request_hash, partial(self._send, prepared))

    async def find(self, held: HeldExecution, *, account: AnyAccount, taken: frozenset[str]) -> Change | None:
        session = await self._signed_in(account, lambda: read_session(self.vaults, account))
        receipt = await self.publisher.find_post(
            held.action.post,
            client_order_id=held.client_order_id,
            since=held.created_at,
            session=session,
            taken=taken,
        )
        return None if receipt is None else _published(receipt, how="found at the platform")

    async def _signed_in(self, account: AnyAccount, credential: _Credential) -> Session:
        """Sign in with the stored token; one that has run out is renewed first."""
        try:
            return await self._sign_in(credential)
        except BrokerRefusedError as error:
            if error.code != "CREDENTIAL_REFUSED":
                raise
            if not await renew(self.vaults, account, publisher=self.publisher):
                raise
        return await self._sign_in(credential)

    async def _sign_in(self, credential: _Credential) -> Session:
        async with credential() as contents:
            return await self.publisher.sign_in(platform_credentials(contents))

    async def _send(self, prepared: PreparedPost) -> Sent:
        outcome = await self.publisher.send(prepared)
        return (
            Taken(_published(outcome.receipt, how="published")) if isinstance(outcome, Published) else outcome
        )


def _published(receipt: Receipt, *, how: str) -> Change:
    where = f" ({receipt.url})" if receipt.url else ""
    return Change(
        ExecutionState.PUBLISHED,
        f"{how} as post {receipt.post_id}{where}",
        broker_order_ids=(receipt.post_id,),
        negative_reads=0,
        receipt=PostReceipt(
            platform=receipt.platform, post_id=receipt.post_id, url=receipt.url, at=receipt.at
        ),
    )
