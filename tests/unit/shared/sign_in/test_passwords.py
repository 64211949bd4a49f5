"""Passwords: right, wrong, and of nobody, which must take as long as any other."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr

from shared.sign_in.passwords import HASH_OF_NOBODY, Passwords

RIGHT, WRONG = SecretStr("a long enough password"), SecretStr("another long password")


async def test_right_password_is_told_from_a_wrong_one() -> None:
    passwords = Passwords()

    stored = await passwords.hash(RIGHT)

    assert await passwords.verify(RIGHT, stored=stored)
    assert not await passwords.verify(WRONG, stored=stored)


async def test_nobody_has_a_password() -> None:
    assert not await Passwords().verify(RIGHT, stored=None)


def test_nobodys_hash_costs_what_a_new_one_costs() -> None:
    fresh = PasswordHash((Argon2Hasher(),)).hash("any")

    assert HASH_OF_NOBODY.split("$")[1:4] == fresh.split("$")[1:4]
