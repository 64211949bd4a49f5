"""Re-wraps this portal's vault under the active key-encryption key; resumable: `python -m pp_backend.rewrap`."""

import asyncio
import sys

from pp_backend.settings import PpSettings, migrated_settings
from shared.db import open_database
from shared.logs import configure_logs
from shared.portal import key_encryption
from shared.vault.rewrap import rewrap_all


async def rewrap(settings: PpSettings) -> int:
    config = settings.config()
    async with open_database(config.database_url, name="pp_rewrap", max_connections=1) as database:
        return await rewrap_all(database, keys=key_encryption(config.key_folder))


def main() -> None:
    settings = migrated_settings()
    configure_logs(service="pp", level=settings.log_level)
    done = asyncio.run(rewrap(settings))
    sys.stdout.write(f"{done} credentials re-wrapped\n")


if __name__ == "__main__":
    main()
