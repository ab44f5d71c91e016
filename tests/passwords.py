"""Passwords of tests' accounts, hashed without asking how good they are."""

from geodata.accounts import passwords
from geodata.accounts.passwords import HashedPassword


def hashed(password: str) -> HashedPassword:
    """Not sealed, as of a store that an older version wrote."""
    return HashedPassword(passwords._HASHER.hash(password))
