"""What operators asked for, one row each, written before it is done (the platform portal only).

Left out are looks that a page repeats by itself, see `RequireOperator`.
"""

from shared.db import Database
from shared.sign_in import store
from shared.sign_in.model import Account

_MAX_CHARACTERS = 2_000


async def record_operator_action(
    database: Database, account: Account, *, method: str, path: str, query: str
) -> None:
    async with database.oversight(actor=f"operator:{account.account_id}") as session:
        await store.insert_operator_action(
            session, account, method=method, path=path[:_MAX_CHARACTERS], query=query[:_MAX_CHARACTERS]
        )
