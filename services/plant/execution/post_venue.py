"""A platform as the venue of an execution: signs in, publishes once, finds again what was published."""

from dataclasses import dataclass
from functools import partial

from plant.credentials.platform_sign_in import sign_in_to_publish, sign_in_to_read
from plant.credentials.sessions import Vaults
from plant.execution.accounts import AnyAccount
from plant.execution.model import HeldExecution
from plant.execution.store import Change
from plant.execution.venue import Sending, Sent, Taken
from plant.permits import Permit
from plant.publishers.base import PostReceipt as Receipt
from plant.publishers.base import PreparedPost, Published, Publisher, prepare
from shared.contracts.trading import ExecutionState, PostReceipt


@dataclass(frozen=True, slots=True)
class PostVenue:
    publisher: Publisher
    vaults: Vaults

    async def prepare(
        self, held: HeldExecution, *, permit: Permit, account: AnyAccount, approval: str
    ) -> Sending:
        session = await sign_in_to_publish(
            self.vaults,
            account,
            publisher=self.publisher,
            approval=approval,
            execution_id=held.execution_id,
        )
        prepared = prepare(
            self.publisher,
            held.action.post,
            action_hash=held.action_hash,
            permit=permit,
            client_order_id=held.client_order_id,
            session=session,
        )
        return Sending(prepared.valid_until, prepared.request_hash, partial(self._send, prepared))

    async def find(self, held: HeldExecution, *, account: AnyAccount, taken: frozenset[str]) -> Change | None:
        session = await sign_in_to_read(self.vaults, account, publisher=self.publisher)
        receipt = await self.publisher.find_post(
            held.action.post,
            client_order_id=held.client_order_id,
            since=held.created_at,
            session=session,
            taken=taken,
        )
        return None if receipt is None else _published(receipt, how="found at the platform")

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
