"""Re-wraps this portal's secrets under the active key-encryption key; resumable: `python -m cp_backend.rewrap`."""

import asyncio
import sys

from cp_backend.notifications import actions as notifications
from cp_backend.settings import CpSettings, migrated_settings
from shared.db import open_database
from shared.logs import configure_logs
from shared.portal import key_encryption
from shared.vault.rewrap import rewrap_all


async def rewrap(settings: CpSettings) -> int:
    config = settings.config()
    async with open_database(config.database_url, name="cp_rewrap", max_connections=1) as database:
        keys = key_encryption(config.key_folder)
        return await rewrap_all(database, keys=keys) + await notifications.rewrap_all(database, keys=keys)


def main() -> None:
    settings = migrated_settings()
    configure_logs(service="cp", level=settings.log_level)
    done = asyncio.run(rewrap(settings))
    sys.stdout.write(f"{done} secrets re-wrapped\n")


if __name__ == "__main__":
    main()
