"""Demo operators, local mode only; safe to repeat: `python -m pp_backend.seed`."""

import asyncio
import sys

from pp_backend.settings import PpSettings, migrated_settings
from shared.contracts.sign_in import AccountKind
from shared.db import open_database
from shared.demo import OPERATOR_EMAILS, PASSWORD, demo_account_id
from shared.sign_in.actions import SignIn, ensure_account
from shared.sign_in.model import Account
from shared.sign_in.passwords import Passwords
from shared.start import settings_at_start


async def seed(settings: PpSettings) -> None:
    config = settings.config()
    async with open_database(config.database_url, name="pp_seed", max_connections=1) as database:
        sign_in = SignIn(database, Passwords(), config.throttle)
        for role, email in OPERATOR_EMAILS.items():
            account = Account(demo_account_id(email), email, AccountKind.OPERATOR, (role,))
            await ensure_account(sign_in, account, password=PASSWORD)


def main() -> None:
    if not settings_at_start(PpSettings).is_local:
        sys.exit("Demo accounts are for local mode only (COUNTERSIGN_MODE=local); nothing was changed.")
    asyncio.run(seed(migrated_settings()))


if __name__ == "__main__":
    main()
