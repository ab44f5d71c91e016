"""Random keys that people carry in cookies and links; the store keeps their hashes alone."""

import hashlib
import secrets


def new_token() -> str:
    """43 characters of 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the store keeps. Random keys need no slow hash: there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()
