"""Password hashing (argon2id), off the event loop and few at a time: each takes 64 MB and a tenth of a second."""

import asyncio
from dataclasses import dataclass, field

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr

MAX_CONCURRENT = 4
# Of a random text that was thrown away; made here once, since making it at every start takes a third of a second.
HASH_OF_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$QdvSwZBgfxmOcgcDcDGdFw$+CqVlaJ4UoaDROo0jtoV1pdtvCFOBVWlH2jSlyEZyxY"
)


@dataclass(frozen=True, slots=True)
class Passwords:
    """`hasher` decides the cost; verifying takes the cost that a stored hash was made with."""

    hasher: PasswordHash = field(default_factory=lambda: PasswordHash((Argon2Hasher(),)))
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_CONCURRENT))

    async def hash(self, password: SecretStr) -> str:
        async with self._slots:
            return await asyncio.to_thread(self.hasher.hash, password.get_secret_value())

    async def verify(self, password: SecretStr, *, stored: str | None) -> bool:
        """Without a stored hash (nobody has that e-mail) take the same time, and say no."""
        async with self._slots:
            is_right = await asyncio.to_thread(self._matches, password, stored or HASH_OF_NOBODY)
        return is_right and stored is not None

    def _matches(self, password: SecretStr, stored: str) -> bool:
        try:
            return self.hasher.verify(password.get_secret_value(), stored)
        except UnknownHashError:
            return False
