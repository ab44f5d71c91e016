"""Passwords: what may be one, and its argon2 hash. Slow on purpose: never inside a transaction."""

import re
import secrets
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geodata.accounts.sealed_passwords import seal, unseal
from geodata.core.errors import RefusedError

MIN_LENGTH = 12
MAX_LENGTH = 128
"""Longer ones are refused before they are hashed: the work is bounded."""
FEWEST_GUESSES = 10**8
"""zxcvbn's score 3, "safely unguessable" (Wheeler 2016, USENIX Security, 157-173)."""
LEAST_BESIDE_NAME = 8
ESTIMATED_LENGTH = 64
"""zxcvbn's time grows faster than the text: what is beyond does not make it weaker."""
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_hex(16))


@dataclass(frozen=True)
class HashedPassword:
    """A password that was found good, as the store keeps it: argon2, sealed by the key."""

    stored: str = field(repr=False)


def hashed(password: str, *, name: str, site_key: str) -> HashedPassword:
    """Check a new password of an account of this name, hash it, and seal it by the site's key.

    Length and guesses only, no rule of kinds of characters (NCSC; OWASP ASVS 5, 6.2).

    Raises
    ------
    RefusedError
        It is too short, too long, one of the most common, easily guessed, or the name.
    """
    if len(password) < MIN_LENGTH:
        raise RefusedError(f"the password has {len(password)} characters: use {MIN_LENGTH} or more")
    if len(password) > MAX_LENGTH:
        raise RefusedError(
            f"the password has {len(password)} characters: use {MAX_LENGTH} or fewer"
        )
    _refuse_guessable(password.casefold(), name.casefold())
    return HashedPassword(seal(_HASHER.hash(password), site_key))


def is_right(stored: str, password: str, *, site_key: str) -> bool:
    """Whether a password is the one that was hashed.

    An empty hash and one that another key sealed, which no password matches, take as long as any.
    """
    password_hash = unseal(stored, site_key)
    try:
        # Too long a text costs what any other costs, and is never right.
        is_match = _HASHER.verify(password_hash or _NOBODY, password[: MAX_LENGTH + 1])
    except (VerificationError, InvalidHashError):
        return False
    return is_match and bool(password_hash)


def _refuse_guessable(password: str, name: str) -> None:
    # Lists of 30,000 passwords and of names: half a second to read, so only where one is chosen.
    from zxcvbn import zxcvbn
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    if password in FREQUENCY_LISTS["passwords"]:
        raise RefusedError("the password is one of the most common ones: choose three random words")
    beside = re.sub(r"[\W_]", "", password.replace(name, "") if len(name) > 2 else password)
    if len(beside) < LEAST_BESIDE_NAME:
        raise RefusedError("the password is little more than the user name: choose another")
    if zxcvbn(password[:ESTIMATED_LENGTH], user_inputs=[name])["guesses"] < FEWEST_GUESSES:
        raise RefusedError(
            "the password is easy to guess (a common word, a row of keys, a repetition or a date): "
            "choose three random words"
        )
