"""Re-wrapping after a key rotation: everything ends under the new key, also when it stopped half-way."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from cli.stack.databases import Databases
from shared.db import Database, open_database
from shared.portal import KEK_FILE, key_encryption
from shared.vault.envelope import EnvelopeError, FileKeyEncryption, WrappedKey, add_key_version
from shared.vault.rewrap import rewrap_all
from tests.portals import RunningPortal
from tests.unit.shared.vault.test_bundles import Connected
from tests.unit.shared.vault.test_routes import put_setup


class KeysThatFail(FileKeyEncryption):
    """Fails on the n-th key, as a key service may."""

    wraps_left = 2

    async def wrap(self, data_key: bytes, *, context: bytes) -> WrappedKey:
        self.wraps_left -= 1
        if self.wraps_left < 0:
            raise EnvelopeError("the key service is gone")
        return await super().wrap(data_key, context=context)


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.urls.runtime["cp"], name="rewrap") as opened:
        yield opened


async def versions(database: Database) -> list[str]:
    async with database.oversight(actor="service:test") as session:
        rows = await session.connection.fetch(
            "SELECT DISTINCT key_version FROM credentials WHERE key_version IS NOT NULL"
        )
    return [row[0] for row in rows]


async def test_stopped_rewrap_goes_on_where_it_stopped(cp: RunningPortal, database: Database) -> None:
    customer_id, http = await cp.customer()
    refs = [(await put_setup(http))["credential_ref"] for _ in range(4)]
    path = cp.keys / "cp" / KEK_FILE
    version = add_key_version(path)
    assert await versions(database) != [version]

    with pytest.raises(EnvelopeError):
        await rewrap_all(database, keys=KeysThatFail(path), batch=3)
    await rewrap_all(database, keys=key_encryption(path.parent), batch=3)

    assert await versions(database) == [version]
    assert await rewrap_all(database, keys=key_encryption(path.parent)) == 0
    answer = await Connected(cp, customer_id, http, refs[0]).ask()
    assert answer.status_code == 200


async def test_missing_old_key_changes_nothing(cp: RunningPortal, database: Database, tmp_path: Path) -> None:
    _, http = await cp.customer()
    await put_setup(http)
    before = await versions(database)
    path = Path(shutil.copy(cp.keys / "cp" / KEK_FILE, tmp_path))
    add_key_version(path)
    document = path.read_text()
    path.write_text(document.replace('"1":', '"99":').replace(f'"{before[0]}":', '"98":'))

    with pytest.raises(EnvelopeError):
        await rewrap_all(database, keys=FileKeyEncryption(path))

    assert await versions(database) == before


async def test_record_copied_over_another_is_not_released(cp: RunningPortal, database: Database) -> None:
    customer_id, http = await cp.customer()
    _, stranger = await cp.customer()
    own = (await put_setup(http))["credential_ref"]
    foreign = (await put_setup(stranger))["credential_ref"]
    async with database.oversight(actor="service:test") as session:
        await session.connection.execute(
            """
            UPDATE credentials SET ciphertext = f.ciphertext, wrapped_key = f.wrapped_key
            FROM credentials f WHERE credentials.credential_ref = $1 AND f.credential_ref = $2
            """,
            own,
            foreign,
        )

    answer = await Connected(cp, customer_id, http, own).ask()

    assert (answer.status_code, answer.json()["reason"]) == (403, "credential_unavailable")
    await http.delete(f"/api/cp/exchange-setup/{own}")
