"""Reports in the store."""

import secrets

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels: no words; no 0, 1, I, L or O: no misreading


def new_reference() -> str:
    """Ten characters that cannot be guessed (48 bits) and can be read over the telephone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))
