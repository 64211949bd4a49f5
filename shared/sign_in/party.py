"""In whose matter a signed-in person acts: a customer in their own, an operator in one's or in everybody's."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.sign_in import AccountKind
from shared.db import Database, Session
from shared.identity import ActorType
from shared.ids import CustomerId
from shared.plant_client import Caller
from shared.sign_in.model import SignedIn


@dataclass(frozen=True, slots=True)
class Party:
    """`customer_id` is None only for an operator who looks at all customers."""

    person: SignedIn
    customer_id: CustomerId | None

    @property
    def account_id(self) -> UUID:
        return self.person.account.account_id

    @property
    def is_operator(self) -> bool:
        return self.person.account.kind is AccountKind.OPERATOR

    @property
    def name(self) -> str:
        return f"{self.person.account.kind}:{self.account_id}"

    def session(self, database: Database) -> AbstractAsyncContextManager[Session]:
        """Open a transaction that sees what this party may see."""
        if self.is_operator:
            return database.oversight(actor=self.name)
        return database.tenant(self.person.account.customer_id)

    def caller(self, *, customer_id: CustomerId | None) -> Caller:
        """How Plant is told who calls; a customer is always bound to their own data."""
        account = self.person.account
        if self.is_operator:
            return Caller(ActorType.OPERATOR, str(account.account_id), customer_id, account.roles)
        return Caller(ActorType.CUSTOMER, str(account.account_id), account.customer_id)


def customer_party(person: SignedIn) -> Party:
    return Party(person, person.account.customer_id)


def operator_party(person: SignedIn, *, customer_id: UUID | None = None) -> Party:
    return Party(person, None if customer_id is None else CustomerId(customer_id))
